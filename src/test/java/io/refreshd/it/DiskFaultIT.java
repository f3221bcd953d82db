package io.refreshd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.refreshd.daemon.Assembly;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.LogQuery;
import io.refreshd.sandbox.Chain;
import io.refreshd.sandbox.SandboxCast;
import io.refreshd.sandbox.Trouble;
import io.refreshd.sandbox.Troubles;
import io.refreshd.testing.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The packaged daemon under load, its store, spool and key on a small disk that fills up while
 * redemptions are in flight, and is freed again; its rotation log file on a disk that is full from
 * the start. What the server has given must be in the store at the end: nothing was lost, and
 * nothing redeemed for nothing.
 */
class DiskFaultIT {

  private static final String LONG = "refreshd.disk.rounds";
  private static final String WHEN = "the long form: -Drefreshd.disk.rounds=10";
  private static final int ROUNDS = Integer.getInteger(LONG, 1);
  private static final String SPOOLED = "is kept sealed in";
  private static final String FULL = "space left";

  /** What the server thinks over while the disk is filled. */
  private static final Duration IN_FLIGHT = Duration.ofSeconds(4);

  @TempDir private Path folder;
  private Path mountPoint;
  private Path log;

  @BeforeEach
  void mayMount() throws IOException {
    mountPoint = Files.createDirectory(folder.resolve("disk"));
    log = Files.createSymbolicLink(folder.resolve("full.log"), Path.of("/dev/full"));
    assumeTrue(
        SmallDisk.isPossible(mountPoint),
        "this user may not mount a file system; as root the test fills a real one");
  }

  @AfterEach
  void unlink() throws IOException {
    Files.deleteIfExists(log);
  }

