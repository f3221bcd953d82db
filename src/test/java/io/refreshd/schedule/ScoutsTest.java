package io.refreshd.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.LeaseTerms;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.TokenRedeemer;
import io.refreshd.rotation.Trigger;
import io.refreshd.testing.ClientServer;
import io.refreshd.testing.Grants;
import io.refreshd.testing.InMemoryTokenStore;
import io.refreshd.testing.MutableClock;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A whole fleet falls due at once, sixteen may be in flight, and its secret may have expired. */
class ScoutsTest {

  private static final Instant FAR_AHEAD = Instant.parse("2126-01-01T00:00:00Z");
  private static final int IN_FLIGHT = 16;

  private final MutableClock clock = new MutableClock(FAR_AHEAD);
  private final InMemoryTokenStore store = new InMemoryTokenStore(clock);
  private final ClientServer server = new ClientServer(clock, "client-secret");
  private final RotationPolicy policy = new RotationPolicy(new QuartzCron());
  private final Rotator rotator = new Rotator(store, server, policy, (entry, kept) -> {}, clock);
  private final List<Grant> fleet = Grants.fleet(12);
  private final RotationScheduler scheduler =
      new RotationScheduler(fleet, store, rotator, policy, null, IN_FLIGHT, IN_FLIGHT, clock);

  @BeforeEach
  void allAreOverdue() {
    for (Grant grant : fleet) {
      RefreshToken token = RefreshToken.of("first-of-" + grant.name());
      Instant issuedAt = clock.instant().minus(Duration.ofDays(30));
      var unused = rotator.bringIn(grant, new Import(token, issuedAt, null, false, false));
    }
  }

  @AfterEach
  void stop() {
    scheduler.close();
  }

  @Test
  void behindAnExpiredSecretOneGrantAsksForAllOfThem() throws InterruptedException {
    server.expire("client-secret");

    scheduler.start();
    scheduler.awaitIdle();
    assertThat(server.asked()).hasSize(1);

    for (int minute = 0; minute < 60; minute++) {
      clock.advance(Duration.ofMinutes(1));
      scheduler.watch();
      scheduler.fire(0);
      scheduler.awaitIdle();
    }
    assertThat(server.asked()).hasSize(2);
  }

  @Test
  void whenTheSecretIsGoodAllFollowTheFirst() throws InterruptedException {
    scheduler.start();
    scheduler.awaitIdle();

    assertThat(server.asked()).hasSize(fleet.size());
    assertThat(store.records(null, 100)).allMatch(record -> record.generation() == 2);
  }

  @Test
  void aGoodAnswerByOneSecretOfAClientDoesNotSendAllGrantsOfAnotherSecretOfIt() {
    Scouts scouts = new Scouts(clock);
    Grant good = fleet.get(0);
    List<Scouts.Due> others =
        Stream.of("other/1", "other/2", "other/3")
            .map(name -> Grants.named(name).secrets("refused").build())
            .map(grant -> new RotationQueue.Waiting(grant, Trigger.SCHEDULE, Instant.EPOCH))
            .map(waiting -> new Scouts.Due(waiting, null))
            .toList();
    var unused = scouts.back(good, rotator.rotate(good, Trigger.MANUAL));

    assertThat(scouts.among(others)).hasSize(1);
  }

  @Test
  void aGoodAnswerOfWhenTheClockWasAYearAheadDoesNotSpeakForTheSecretForThatYear()
      throws InterruptedException {
    clock.advance(Duration.ofDays(365));
    scheduler.start();
    scheduler.awaitIdle();
    assertThat(server.asked()).hasSize(fleet.size());
    clock.advance(Duration.ofDays(-365));
    allAreOverdue();
    server.expire("client-secret");

    scheduler.watch();
    scheduler.awaitIdle();

    assertThat(server.asked()).as("one asks for all").hasSize(fleet.size() + 1);
  }

  @Test
  void whenTheSecretWorksAgainTheProbeBringsAllOthersWithIt() throws InterruptedException {
    server.expire("client-secret");
    scheduler.start();
    scheduler.awaitIdle();
    server.accept("client-secret");

    clock.advance(Duration.ofMinutes(1));
    scheduler.watch();
    scheduler.awaitIdle();

    assertThat(store.records(null, 100)).allMatch(record -> record.generation() == 2);
    assertThat(server.asked()).hasSize(fleet.size() + 1);
  }

  @Test
  void aScoutWhoseGrantIsBusyElsewhereKeepsNobodyWaiting() throws InterruptedException {
    var unused =
        store.lease(
            new LeaseTerms(
                fleet.get(0).name(),
                clock.instant(),
                clock.instant().plus(Duration.ofHours(1)),
                false));
    scheduler.start();
    scheduler.awaitIdle();

    assertThat(store.records(null, 100)).filteredOn(record -> record.generation() == 2).hasSize(23);
  }

  @Test
  void aPersonsRotationIsNotHeldBack() {
    server.expire("client-secret");
    var first = rotator.rotate(fleet.get(0), Trigger.MANUAL);
    var second = rotator.rotate(fleet.get(1), Trigger.MANUAL);
    assertThat(List.of(first, second)).hasSize(2);
    assertThat(server.asked()).hasSize(2);
  }

  /** One redemption at once, which does not end before it may. */
  private static final class SlowServer implements TokenRedeemer {
    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch mayAnswer = new CountDownLatch(1);
    final TokenRedeemer server;

    SlowServer(TokenRedeemer server) {
      this.server = server;
    }

    @Override
    public Redemption redeem(Grant grant, RefreshToken token) {
      asked.countDown();
      try {
        mayAnswer.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return server.redeem(grant, token);
    }
  }

  @Test
  @Timeout(30)
  void aScoutThatIsTakenBackBeforeItStartedKeepsNobodyWaiting() throws InterruptedException {
    URI elsewhere = URI.create("https://login.example.org");
    Grant other =
        Grants.named("a-market/of-another-client")
            .endpoint(new TokenEndpoint.V2(elsewhere, "tenant", List.of("scope")))
            .build();
    Instant longAgo = clock.instant().minus(Duration.ofDays(80));
    RefreshToken token = RefreshToken.of("first-of-another");
    var unused = rotator.bringIn(other, new Import(token, longAgo, null, false, false));
    List<Grant> all = new ArrayList<>(fleet);
    all.add(other);
    SlowServer slow = new SlowServer(server);
    Rotator slowly = new Rotator(store, slow, policy, (entry, kept) -> {}, clock);
    try (RotationScheduler busy =
        new RotationScheduler(all, store, slowly, policy, null, 1, 1, clock)) {
      CompletableFuture<Void> turn = CompletableFuture.runAsync(() -> busy.fire(0));
      slow.asked.await();
      busy.standBack(true);
      turn.join();
      slow.mayAnswer.countDown();
      busy.awaitIdle();
      // its scout is rotated by somebody else, and not due here for a week
      fleet.stream()
          .min(Comparator.comparing(Grant::name))
          .ifPresent(scout -> assertThat(rotator.rotate(scout, Trigger.MANUAL)).isNotNull());

      busy.standBack(false);
      busy.fire(0);
      busy.awaitIdle();

      assertThat(store.records(null, 100)).allMatch(record -> record.generation() == 2);
    }
  }
}
