package io.refreshd.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.State;
import io.refreshd.sandbox.Chain;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The packaged jar told to stop, whatever it is at: it ends within ten seconds, what it got is
 * safe, and the next start goes well. That it took no longer is measured by the product itself: a
 * stop that it had to cut short exits with 1.
 */
@Timeout(300)
class StoppingIT {

  /** How often the stops at a random time are tried: 100 for the figure in the docs. */
  private static final int ROUNDS = Integer.getInteger("refreshd.stop.rounds", 2);

  private static final int TERMINATED = 143;
  private static final int INTERRUPTED = 130;

  /** Ten seconds, and as much for the JVM and this machine to get there. */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static final String DUE_SOON = "rotate-every: 2s, lifetime: 20s";
  private static final String DUE_LATE = "rotate-every: 7d, lifetime: 90d";

  @TempDir private Path folder;

  /** Waits for the end of a process that was told to stop. */
  private static RefreshdProcess.Result assertStops(RefreshdProcess process, int exit) {
    RefreshdProcess.Result result = assertEnds(process);
    assertThat(result.exit()).as(result.out() + result.err()).isEqualTo(exit);
    return result;
  }

  /** The same where the signal may have met a JVM that was not one yet: that is Java's to say. */
  private static void assertStopsOrNeverWas(RefreshdProcess process, int exit) {
    RefreshdProcess.Result result = assertEnds(process);
    if (!result.out().startsWith("Error occurred during initialization of VM")) {
      assertThat(result.exit()).as(result.out() + result.err()).isEqualTo(exit);
    }
  }

  private static RefreshdProcess.Result assertEnds(RefreshdProcess process) {
    long from = System.nanoTime();
    RefreshdProcess.Result result = process.await();
    Duration took = Duration.ofNanos(System.nanoTime() - from);
    System.out.println("stopped in " + took.toMillis() + " ms");
    assertThat(took).isLessThan(LIMIT);
    return result;
  }

  private static void assertAllAreAt(GatedWorld world, int generation) throws Exception {
    assertThat(world.status())
        .allMatch(status -> status.state() == State.HEALTHY)
        .allMatch(status -> generation(status) == generation);
    assertThat(world.verifyLog().isProven()).isTrue();
  }

  private static int generation(GrantStatus status) {
    return status.record() == null ? 0 : status.record().generation();
  }

  private void awaitFile(RefreshdProcess process, Path file) {
    process.await(() -> Files.exists(file), () -> file + " is not there");
  }

  @Test
  void everythingHangsAndNobodyReadsTheLog() throws Exception {
    Path pid = folder.resolve("pid");
    try (GatedWorld world = new GatedWorld(folder, 2, DUE_SOON);
        ServerSocket hook = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ServerSocket mail = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      world.bringInAll(true);
      world.configure(
          "defaults: { "
              + DUE_SOON
              + " }\nalerts:\n  channels:\n    - { name: hook, webhook: 'http://127.0.0.1:"
              + hook.getLocalPort()
              + "/' }\n    - { name: mail, smtp: 'smtp://127.0.0.1:"
              + mail.getLocalPort()
              + "', from: a@example.org, to: [b@example.org] }\n    - { name: pager, command:"
              + " [/bin/sh, -c, 'echo $$ > pid; mv pid "
              + pid
              + "; exec sleep 600'] }\n");
      world.gate.set(GatedServer.Gate.DRIPPING);
      try (RefreshdProcess daemon = world.startUnread("run");
          Socket hooked = hook.accept();
          Socket mailed = mail.accept()) {
        awaitFile(daemon, pid);
        daemon.await(() -> world.gate.waiting() > 0, () -> "no redemption hangs");
        assertThat(List.of(hooked.isConnected(), mailed.isConnected())).containsOnly(true);

        daemon.terminate();
        daemon.terminate();

        assertStops(daemon, TERMINATED);
      }
      long pager = Long.parseLong(Files.readString(pid).strip());
      assertThat(ProcessHandle.of(pager).map(ProcessHandle::isAlive).orElse(false))
          .as("the command of the alert lives on")
          .isFalse();
    }
  }

  /** What keeps the store from taking a successor. */
  enum Harm {
    LOCKED,
    BROKEN
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerThatTheStoreCannotTakeIsThereAfterTheNextStart(Harm harm) throws Exception {
    try (GatedWorld world = new GatedWorld(folder, 3, DUE_LATE)) {
      world.bringInAll(false);
      world.gate.set(GatedServer.Gate.CLOSED);
      try (RefreshdProcess daemon = world.start("run")) {
        // one of each client goes ahead
        daemon.await(() -> world.gate.waiting() == 2, () -> "no redemption is in flight");
        try (Connection lock = harm == Harm.LOCKED ? world.lockStore() : world.breakStore()) {
          world.gate.set(GatedServer.Gate.OPEN);
          daemon.terminate();
          String said = assertStops(daemon, TERMINATED).out();
          assertThat(said.lines().filter(line -> line.contains("stays sealed in"))).hasSize(2);
          assertThat(lock.isClosed()).isFalse();
        }
      }
      assertThat(world.chains()).extracting(Chain::redemptions).containsExactly(1, 1, 0, 0, 0, 0);
      world.mendStore();
      awaitAllRotated(world);
    }
  }

