package io.refreshd.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.sandbox.SandboxCast;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program: a backup beside the daemon at work, restored on another machine. */
@Timeout(240)
class BackupIT {

  @TempDir private Path folder;

  @Test
  void aBackupMadeBesideABusyDaemonIsRestoredElsewhereAndRotates() throws Exception {
    try (SandboxWorld world =
        new SandboxWorld(folder, 1, Duration.ofSeconds(1), Duration.ofMinutes(10))) {
      for (SandboxCast.Member member : world.cast.members()) {
        assertThat(world.bringIn(member).exit()).isZero();
      }
      try (RefreshdProcess daemon = world.daemon()) {
        daemon.await(
            () -> world.chains().stream().allMatch(chain -> chain.redemptions() >= 3),
            () -> "it does not rotate");
        RefreshdProcess.Result backup = world.run("backup", "busy.backup");
        assertThat(backup.exit()).as(backup.err()).isZero();
        RefreshdProcess.Result refused = world.run("restore", "busy.backup", "--force");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("another `refreshd run` is at work on the store");
        daemon.terminate();
        assertThat(daemon.await().exit()).isEqualTo(143);
      }
      restoreElsewhere(world);
    }
  }

  private static void restoreElsewhere(SandboxWorld world) throws Exception {
    Path there = Files.createDirectory(world.folder.resolve("there"));
    for (String name : new String[] {"refreshd.yaml", "refreshd.key", "busy.backup"}) {
      Files.copy(world.folder.resolve(name), there.resolve(name));
    }
    Files.createSymbolicLink(there.resolve("secrets"), world.folder.resolve("secrets"));
    Map<String, String> environment =
        Map.of("REFRESHD_CONFIG", there.resolve("refreshd.yaml").toString());

    RefreshdProcess.Result restored =
        RefreshdProcess.run(there, environment, "", "restore", "busy.backup");
    assertThat(restored.exit()).as(restored.err()).isZero();
    assertThat(restored.out()).contains("reusable, goes on").endsWith("/refreshd.db\n");
    RefreshdProcess.Result rotated = RefreshdProcess.run(there, environment, "", "rotate");
    assertThat(rotated.exit()).as(rotated.out() + rotated.err()).isZero();
  }
}
