package io.refreshd.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.daemon.Assembly;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.State;
import io.refreshd.sandbox.Chain;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three daemons on one database, of which one at random is killed every five seconds. For five
 * minutes: {@code -Drefreshd.cluster.seconds=300}.
 */
class PostgresClusterIT {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresClusterIT.class);

  private static final int SECONDS = Integer.getInteger("refreshd.cluster.seconds", 1);
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(5);
  private static final Duration ROTATE_EVERY = Duration.ofSeconds(2);
  private static final List<String> MACHINES = List.of("a", "b", "c");

  /** Kills in mid-redemption are what it is about. */
  private static final Duration ANSWERS_AFTER = Duration.ofMillis(200);

  @TempDir Path folder;
  private final Random random = new Random();
  private final Map<String, RefreshdProcess> alive = new HashMap<>();
  private int kills;

  @Test
  void whoeverIsKilledNothingIsLostOrRotatedByTwoAtOnce() throws Exception {
    try (ClusterWorld world = new ClusterWorld(folder, 12, 4, ROTATE_EVERY, ANSWERS_AFTER)) {
      for (String machine : MACHINES) {
        alive.put(machine, world.start(machine));
      }
      alive.values().forEach(daemon -> daemon.awaitOutput("ready:"));
      try (LongestPause pause = new LongestPause(world.reusable())) {
        killForAWhile(world);
        pause.awaitAllAgain(alive.values().iterator().next());
        endAll();
        assertNothingIsLost(world, pause.longest());
      }
    } finally {
      alive.values().forEach(RefreshdProcess::close);
    }
  }

  @Test
  void whoseClockIsOffOrWhoIsTooOldLeavesTheWorkToOthers() throws Exception {
    try (ClusterWorld world = new ClusterWorld(folder, 2, 1, ROTATE_EVERY, Duration.ZERO);
        RefreshdProcess right = world.start("a").awaitOutput("ready:");
        RefreshdProcess off = world.startOff("b", Duration.ofMinutes(1))) {
      off.awaitOutput("it rotates nothing until that is mended, others do");
      // measured across a round trip, which a busy machine makes longer
      assertThat(off.out()).containsPattern("(59|60)\\.\\d s ahead of the database's");
      awaitRotations(right, 3);
      long before = rotations(off); // what was in flight has ended by now
      awaitRotations(right, 6);
      assertThat(rotations(off)).isEqualTo(before);
      RefreshdProcess.Result status = world.run("status");
      assertThat(status.out()).contains("NODES").containsPattern("clock \\+(59|60)\\.\\d s off");
      assertThat(world.run("log", "--json").out())
          .containsPattern("\"node\":\"[^\"]+/[0-9a-f]{8}\"");

      right.kill();
      off.awaitOutput("this daemon rotates again");
      awaitRotations(off, 3);

      world.execute(
          "INSERT INTO schema_history (installed_rank, version, description, type, script,"
              + " installed_by, execution_time, success)"
              + " VALUES (999, '999', '', 'SQL', '', '', 0, true)");
      off.awaitOutput("a newer refreshd has brought the store to schema 999");
      assertThat(world.run("rotate").err()).contains("was written by a newer refreshd");
    }
  }

  private static long rotations(RefreshdProcess daemon) {
    return daemon.count("rotated to generation");
  }

  private static void awaitRotations(RefreshdProcess daemon, int more) {
    long before = rotations(daemon);
    daemon.await(() -> rotations(daemon) >= before + more, () -> "it does not rotate");
  }

  /**
   * Kills one every five seconds, or as soon as all others work again, and starts it five seconds
   * later. The last one is left dead.
   */
  private void killForAWhile(ClusterWorld world) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    String down = "";
    do {
      List<String> candidates = new ArrayList<>(alive.keySet());
      String victim = candidates.get(random.nextInt(candidates.size()));
      Objects.requireNonNull(alive.remove(victim)).kill();
      kills++;
      if (!down.isEmpty()) {
        alive.put(down, world.start(down));
      }
      down = victim;
      // the pace of the kills is what is asked for, not a wait for something
      TimeUnit.NANOSECONDS.sleep(BETWEEN_KILLS.toNanos());
      alive.values().forEach(daemon -> daemon.awaitOutput("ready:"));
    } while (System.nanoTime() < end);
  }

  private void endAll() {
    alive.values().forEach(RefreshdProcess::terminate);
    alive.values().forEach(daemon -> assertThat(daemon.await().exit()).isEqualTo(143));
  }

  private void assertNothingIsLost(ClusterWorld world, Duration pause) throws Exception {
    Clock clock = Clock.systemUTC();
    try (Assembly assembly = Assembly.reading(world.load(), clock)) {
      List<GrantStatus> status = assembly.status(clock.instant());
      List<GrantStatus> lost =
          status.stream()
              .filter(grant -> !grant.grant().tenant().equals("once"))
              .filter(grant -> grant.state() != State.HEALTHY)
              .toList();
      List<GrantStatus> unanswered =
          status.stream()
              .filter(grant -> grant.grant().tenant().equals("once"))
              .filter(grant -> grant.state() == State.NEEDS_CONSENT)
              .toList();
      write(world, lost.size(), unanswered.size(), pause);
      assertThat(lost).isEmpty();
      assertThat(unanswered)
          .as("of single-use tokens only those that a killed daemon had presented")
          .hasSizeLessThanOrEqualTo(kills * 4)
          .allMatch(grant -> grant.reason().kind() == RefusalKind.LOST_ANSWER);
      assertThat(assembly.verifyLog().faults()).isEmpty();
    }
    assertThat(world.reusable()).as("by two at once").allMatch(c -> c.mostConcurrent() == 1);
    assertThat(world.singleUse())
        .as("no single-use token was presented twice")
        .allMatch(chain -> chain.mostConcurrent() == 1)
        .allMatch(chain -> chain.requests() == chain.redemptions());
  }

  private void write(ClusterWorld world, int lost, int unanswered, Duration pause)
      throws Exception {
    long twice =
        world.reusable().stream().filter(chain -> chain.mostConcurrent() > 1).count()
            + world.singleUse().stream()
                .filter(chain -> chain.requests() != chain.redemptions())
                .count();
    int rotations = world.reusable().stream().mapToInt(Chain::redemptions).sum();
    String line =
        "| %d s | %d | %d | %d | %d | %d | %.1f s |"
            .formatted(
                SECONDS, kills, rotations, lost, twice, unanswered, pause.toMillis() / 1000d);
    LOG.info("{}", line);
    Files.writeString(Path.of("target", "cluster.md"), line + "\n");
  }
}
