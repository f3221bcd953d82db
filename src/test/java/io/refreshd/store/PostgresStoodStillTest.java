package io.refreshd.store;

import static io.refreshd.store.Samples.FRANCE;
import static io.refreshd.store.Samples.LIVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.LeaseTerms;
import io.refreshd.rotation.Leased;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.TokenStore;
import io.refreshd.rotation.Trigger;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.PostgresServer;
import io.refreshd.testing.SingleUseServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A daemon on a shared database that stands still at a bad moment: a pause of the JVM, in which its
 * clocks go on, or a suspended machine, whose monotonic clock does not.
 */
class PostgresStoodStillTest {

  private static final Duration PAUSE = Duration.ofSeconds(61);

  @TempDir Path folder;
  @TempDir Path other;
  private String url = "";

  /** By itself, as an operator has it. */
  @BeforeEach
  void aDatabaseOfItsOwn() {
    url = PostgresServer.newSchema();
  }

  private OpenStore open(String owner, Path files, MutableClock clock) {
    return TokenStores.openToWrite(
        PostgresFixture.at(url, files), owner, 1, clock, Samples.nanosOf(clock), Disk.REAL);
  }

  /** Another machine has the same key. */
  private OpenStore openElsewhere(MutableClock clock) throws Exception {
    Files.copy(folder.resolve("refreshd.key"), other.resolve("refreshd.key"));
    return open("run@there/1", other, clock);
  }

  @Test
  void aDaemonThatStoodStillBetweenLeaseAndRequestPresentsNoSpentToken() throws Exception {
    MutableClock clock = Samples.turnedByHand();
    SingleUseServer server = new SingleUseServer(clock);
    Grant grant = Grants.named("idp/main").singleUse().build();
    try (OpenStore here = open("run@here/1", folder, clock);
        OpenStore there = openElsewhere(clock)) {
      Rotator elsewhere = rotator(there, server, clock);
      elsewhere.bringIn(grant, new Import(server.issue(), null, null, false, false));
      Rotator still =
          rotator(
              afterEachLease(
                  here,
                  () -> {
                    clock.advance(PAUSE);
                    PostgresServer.execute(
                        url, "UPDATE leases SET until = until - " + PAUSE.toNanos() / 1_000);
                    assertThat(elsewhere.rotate(grant, Trigger.WATCHMAN))
                        .as("it may have been presented")
                        .isInstanceOf(Outcome.Failed.class);
                    assertThat(elsewhere.rotate(grant, Trigger.MANUAL))
                        .isInstanceOf(Outcome.Rotated.class);
                  }),
              server,
              clock);

      assertThat(still.rotate(grant, Trigger.SCHEDULE)).isInstanceOf(Outcome.Busy.class);

      assertThat(server.mostPresentations()).isEqualTo(1);
      assertThat(elsewhere.rotate(grant, Trigger.MANUAL))
          .as("the family lives")
          .isInstanceOf(Outcome.Rotated.class);
    }
  }

  /** Its monotonic clock stood still, by which it goes on from what the database said last. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLeaseTakenRightAfterASuspensionKeepsOthersOff(boolean isAnotherOver) throws Exception {
    MutableClock clock = Samples.turnedByHand();
    MutableClock monotonic = Samples.turnedByHand();
    Samples samples = new Samples(clock);
    try (OpenStore suspended =
            TokenStores.openToWrite(
                PostgresFixture.at(url, folder),
                "run@here/1",
                1,
                clock,
                Samples.nanosOf(monotonic),
                Disk.REAL);
        OpenStore other = openElsewhere(clock)) {
      samples.bringIn(suspended, LIVE);
      if (isAnotherOver) {
        samples.lease(other, LIVE);
        PostgresServer.execute(url, "UPDATE leases SET until = 1");
      }
      monotonic.advance(Duration.ofMinutes(-5)); // as if the database had gone on meanwhile

      assertThat(suspended.lease(samples.terms(LIVE))).isPresent();

      assertThat(other.lease(samples.terms(LIVE))).isEmpty();
    }
  }

  /** Two are asked for, the pause between them, and the store takes both at once. */
  @Test
  void aTokenWhoseLeaseWasAskedForBeforeAPauseIsNotTakenForPresented() throws Exception {
    MutableClock clock = Samples.turnedByHand();
    Samples samples = new Samples(clock);
    try (OpenStore setUp = open("run@here/1", folder, clock)) {
      samples.bringIn(setUp, LIVE);
      samples.bringIn(setUp, FRANCE);
    }
    PostgresLocation location = PostgresFixture.at(url, folder);
    Database database = Database.at(location, StoreMode.WRITE, Disk.REAL, Samples.nanosOf(clock));
    StoreReader reader =
        new StoreReader(database, new KeyFile(location.keyFile(), Disk.REAL), clock);
    GroupCommit writer =
        GroupCommit.start(database, database.session("run@here/1"), System::nanoTime);
    JdbcLeases leases = new JdbcLeases(reader, writer, writer, "run@here/1");
    reader.circuits(); // asks what time it is
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Supplier<Boolean> before = writer.ask(true, transaction -> waiting(begun, end));
    begun.await();
    LeaseTerms early = samples.markingTerms(LIVE);
    Supplier<Optional<Leased>> live = leases.askFree(early, Leases.of(early, 0));
    clock.advance(PAUSE);
    LeaseTerms late = samples.markingTerms(FRANCE);
    Supplier<Optional<Leased>> france = leases.askFree(late, Leases.of(late, 0));
    end.countDown();

    assertThat(before.get()).isTrue();
    assertThat(List.of(live.get().orElseThrow(), france.get().orElseThrow()))
        .map(leased -> Objects.requireNonNull(leased.stored()).record().unanswered())
        .containsExactly(false, false);
    writer.close();
    reader.close();
  }

  private static GroupCommit.Answer<Boolean> waiting(CountDownLatch begun, CountDownLatch end) {
    begun.countDown();
    try {
      boolean ended = end.await(1, TimeUnit.MINUTES);
      return () -> ended;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Rotator rotator(TokenStore store, SingleUseServer server, Clock clock) {
    RotationPolicy policy = new RotationPolicy((expression, after) -> after.plusSeconds(9));
    return new Rotator(store, server, policy, (entry, kept) -> {}, clock);
  }

  private static TokenStore afterEachLease(TokenStore store, Runnable then) {
    return (TokenStore)
        Proxy.newProxyInstance(
            TokenStore.class.getClassLoader(),
            new Class<?>[] {TokenStore.class},
            (proxy, method, arguments) -> {
              try {
                Object answer = method.invoke(store, arguments);
                if (method.getName().equals("lease")) {
                  then.run();
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
