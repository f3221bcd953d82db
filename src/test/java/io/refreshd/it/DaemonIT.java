package io.refreshd.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.crash.Sabotage;
import io.refreshd.sandbox.Chain;
import io.refreshd.sandbox.SandboxCast;
import io.refreshd.sandbox.Trouble;
import io.refreshd.sandbox.Troubles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The packaged daemon as a real process, against the sandbox: killed, stopped, crowded. */
@Timeout(240)
class DaemonIT {

  /** How long the crowd of short-lived grants is kept alive: 60 for the figure in the docs. */
  private static final Duration CROWD =
      Duration.ofSeconds(Integer.getInteger("refreshd.it.seconds", 15));

  /** A channel that keeps what it is given, on standard input and in its environment. */
  private static final String ALERTS =
      """
      alerts:
        channels:
          - { name: file, command: [/bin/sh, -c, 'cat >> alerts.txt; env >> alerts.txt'] }
      """;

  /** What the sandbox issues; the end of it would be enough. */
  private static final Pattern TOKEN = Pattern.compile("1\\.A[A-Za-z0-9_-]{20}|[A-Za-z0-9_-]{60}");

  /** What may be said of a store by whom. */
  private static final List<String> COMMANDS =
      List.of(
          "rotate germany",
          "alert test",
          "check",
          "doctor --json",
          "log",
          "simulate --days 1",
          "status --json");

  @TempDir private Path folder;

  @Test
  void afterAKillTheGenerationsGoOnAndNoneIsLost() throws Exception {
    try (SandboxWorld world =
        new SandboxWorld(folder, 2, Duration.ofSeconds(2), Duration.ofMinutes(10))) {
      for (SandboxCast.Member member : world.cast.members()) {
        RefreshdProcess.Result imported = world.bringIn(member);
        assertThat(imported.exit()).as(imported.err()).isZero();
      }
      for (int life = 1; life <= 2; life++) {
        int until = 3 * life;
        try (RefreshdProcess daemon = world.daemon()) {
          daemon.await(
              () -> world.chains().stream().allMatch(chain -> chain.redemptions() >= until),
              () -> "not every grant was redeemed " + until + " times");
          daemon.kill();
        }
      }

      for (SandboxCast.Member member : world.cast.members()) {
        Chain chain = world.cast.chain(member);
        String stored = world.run("reveal", member.grant(), "--yes").out().strip();
        assertThat(stored)
            .as("newest, or the one before where the kill came between answer and commit")
            .isIn(chain.newest(), chain.previous());
        assertThat(chain.mostConcurrent()).isEqualTo(1);
        List<Integer> generations =
            world.log(member.grant(), "--event", "rotated").stream()
                .map(entry -> entry.get("generation").asInt())
                .toList();
        assertThat(generations)
            .as("without a gap from 2 on")
            .isEqualTo(IntStream.range(2, 2 + generations.size()).boxed().toList())
            .hasSizeGreaterThanOrEqualTo(5);
      }
      assertThat(world.run("rotate").exit()).as("all of them are alive").isZero();
    }
  }

  @Test
  void aCrowdOfShortLivedGrantsIsKeptAliveAndNeverRedeemedTwiceAtOnce() throws Exception {
    try (SandboxWorld world =
        new SandboxWorld(folder, 12, Duration.ofSeconds(3), Duration.ofSeconds(20))) {
      world.bringInAll(true);
      Instant end = Clock.systemUTC().instant().plus(CROWD);
      try (RefreshdProcess daemon = world.daemon()) {
        List<RefreshdProcess> beside =
            List.of(world.start("rotate"), world.start("rotate", "*/live"));
        beside.forEach(rotate -> assertThat(rotate.await().exit()).isZero());
        daemon.await(() -> Clock.systemUTC().instant().isAfter(end), () -> "the daemon ended");
        List<JsonNode> status = world.status();
        daemon.terminate();
        assertThat(daemon.await().exit()).isEqualTo(143);

        assertThat(status).hasSize(24).allMatch(g -> g.get("state").asString().equals("healthy"));
      }
      long least = CROWD.dividedBy(Duration.ofSeconds(3).plusMillis(300).plusSeconds(1));
      assertThat(world.chains())
          .allMatch(chain -> chain.mostConcurrent() == 1)
          .allMatch(chain -> chain.redemptions() >= least);
      assertThat(world.log("--failed")).isEmpty();
    }
  }

