package io.refreshd.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.LeaseTerms;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.Trigger;
import io.refreshd.testing.ClientServer;
import io.refreshd.testing.Grants;
import io.refreshd.testing.InMemoryTokenStore;
import io.refreshd.testing.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
    assertThat(store.records()).allMatch(record -> record.generation() == 2);
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

    assertThat(store.records()).allMatch(record -> record.generation() == 2);
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

    assertThat(store.records()).filteredOn(record -> record.generation() == 2).hasSize(23);
  }

  @Test
  void aPersonsRotationIsNotHeldBack() {
    server.expire("client-secret");
    var first = rotator.rotate(fleet.get(0), Trigger.MANUAL);
    var second = rotator.rotate(fleet.get(1), Trigger.MANUAL);
    assertThat(List.of(first, second)).hasSize(2);
    assertThat(server.asked()).hasSize(2);
  }
}
