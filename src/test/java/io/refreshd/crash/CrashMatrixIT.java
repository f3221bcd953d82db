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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The crash matrix: SIGKILL at every step, on servers of every kind, and nothing is lost that need
 * not be. {@code -Drefreshd.crash.kills=1000} kills so often in all; without it each step gets one
 * kill, which takes half a minute. The rows are appended to {@code target/crash-matrix.md}.
 */
@Timeout(7200)
class CrashMatrixIT {

  private static final int SERVERS = 3;
  private static final int KILLS = Integer.getInteger("refreshd.crash.kills", 0);
  private static final Path JAR =
      Path.of(System.getProperty("refreshd.jar", "target/refreshd.jar"));
  private static final Path ROWS = Path.of("target/crash-matrix.md");

  @TempDir private Path folder;

  @Test
  void tokensThatLiveOnSurviveEveryKillWithoutAPerson() throws Exception {
    survives(new SandboxServer(RefreshTokens.REUSABLE));
  }

  @Test
  void singleUseTokensAreNeverReplayedByTheSandboxesCount() throws Exception {
    assumeTrue(
        KILLS > 0 || !OidcProvider.isInstalled(), "oidc-provider is the stricter one, and is here");
    survives(new SandboxServer(RefreshTokens.SINGLE_USE));
  }

  @Test
  void singleUseTokensAreNeverReplayedByTheCountOfACertifiedServer() throws Exception {
    assumeTrue(
        OidcProvider.isInstalled(),
        "oidc-provider is not here: npm install --prefix target/oidc-provider oidc-provider@9");
    survives(new OidcProvider(folder));
  }

  private void survives(TokenServer server) throws Exception {
    long seed = Clock.systemUTC().millis();
    List<Tally> tallies;
    try (server) {
      CrashRun run = new CrashRun(server, folder, JAR, seed);
      for (Step step : plan()) {
        run.kill(step);
      }
      List<String> faults = run.end();
      tallies = run.tallies();
      write(tallies);
      assertThat(faults).isEmpty();
    }
    assertThat(tallies.stream().mapToInt(Tally::kills).sum()).isEqualTo(plan().size());
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

  private static void write(List<Tally> tallies) throws Exception {
    if (!Files.exists(ROWS)) {
      Files.createDirectories(ROWS.getParent());
      Files.writeString(ROWS, Tally.HEAD);
    }
    for (Tally tally : tallies) {
      Files.writeString(ROWS, tally.row(), StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    }
  }
}
