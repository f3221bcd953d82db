package io.refreshd.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.State;
import io.refreshd.sandbox.Chain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one SQLite store: at once, standing still, dead, and with other clocks. */
@Timeout(600)
class TwoOfEverythingIT {

  private static final String DUE_LATE = "rotate-every: 7d, lifetime: 90d";
  private static final String DUE_SOON = "rotate-every: 2s, lifetime: 10m";
  private static final int COMMANDS = 8;

  @TempDir private Path folder;

  private static int generation(GrantStatus status) {
    return Objects.requireNonNull(status.record()).generation();
  }

  private static void assertAllAreAt(GatedWorld world, int many, int once) throws Exception {
    assertThat(world.status()).extracting(GrantStatus::state).containsOnly(State.HEALTHY);
    assertThat(world.status())
        .extracting(TwoOfEverythingIT::generation)
        .containsExactly(many, once);
    assertThat(world.verifyLog().isProven()).isTrue();
  }

  @Test
  void aDaemonAndEightCommandsNeverRedeemAGrantTwiceAtOnceAndLoseNoGeneration() throws Exception {
    try (GatedWorld world = new GatedWorld(folder, 4, DUE_SOON)) {
      world.bringInAll(true);
      try (RefreshdProcess daemon = world.start("run").awaitOutput("ready:")) {
        List<RefreshdProcess> commands =
            IntStream.range(0, COMMANDS).mapToObj(number -> world.start("rotate")).toList();
        for (RefreshdProcess command : commands) {
          RefreshdProcess.Result result = command.await();
          assertThat(result.exit()).as(result.out() + result.err()).isZero();
        }
        RefreshdProcess.Result second = world.run("", "run");
        assertThat(second.exit()).isEqualTo(1);
        assertThat(second.err()).contains("another `refreshd run` is at work on the store");
        daemon.terminate();
        assertThat(daemon.await().exit()).isEqualTo(143);
      }
      assertThat(world.chains())
          .allMatch(chain -> chain.mostConcurrent() == 1)
          .allMatch(chain -> chain.redemptions() >= 1 + COMMANDS)
          .allMatch(chain -> chain.requests() == chain.redemptions());
      for (GrantStatus status : world.status()) {
        Chain chain = world.chain(status.grant().toString());
        assertThat(status.state()).isEqualTo(State.HEALTHY);
        assertThat(generation(status)).isEqualTo(1 + chain.redemptions());
      }
      assertThat(world.verifyLog().isProven()).isTrue();
    }
  }

  /** Starts a command and waits until its answer is held back. */
  private static RefreshdProcess startAndHold(GatedWorld world, Duration off, String... arguments) {
    world.gate.set(GatedServer.Gate.CLOSED);
    RefreshdProcess process = world.startOff(off, arguments);
    process.await(() -> world.gate.waiting() == 1, () -> "nothing is in flight");
    return process;
  }

  @Test
  void aProcessThatStandsStillWithASingleUseTokenIsWaitedForWhateverTheOthersClock()
      throws Exception {
    try (GatedWorld world = new GatedWorld(folder, 1, DUE_LATE)) {
      world.bringInAll(true);
      try (RefreshdProcess still = startAndHold(world, Duration.ZERO, "rotate", "once")) {
        still.suspend();
        world.gate.set(GatedServer.Gate.OPEN);
        try (RefreshdProcess other = world.startOff(Duration.ofHours(5), "rotate", "once")) {
          other.await(() -> world.isSpoolThere(1), () -> "it does not come to its lease");
          still.resume();

          assertThat(still.await().exit()).isZero();
          assertThat(other.await().exit()).isZero();
        }
      }
      assertAllAreAt(world, 2, 4);
      assertThat(world.chain("once/g0").requests()).isEqualTo(3);
    }
  }

  @Test
  void theLeaseOfADeadProcessWhoseClockWasAheadHoldsUpNobody() throws Exception {
    try (GatedWorld world = new GatedWorld(folder, 1, DUE_LATE)) {
      world.bringInAll(true);
      try (RefreshdProcess dead = startAndHold(world, Duration.ofHours(5), "rotate", "many")) {
        dead.kill();
      }
      world.gate.set(GatedServer.Gate.OPEN);

      RefreshdProcess.Result other = world.run("", "rotate", "many");

      assertThat(other.exit()).as(other.err()).isZero();
      assertAllAreAt(world, 3, 2);
    }
  }

  @Test
  @EnabledIfSystemProperty(
      named = "refreshd.suspend.seconds",
      matches = "[0-9]+",
      disabledReason = "waits for a lease to end: -Drefreshd.suspend.seconds=70")
  void whoStoodStillForLongerThanALeaseOverwritesNothingAndLosesNothing() throws Exception {
    long seconds = Long.getLong("refreshd.suspend.seconds", 70);
    try (GatedWorld world = new GatedWorld(folder, 1, DUE_LATE)) {
      world.bringInAll(true);
      world.gate.set(GatedServer.Gate.CLOSED);
      try (RefreshdProcess still = world.start("rotate")) {
        still.await(() -> world.gate.waiting() == 2, () -> "nothing is in flight");
        still.suspend();
        world.gate.set(GatedServer.Gate.OPEN);
        RefreshdProcess.Result many = world.run("", "rotate", "many");
        assertThat(many.exit()).as("its lease is over after a minute").isZero();
        TimeUnit.SECONDS.sleep(Math.max(0, seconds - 60)); // real time: nobody's clock is turned
        still.resume();

        RefreshdProcess.Result result = still.await();
        assertThat(result.out()).contains("once/g0: generation 3");
        assertThat(result.exit()).as("many/g0 was overtaken").isEqualTo(1);
      }
      assertAllAreAt(world, 3, 3);
      assertThat(world.run("", "rotate").exit()).isZero();
    }
  }
}
