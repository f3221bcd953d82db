package io.refreshd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Import;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
