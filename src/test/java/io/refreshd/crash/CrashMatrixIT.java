package io.refreshd.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.refreshd.grant.RefreshTokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The crash matrix: SIGKILL at every step, on servers of every kind, and nothing is lost that need
 * not be. Each step gets one kill, on a reusable and on a single-use server; {@code
 * -Drefreshd.crash.kills=1000} kills so often in all, on all servers. The table is written to
 * {@code target/crash-matrix.md}, each kill and each fault to {@code target/crash-matrix.log}.
 */
@Timeout(10_800)
class CrashMatrixIT {

  private static final int KILLS = Integer.getInteger("refreshd.crash.kills", 0);
  private static final boolean IS_LONG = KILLS > 0;
  private static final long SEED = Long.getLong("refreshd.crash.seed", Clock.systemUTC().millis());
  private static final Path JAR =
      Path.of(System.getProperty("refreshd.jar", "target/refreshd.jar"));
  private static final Path TABLE = Path.of("target/crash-matrix.md");
  private static final Path JOURNAL = Path.of("target/crash-matrix.log");

  @TempDir private static Path folder;

  /** Fleets of one server side by side: a kill is mostly waiting. */
  private static final int FLEETS = IS_LONG ? 3 : 1;

  /** The runs go on at the same time; each test waits for those of its server. */
  private static final ExecutorService RUNS = Executors.newCachedThreadPool();

  private static final Map<String, List<Future<List<Tally>>>> STARTED = new LinkedHashMap<>();
  private static final Map<String, List<Tally>> ENDED = new HashMap<>();

  /** Where a server comes from. */
  private interface Source {
    TokenServer start(Path folder) throws Exception;
  }

  @BeforeAll
  static void start() throws Exception {
    Map<String, Source> sources = new LinkedHashMap<>();
    sources.put("reusable", run -> new SandboxServer(RefreshTokens.REUSABLE));
    if (IS_LONG || !OidcProvider.isInstalled()) {
      sources.put("single-use", run -> new SandboxServer(RefreshTokens.SINGLE_USE));
    }
    if (OidcProvider.isInstalled()) {
      sources.put("certified", OidcProvider::new);
    }
    if (IS_LONG && MockOauth2Server.isInstalled()) {
      sources.put("mock", MockOauth2Server::new);
    }
    Archives.make(Files.createDirectory(folder.resolve("archives")), JAR, IS_LONG);
    Journal journal = new Journal(JOURNAL, Clock.systemUTC());
    journal.note("starts with -Drefreshd.crash.seed=" + SEED + " on " + sources.keySet());
    int runsInAll = sources.size() * FLEETS;
    int kills = (KILLS + runsInAll - 1) / runsInAll;
    long seed = SEED;
    for (Map.Entry<String, Source> source : sources.entrySet()) {
      List<Future<List<Tally>>> runs = new ArrayList<>();
      STARTED.put(source.getKey(), runs);
      for (int fleet = 1; fleet <= FLEETS; fleet++) {
        Path own = Files.createDirectory(folder.resolve(source.getKey() + "-" + fleet));
        Random random = new Random(seed++);
        runs.add(RUNS.submit(() -> run(own, source.getValue(), journal, kills, random)));
      }
    }
  }

  private static List<Tally> run(
      Path folder, Source source, Journal journal, int kills, Random random) throws Exception {
    try (TokenServer server = source.start(folder)) {
      CrashRun run = new CrashRun(server, folder, JAR, journal, random);
      for (Step step : plan(kills, random)) {
        run.kill(step);
      }
      return run.end();
    }
  }

  /** Every step once; of the long form's kills half at the steps in turn, and half at any time. */
  private static List<Step> plan(int kills, Random random) {
    List<Step> named =
        Arrays.stream(Step.values())
            .filter(step -> step != Step.NEVER && step != Step.ANY_TIME)
            .toList();
    List<Step> plan = new ArrayList<>(named);
    if (!IS_LONG) {
      plan.add(Step.ANY_TIME);
      return plan;
    }
    while (plan.size() < kills) {
      plan.add(plan.size() < kills / 2 ? named.get(plan.size() % named.size()) : Step.ANY_TIME);
    }
    Collections.shuffle(plan, random);
    return plan;
  }

  @AfterAll
  static void stop() throws Exception {
    RUNS.shutdownNow();
    List<List<Tally>> ended =
        STARTED.keySet().stream().map(ENDED::get).filter(Objects::nonNull).toList();
    Files.writeString(TABLE, new CrashTable(ended).text());
  }

  @Test
  void tokensThatLiveOnSurviveEveryKillWithoutAPerson() throws Exception {
    survives("reusable", "");
  }

  @Test
  void aSingleUseTokenIsNeverPresentedTwice() throws Exception {
    survives("single-use", "oidc-provider is stricter, and is here; the long form has both");
  }

  @Test
  void aSingleUseTokenOfACertifiedServerIsNeverPresentedTwice() throws Exception {
    survives(
        "certified",
        "oidc-provider is not here: npm install --prefix target/oidc-provider oidc-provider@9");
  }

  @Test
  void aSingleUseTokenOfAMockServerIsNeverPresentedTwice() throws Exception {
    survives(
        "mock",
        "in the long form, if mock-oauth2-server is here: mvn -f src/test/mock-oauth2-server/pom.xml"
            + " dependency:copy-dependencies");
  }

  private static void survives(String name, String whyNot) throws Exception {
    assumeTrue(STARTED.containsKey(name), whyNot);
    List<Tally> tallies = sums(Objects.requireNonNull(STARTED.get(name)));
    ENDED.put(name, tallies);

    assertThat(tallies.stream().flatMap(tally -> tally.faults().stream())).isEmpty();
    assertThat(tallies.stream().filter(tally -> tally.kills() > 0).map(Tally::step))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Step.values()).filter(step -> step != Step.NEVER).toList());
  }

  /** For each step, what all fleets of a server came to. */
  private static List<Tally> sums(List<Future<List<Tally>>> runs) throws Exception {
    Map<Step, Tally> sums = new EnumMap<>(Step.class);
    for (Future<List<Tally>> run : runs) {
      for (Tally tally : run.get()) {
        sums.merge(tally.step(), tally, Tally::and);
      }
    }
    return List.copyOf(sums.values());
  }
}