  @Test
  void aDiskThatFillsUpInMidRedemptionLosesNothingWhetherFreedOrKilledMeanwhile() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(mountPoint, 16);
        SandboxWorld world = world()) {
      for (int round = 1; round <= ROUNDS; round++) {
        fillFreeFillAndKill(world, disk);
        assertThatACommandSaysWhy(world);
        disk.free();
      }
      Files.delete(log);
      try (RefreshdProcess daemon = world.daemon()) {
        awaitRedemptions(world, daemon, 1);
        daemon.terminate();
        assertThat(daemon.await().exit()).isEqualTo(143);
      }
      int entries = assertStored(world, redemptions(world));
      assertThat(Files.readAllLines(log)).as("it has caught up").hasSize(entries);
    }
  }

  private static void fillFreeFillAndKill(SandboxWorld world, SmallDisk disk) {
    int before = requests(world);
    try (RefreshdProcess daemon = world.daemon()) {
      fillInMidRedemption(world, daemon, disk);
      assertNothingIsRedeemedOnAFullDisk(world, daemon);
      disk.free();
      awaitRedemptions(world, daemon, 1);

      fillInMidRedemption(world, daemon, disk);
      awaitAnswers(world, daemon, before);
      daemon.kill();
    }
  }

  /** Between the redemption and the commit, with the very errors that the kernel would give. */
  @ParameterizedTest
  @CsvSource({
    // the database alone: the successor is spooled
    "'fsync,fdatasync', EIO, false",
    "'write,pwrite64,ftruncate,fallocate', EIO, false",
    "'write,pwrite64,ftruncate,fallocate', ENOSPC, false",
    "'write,pwrite64,ftruncate,fallocate', EROFS, false",
    // the spool as well: it is in memory, until the disk is back
    "'fsync,fdatasync', EIO, true",
    "'write,pwrite64,ftruncate,fallocate', EROFS, true",
  })
  @EnabledIfSystemProperty(named = LONG, matches = ".+", disabledReason = WHEN)
  void systemCallsThatFailInMidRedemptionLoseNothing(String calls, String error, boolean spool)
      throws Exception {
    assumeTrue(FailingCalls.isPossible(), "strace is not there, or may not trace");
    try (SandboxWorld world = world()) {
      Path store = mountPoint.resolve("refreshd.db");
      Path[] files = {store, Path.of(store + "-wal"), spool ? Path.of(store + ".spool-0") : store};
      try (RefreshdProcess daemon = world.daemon()) {
        awaitRedemptions(world, daemon, 1);
        String said = spool ? "nor spooled" : SPOOLED;
        int requests = requests(world);
        world.troubles().begin(new Troubles.Everyone(), new Trouble.Slow(IN_FLIGHT));
        daemon.await(() -> requests(world) > requests, () -> "no redemption is in flight");
        Path output = folder.resolve("strace.out");
        try (FailingCalls failing = FailingCalls.of(daemon, calls, error, output, files)) {
          daemon.await(() -> daemon.count(said) > 0, () -> "no successor is held");
        }
        world.troubles().endAll();
        awaitRedemptions(world, daemon, 1);
        daemon.terminate();
        daemon.await();
      }
      assertStored(world, redemptions(world));
    }
  }

  @Test
  @EnabledIfSystemProperty(named = LONG, matches = ".+", disabledReason = WHEN)
  void aDiskThatIsMountedReadOnlyIsNamedAndNothingIsRedeemedOnIt() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(mountPoint, 16);
        SandboxWorld world = world()) {
      int requests = requests(world);
      disk.makeReadOnly(true);
      for (String command : List.of("run", "rotate")) {
        RefreshdProcess.Result result = world.run(command);
        assertThat(result.exit()).as(command).isEqualTo(1);
        assertThat(result.err()).containsIgnoringCase("read-only").doesNotContain("\tat ");
      }
      RefreshdProcess.Result status = world.run("status");
      assertThat(status.exit()).as(status.err()).isZero();
      assertThat(status.err()).contains("is read-only: nothing is rotated");
      assertThat(world.run("status", "--check").exit()).as("a warning").isEqualTo(1);
      assertThat(requests(world)).isEqualTo(requests);
      disk.makeReadOnly(false);
      assertThat(world.run("rotate").exit()).isZero();
      assertStored(world, redemptions(world));
    }
  }

  /**
   * As after an error of the device: the kernel lets nobody write any more, and takes that back.
   */
  @Test
  @EnabledIfSystemProperty(named = LONG, matches = ".+", disabledReason = WHEN)
  void aDiskThatTurnsReadOnlyInMidRedemptionCostsOneMoreRedemptionAtMost() throws Exception {
    Path image = folder.resolve("image");
    try (SmallDisk disk = SmallDisk.onAnImage(mountPoint, image, 24);
        SandboxWorld world = world()) {
      long held;
      try (RefreshdProcess daemon = world.daemon()) {
        awaitRedemptions(world, daemon, 1);
        int requests = requests(world);
        world.troubles().begin(new Troubles.Everyone(), new Trouble.Slow(IN_FLIGHT));
        daemon.await(() -> requests(world) > requests, () -> "no redemption is in flight");
        disk.abort();
        world.troubles().endAll();
        daemon.await(() -> daemon.count("nor spooled") > 0, () -> "no successor is held");
        assertThat(daemon.out()).contains("Read-only file system", "do not stop it; mend the disk");
        daemon.terminate();
        daemon.await();
        held = daemon.count("is lost with this process");
        assertThat(held).isPositive();
      }
      disk.repair(image);
      try (RefreshdProcess daemon = world.daemon()) {
        awaitRedemptions(world, daemon, 1);
        daemon.terminate();
        daemon.await();
      }
      assertStored(world, redemptions(world) - held);
    }
  }

  /** Whose files are on the small disk, but for the rotation log file. */
  private SandboxWorld world() throws Exception {
    SandboxWorld world = new SandboxWorld(folder, 2, Duration.ofSeconds(2), Duration.ofHours(1));
    String ours = "store: { url: 'jdbc:sqlite:disk/refreshd.db' }\nlog: { file: full.log }\n";
    // tokens outlive a machine that stands still; the watchman comes by as if they did not
    String yaml = Files.readString(world.config()).replaceFirst("lifetime: .*", "lifetime: 100s");
    Files.writeString(world.config(), ours + yaml.substring(yaml.indexOf("defaults:")));
    world.bringInAll(true);
    return world;
  }

  private static int requests(SandboxWorld world) {
    return world.chains().stream().mapToInt(Chain::requests).sum();
  }

  private static int redemptions(SandboxWorld world) {
    return world.chains().stream().mapToInt(Chain::redemptions).sum();
  }

  /** A kill before the answer would be another story: nobody has the token then. */
  private static void awaitAnswers(SandboxWorld world, RefreshdProcess daemon, int before) {
    daemon.await(
        () -> daemon.count("rotated to generation") == requests(world) - before,
        () -> "not every answer was taken in");
  }

  private static void awaitRedemptions(SandboxWorld world, RefreshdProcess daemon, int more) {
    List<Integer> before = world.chains().stream().map(Chain::redemptions).toList();
    daemon.await(
        () ->
            IntStream.range(0, before.size())
                .allMatch(i -> world.chains().get(i).redemptions() >= before.get(i) + more),
        () -> "not every grant was redeemed " + more + " times more");
  }

  /** Fills the disk while the server thinks; on a machine that is too slow for that, once more. */
  private static void fillInMidRedemption(
      SandboxWorld world, RefreshdProcess daemon, SmallDisk disk) {
    long before = daemon.count(SPOOLED);
    while (daemon.count(SPOOLED) == before) {
      int requests = requests(world);
      world.troubles().begin(new Troubles.Everyone(), new Trouble.Slow(IN_FLIGHT));
      daemon.await(() -> requests(world) > requests, () -> "no redemption is in flight");
      disk.fill();
      world.troubles().endAll();
      long stopped = daemon.count(FULL);
      daemon.await(
          () -> daemon.count(SPOOLED) > before || daemon.count(FULL) > stopped,
          () -> "nobody has noticed the full disk");
      if (daemon.count(SPOOLED) == before) {
        disk.free();
      }
    }
  }

  private static void assertNothingIsRedeemedOnAFullDisk(
      SandboxWorld world, RefreshdProcess daemon) {
    long before = daemon.out().lines().count();
    daemon.await(
        () -> world.cast.members().stream().allMatch(m -> isStopped(daemon, before, m.grant())),
        () -> "the watchman does not come by");
    int requests = requests(world);
    RefreshdProcess.Result status = world.run("status");
    assertThat(status.exit()).as(status.err()).isZero();
    assertThat(status.err()).contains("is full: nothing is rotated", "its new token waits in");
    assertThat(requests(world)).isEqualTo(requests);
    assertThat(daemon.out()).contains("rotation log", "full.log: No space left on device");
  }

  /** Since so many lines. */
  private static boolean isStopped(RefreshdProcess daemon, long lines, String grant) {
    return daemon
        .out()
        .lines()
        .skip(lines)
        .filter(line -> line.contains(grant + ": "))
        .anyMatch(line -> line.contains("still waits to be stored") || line.contains(FULL));
  }

  private static void assertThatACommandSaysWhy(SandboxWorld world) {
    int requests = requests(world);
    RefreshdProcess.Result rotate = world.run("rotate");
    assertThat(rotate.exit()).isEqualTo(1);
    assertThat(rotate.err()).contains("space").doesNotContain("\tat ");
    assertThat(requests(world)).isEqualTo(requests);
  }

  /** Everything that the server gave last is stored; returns how many entries the log has. */
  private static int assertStored(SandboxWorld world, long rotations) throws Exception {
    List<String> events = new ArrayList<>();
    try (Assembly assembly = Assembly.reading(world.load(), Clock.systemUTC())) {
      for (SandboxCast.Member member : world.cast.members()) {
        Chain chain = world.cast.chain(member);
        GrantName name = GrantName.parse(member.grant());
        assertThat(assembly.store().findRecord(name).orElseThrow().fingerprint())
            .as(member.grant())
            .isEqualTo(RefreshToken.of(chain.newest()).fingerprint());
        assertThat(chain.mostConcurrent()).isEqualTo(1);
      }
      assembly.store().read(LogQuery.after(0), logged -> events.add(logged.entry().event().word()));
      assertThat(assembly.verifyLog().isProven()).isTrue();
    }
    assertThat(events).filteredOn("rotated"::equals).hasSize((int) rotations);
    return events.size();
  }
}
