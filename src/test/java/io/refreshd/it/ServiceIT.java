package io.refreshd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged daemon as a service: signals, the service manager, the unit. */
@Timeout(240)
class ServiceIT {

  private static final Path UNIT = Path.of("config/refreshd.service").toAbsolutePath();

  @TempDir private Path folder;

  private SandboxWorld world(int markets) throws IOException {
    return new SandboxWorld(folder, markets, Duration.ofDays(7), Duration.ofDays(90));
  }

  @Test
  void systemdIsToldOfStartReloadLifeAndStop() throws Exception {
    try (NotifyListener systemd = new NotifyListener(folder);
        SandboxWorld world = world(2)) {
      Map<String, String> unit =
          Map.of("NOTIFY_SOCKET", systemd.address(), "WATCHDOG_USEC", "1000000");
      try (RefreshdProcess daemon = world.startWith(unit, "run").awaitOutput("ready:")) {
        daemon.await(() -> hears(systemd, "WATCHDOG=1"), () -> "no sign of life");
        String yaml = Files.readString(world.config());
        Files.writeString(world.config(), yaml.substring(0, yaml.indexOf("  - name: france")));
        daemon.hangUp();
        daemon.awaitOutput("reloaded: 2 grants removed (france/live, france/sandbox)");
        daemon.await(() -> hears(systemd, "READY=1 STATUS=2 grants, 2 new"), () -> "not ready");
        daemon.terminate();
        assertThat(daemon.await().exit()).isEqualTo(143);
        assertThat(daemon.err()).isEmpty();
        assertThat(daemon.out()).doesNotContain("warning", "error");
      }
      List<String> heard = systemd.lines().stream().filter(l -> !l.equals("WATCHDOG=1")).toList();
      assertThat(heard).hasSize(5);
      assertThat(heard.get(0)).isEqualTo("LISTENING");
      assertThat(heard.get(1)).isEqualTo("READY=1 STATUS=4 grants, 4 new");
      assertThat(heard.get(2)).matches("RELOADING=1 MONOTONIC_USEC=[0-9]+");
      assertThat(heard.get(3)).isEqualTo("READY=1 STATUS=2 grants, 2 new");
      assertThat(heard.get(4)).isEqualTo("STOPPING=1");
    }
  }

  private static boolean hears(NotifyListener systemd, String message) {
    try {
      return systemd.lines().contains(message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aBrokenFileLeavesTheOldConfigurationInForceUntilItIsMended() throws Exception {
    try (SandboxWorld world = world(1);
        RefreshdProcess daemon = world.daemon()) {
      String yaml = Files.readString(world.config());
      Files.writeString(world.config(), yaml.replace("client-id:", "client-idd:"));
      daemon.hangUp();
      daemon.awaitOutput("the old one stays in force");
      assertThat(daemon.out()).contains("refreshd.yaml:").contains("did you mean client-id?");

      Files.writeString(world.config(), yaml);
      daemon.hangUp();
      daemon.awaitOutput("reloaded: no grant changed");
    }
  }

  @Test
  void aStopInMidReloadOrMidStartIsCleanAndTheNextStartWorks() throws Exception {
    try (SandboxWorld world = world(12)) {
      try (RefreshdProcess starting = world.start("run")) {
        starting.await(() -> Files.exists(folder.resolve("refreshd.db")), () -> "no store");
        starting.terminate();
        assertThat(starting.await().exit()).isEqualTo(143);
        assertThat(starting.err()).isEmpty();
      }
      try (RefreshdProcess reloading = world.daemon()) {
        for (int i = 0; i < 20; i++) {
          reloading.hangUp();
        }
        reloading.terminate();
        reloading.hangUp();
        assertThat(reloading.await().exit()).isEqualTo(143);
        assertThat(reloading.err()).isEmpty();
        assertThat(reloading.out()).contains("stopped").doesNotContain("<3>");
      }
      try (RefreshdProcess next = world.daemon()) {
        next.terminate();
        assertThat(next.await().exit()).isEqualTo(143);
      }
    }
  }

  @Test
  void theUnitPassesSystemdsOwnChecks() throws Exception {
    assumeTrue(
        NotifyListener.isThere("systemd-analyze"), "there is no systemd-analyze here: not checked");
    // it also looks whether what is to be run is there
    Path unit = folder.resolve(UNIT.getFileName());
    String text = Files.readString(UNIT);
    Files.writeString(
        unit, text.replace("=/usr/lib/refreshd/refreshd ", "=" + Launcher.PATH + " "));

    assertThat(analyze("verify", "--man=no", unit.toString())).isEmpty();
    assertThat(analyze("security", "--offline=true", "--threshold=15", UNIT.toString()))
        .contains("Overall exposure level");
  }

  private static String analyze(String... arguments) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("systemd-analyze").redirectErrorStream(true);
    builder.command().addAll(List.of(arguments));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