  @Test
  void aSecondDaemonOnTheStoreIsRefusedAndTheFirstGoesOn() throws Exception {
    try (SandboxWorld world = new SandboxWorld(folder, 1, Duration.ofDays(7), Duration.ofDays(90));
        RefreshdProcess first = world.daemon()) {
      RefreshdProcess.Result second = world.run("run");

      assertThat(second.exit()).isEqualTo(1);
      assertThat(second.err())
          .contains("another `refreshd run` is at work")
          .doesNotContain("\tat ");
      first.terminate();
      assertThat(first.await().exit()).isEqualTo(143);
      assertThat(first.out()).contains("stopped");
    }
  }

  @Test
  void sigtermGivesARedemptionUpThatDoesNotEndAndLosesNothing() throws Exception {
    try (SandboxWorld world =
        new SandboxWorld(folder, 1, Duration.ofSeconds(2), Duration.ofSeconds(60))) {
      world.bringInAll(true);
      world.troubles().begin(new Troubles.Everyone(), new Trouble.Slow(Duration.ofSeconds(40)));
      try (RefreshdProcess daemon = world.daemon()) {
        daemon.await(
            // the one that goes ahead; the other waits for it
            () -> world.chains().stream().anyMatch(chain -> chain.requests() >= 2),
            () -> "no redemption is in flight");
        long from = System.nanoTime();
        daemon.terminate();
        RefreshdProcess.Result result = daemon.await();

        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(10));
        assertThat(result.exit()).isEqualTo(143);
      }
      world.troubles().endAll();
      assertThat(world.run("rotate").exit()).isZero();
    }
  }

  @Test
  void noTokenAndNoSecretIsAnywhereButInTheSealedStore() throws Exception {
    try (SandboxWorld world =
        new SandboxWorld(folder, 2, Duration.ofSeconds(2), Duration.ofSeconds(60))) {
      Set<String> secrets = new HashSet<>();
      world.cast.markets().forEach(market -> secrets.add(market.secret()));
      world.cast.members().forEach(member -> secrets.add(member.refreshToken()));
      world.bringInAll(true);
      Files.writeString(world.config(), ALERTS, StandardOpenOption.APPEND);
      Sabotage store = new Sabotage(folder.resolve("refreshd.db"));
      try (RefreshdProcess daemon =
          world.startWith(Map.of("JOURNAL_STREAM", "8:1"), "run").awaitOutput("ready:")) {
        List<Trouble> troubles =
            List.of(new Trouble.Outage(), new Trouble.MfaRequired(), new Trouble.SecretChanged());
        for (int round = 0; round <= troubles.size(); round++) {
          int rotations = round + 2;
          boolean isSecretWrong = round == troubles.size();
          daemon.await(
              () -> {
                collect(world, secrets);
                long asked = world.chains().stream().filter(c -> c.requests() >= rotations).count();
                // behind a wrong secret one grant of each client asks for the others as well
                return isSecretWrong ? asked > 0 : asked == world.chains().size();
              },
              () -> "no further request");
          world.troubles().endAll();
          if (round < troubles.size()) {
            world.troubles().begin(new Troubles.Everyone(), troubles.get(round));
          }
        }
        Path proc = Path.of("/proc", Long.toString(daemon.pid()));
        String process =
            Files.readString(proc.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                + Files.readString(proc.resolve("environ"), StandardCharsets.ISO_8859_1);
        assertThat(process).contains("REFRESHD_CONFIG");
        secrets.forEach(secret -> assertThat(process).doesNotContain(secret));
        store.breakCommits();
        daemon.await(
            () -> {
              collect(world, secrets);
              return daemon.out().contains("it is kept sealed in");
            },
            () -> "no commit is held");
        daemon.terminate();
        daemon.await();
      }
      Files.copy(folder.resolve("refreshd.db.spool-0"), folder.resolve("spool-in-use"));
      assertThat(Files.readString(folder.resolve("spool-in-use"), StandardCharsets.ISO_8859_1))
          .as("a commit is held")
          .contains("RFSP");
      store.mendCommits();
      for (String line : COMMANDS) {
        world.run(line.split(" "));
      }

      Files.move(folder.resolve("refreshd.key"), folder.resolve("secrets/refreshd.key"));
      RefreshdProcess.Result keyless = world.run("run");
      assertThat(keyless.exit()).isEqualTo(1);
      assertThat(keyless.err()).contains("refreshd.key is missing").doesNotContain("\tat ");

      assertThat(secrets).as("tokens that were seen").hasSizeGreaterThan(10);
      Map<Path, String> files = world.files();
      assertThat(files)
          .hasSizeGreaterThan(8)
          .containsKey(folder.resolve("rotation.log"))
          .hasEntrySatisfying(
              folder.resolve("alerts.txt"),
              text -> assertThat(text).contains("\"change\":\"test\"", "REFRESHD_ALERT_LEVEL="));
      List<String> found = new ArrayList<>();
      files.forEach(
          (file, text) ->
              secrets.stream()
                  .filter(text::contains)
                  .forEach(secret -> found.add(file + " holds " + secret.substring(0, 8))));
      assertThat(found).isEmpty();
    }
  }

  @Test
  void theDemoAndTheSandboxPrintNoTokenAndNoSecret() throws Exception {
    try (RefreshdProcess demo = RefreshdProcess.start(folder, Map.of(), "demo");
        RefreshdProcess sandbox =
            RefreshdProcess.start(folder, Map.of(), "sandbox", "--markets", "1")) {
      sandbox.awaitOutput("refreshd run");
      Path yaml = folder.resolve("refreshd-sandbox/refreshd.yaml");
      String token = Files.readString(folder.resolve("refreshd-sandbox/germany-live.token"));
      RefreshdProcess.Result imported =
          RefreshdProcess.run(
              folder, Map.of("REFRESHD_CONFIG", yaml.toString()), token, "import", "germany/live");
      assertThat(imported.exit()).as(imported.err()).isZero();
      demo.await(
          () -> demo.out().lines().filter(line -> line.contains("rotated")).count() > 5,
          () -> "the demo does not rotate");
      demo.terminate();
      demo.await();

      assertThat(token).containsPattern(TOKEN);
      for (String said :
          List.of(demo.out(), demo.err(), sandbox.out(), sandbox.err(), imported.out())) {
        assertThat(said).doesNotContainPattern(TOKEN).doesNotContain("sandbox-secret-of-");
      }
      assertThat(imported.err()).doesNotContainPattern(TOKEN);
    }
  }

  private static void collect(SandboxWorld world, Set<String> secrets) {
    for (Chain chain : world.chains()) {
      secrets.add(chain.newest());
    }
  }

  @Test
  void aThousandGrantsAreReadyInFiveSecondsAndAllRotated() throws Exception {
    try (SandboxWorld world =
        new SandboxWorld(folder, 500, Duration.ofDays(7), Duration.ofDays(90))) {
      world.bringInAll(false);
      long from = System.nanoTime();
      try (RefreshdProcess daemon = world.daemon()) {
        Duration ready = Duration.ofNanos(System.nanoTime() - from);
        Duration work = daemon.cpu();
        daemon.await(
            () -> world.chains().stream().allMatch(chain -> chain.redemptions() == 1),
            () -> "not all were rotated");
        Duration rotated = Duration.ofNanos(System.nanoTime() - from);
        System.out.println(
            "1000 grants: ready in " + ready + ", cpu " + work + ", all rotated in " + rotated);
        daemon.terminate();
        daemon.await();

        // beside other work a start takes longer, but not more of the processors
        assertThat(work).isLessThan(Duration.ofSeconds(5));
      }
      assertThat(world.status()).hasSize(1000).allMatch(g -> g.get("generation").asInt() == 2);
    }
  }
}
