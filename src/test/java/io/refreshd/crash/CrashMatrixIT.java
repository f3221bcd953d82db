package io.refreshd.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.refreshd.grant.RefreshTokens;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The crash matrix: SIGKILL at every step, on servers of every kind, and nothing is lost that need
 * not be. {@code -Drefreshd.crash.kills=1000} kills so often in all; with 0 each step gets one
 * kill, which takes half a minute. The rows are appended to {@code target/crash-matrix.md}.
 */
@Timeout(7200)
@EnabledIfSystemProperty(
    named = "refreshd.crash.kills",
    matches = "[0-9]+",
    disabledReason = "one kill for each step: -Drefreshd.crash.kills=0, many: =1000")
class CrashMatrixIT {

  private static final int SERVERS = 3;
  private static final int KILLS = Integer.getInteger("refreshd.crash.kills", 0);
  private static final Path JAR =
      Path.of(System.getProperty("refreshd.jar", "target/refreshd.jar"));
  private static final Path ROWS = Path.of("target/crash-matrix.md");

  @TempDir private static Path folder;

  /** The runs go on at the same time; each test waits for its own. */
  private static final ExecutorService RUNS = Executors.newCachedThreadPool();

  private static final Map<String, Future<List<Tally>>> STARTED = new HashMap<>();

  @BeforeAll
  static void start() {
    begin("reusable", run -> new SandboxServer(RefreshTokens.REUSABLE));
    if (OidcProvider.isInstalled()) {
      begin("certified", OidcProvider::new);
    }
    if (KILLS > 0 || !OidcProvider.isInstalled()) {
      begin("single-use", run -> new SandboxServer(RefreshTokens.SINGLE_USE));
    }
  }

  @AfterAll
  static void stop() {
    RUNS.shutdownNow();
  }

  @Test
  void tokensThatLiveOnSurviveEveryKillWithoutAPerson() throws Exception {
    survives("reusable");
  }

  @Test
  void aSingleUseTokenIsNeverPresentedTwice() throws Exception {
    assumeTrue(STARTED.containsKey("single-use"), "oidc-provider is stricter, and is here");
    survives("single-use");
  }

  @Test
  void aSingleUseTokenOfACertifiedServerIsNeverPresentedTwice() throws Exception {
    assumeTrue(
        STARTED.containsKey("certified"),
        "oidc-provider is not here: npm install --prefix target/oidc-provider oidc-provider@9");
    survives("certified");
  }

  private static void survives(String name) throws Exception {
    List<Tally> tallies = Objects.requireNonNull(STARTED.get(name)).get();

    assertThat(tallies.stream().flatMap(tally -> tally.faults().stream())).isEmpty();
    assertThat(tallies.stream().mapToInt(Tally::kills).sum()).isEqualTo(plan().size());
  }

  /** Where a server comes from. */
  private interface Source {
    TokenServer start(Path folder) throws Exception;
  }

  private static void begin(String name, Source source) {
    STARTED.put(name, RUNS.submit(() -> run(Files.createDirectory(folder.resolve(name)), source)));
  }

  private static List<Tally> run(Path folder, Source source) throws Exception {
    try (TokenServer server = source.start(folder)) {
      CrashRun run = new CrashRun(server, folder, JAR, Clock.systemUTC().millis());
      for (Step step : plan()) {
        run.kill(step);
      }
      List<Tally> tallies = run.end();
      write(tallies);
      return tallies;
    }
  }

  /** Every step in turn; half of all kills of the long form come at any time. */
  private static List<Step> plan() {
    List<Step> named =
        Arrays.stream(Step.values())
            .filter(step -> step != Step.NEVER && step != Step.ANY_TIME)
            .toList();
    int kills = Math.max(KILLS / SERVERS, named.size() + 1);
    List<Step> plan = new ArrayList<>();
    for (int i = 0; plan.size() < (KILLS == 0 ? kills - 1 : kills / 2); i++) {
      plan.add(named.get(i % named.size()));
    }
    while (plan.size() < kills) {
      plan.add(Step.ANY_TIME);
    }
    return plan;
  }

  private static synchronized void write(List<Tally> tallies) throws Exception {
    if (!Files.exists(ROWS)) {
      Files.createDirectories(ROWS.getParent());
      Files.writeString(ROWS, Tally.HEAD);
    }
    for (Tally tally : tallies) {
      if (tally.kills() == 0) {
        continue;
      }
      Files.writeString(ROWS, tally.row(), StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    }
  }
}