  /** Starts the daemon and stops it when every grant was redeemed once, and once in all. */
  private static void awaitAllRotated(GatedWorld world) throws Exception {
    try (RefreshdProcess daemon = world.start("run")) {
      daemon.await(
          () -> world.chains().stream().allMatch(chain -> chain.redemptions() == 1),
          () -> "not all are rotated");
      daemon.interrupt();
      assertStops(daemon, INTERRUPTED);
    }
    assertAllAreAt(world, 2);
    assertThat(world.chains()).allMatch(chain -> chain.requests() == 1);
  }

  @Test
  void stopsDuringTheStart() throws Exception {
    try (GatedWorld world = new GatedWorld(folder, 2, DUE_LATE)) {
      Random random = new Random(1);
      for (int round = 0; round < ROUNDS; round++) {
        try (RefreshdProcess daemon = world.start("run")) {
          TimeUnit.MILLISECONDS.sleep(random.nextInt(1_500)); // a random instant, not a wait
          daemon.terminate();
          assertStopsOrNeverWas(daemon, TERMINATED);
        }
      }
      world.bringInAll(false);
      try (Connection lock = world.lockStore();
          RefreshdProcess daemon = world.start("run")) {
        daemon.await(() -> world.isDaemonThere(), () -> "it does not start");
        daemon.terminate();
        assertStops(daemon, TERMINATED);
        assertThat(lock.isClosed()).isFalse();
      }
      awaitAllRotated(world);
    }
  }

  @Test
  void stopsDuringReloads() throws Exception {
    try (GatedWorld world = new GatedWorld(folder, 2, DUE_SOON)) {
      world.bringInAll(true);
      Random random = new Random(2);
      for (int round = 0; round < ROUNDS; round++) {
        try (RefreshdProcess daemon = world.start("run").awaitOutput("ready:")) {
          for (int hangUp = 0; hangUp < 5 + random.nextInt(10); hangUp++) {
            daemon.hangUp();
          }
          daemon.terminate();
          assertStops(daemon, TERMINATED);
        }
      }
      assertThat(world.status()).allMatch(status -> status.state() == State.HEALTHY);
    }
  }

  @Test
  void aCommandThatIsInterruptedFinishesWhatItBegan() throws Exception {
    try (GatedWorld world = new GatedWorld(folder, 1, DUE_LATE)) {
      world.bringInAll(true);
      try (RefreshdProcess rotate = startAndHold(world, "rotate", "once")) {
        rotate.await(() -> world.gate.waiting() == 1, () -> "nothing is in flight");
        rotate.interrupt();
        awaitPatience(rotate);
        world.gate.set(GatedServer.Gate.OPEN);
        assertThat(assertStops(rotate, INTERRUPTED).out()).contains("once/g0: generation 3");
      }
      String consent = world.consent("once/g0");
      try (RefreshdProcess imported = startAndHold(world, "import", "once/g0").say(consent)) {
        imported.await(() -> world.gate.waiting() == 1, () -> "nothing is in flight");
        imported.terminate();
        awaitPatience(imported);
        world.gate.set(GatedServer.Gate.OPEN);
        assertThat(assertStops(imported, TERMINATED).out()).contains("once/g0: generation 5");
      }
      assertThat(world.status())
          .extracting(StoppingIT::generation)
          .as("many/g0 and once/g0")
          .containsExactly(2, 5);
    }
  }

  @Test
  void aCommandThatIsInterruptedGivesUpWhatDoesNotEndAndLeavesNoLeaseBehind() throws Exception {
    try (GatedWorld world = new GatedWorld(folder, 1, DUE_LATE)) {
      world.bringInAll(true);
      try (RefreshdProcess rotate = startAndHold(world, "rotate", "many")) {
        rotate.await(() -> world.gate.waiting() == 1, () -> "nothing is in flight");
        rotate.interrupt();
        rotate.interrupt();
        assertThat(assertStops(rotate, INTERRUPTED).out()).contains("refreshd is stopping");
      }
      world.gate.set(GatedServer.Gate.OPEN);
      assertThat(world.run("", "rotate", "many").exit()).isZero();
      assertThat(world.status()).extracting(StoppingIT::generation).containsExactly(3, 2);
    }
  }

  private static RefreshdProcess startAndHold(GatedWorld world, String... arguments) {
    world.gate.set(GatedServer.Gate.CLOSED);
    return world.start(arguments);
  }

  private static void awaitPatience(RefreshdProcess stopping) {
    stopping.await(
        () -> stopping.err().contains("what is in flight is finished first"),
        () -> "it does not wait for what is in flight");
  }
}
