package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.testing.LogRecorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against scripts that stand in for {@code systemd-notify}. */
class SystemdNotifyTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path folder;

  private String script(String body) throws IOException {
    Path script =
        Files.createFile(
            folder.resolve("systemd-notify"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(script, "#!/bin/sh\n" + body + "\n");
    return script.toString();
  }

  @Test
  void theChildGetsTheMessageAndTheSocketAndNothingElseOfTheEnvironment() throws Exception {
    String program = script("{ printf '%s\\n' \"$@\"; env; } > " + folder.resolve("seen"));

    new SystemdNotify(program, "/run/somewhere", LIMIT).send("READY=1", "STATUS=24 grants, 1 new");

    assertThat(System.getenv()).as("otherwise nothing is shown").hasSizeGreaterThan(1);
    assertThat(Files.readAllLines(folder.resolve("seen")))
        .as("what the shell adds of its own aside")
        .filteredOn(line -> !line.matches("(PWD|OLDPWD|SHLVL|_)=.*"))
        .containsExactly("READY=1", "STATUS=24 grants, 1 new", "NOTIFY_SOCKET=/run/somewhere");
  }

  @Test
  void aProgramThatIsNotThereIsOneWarning() {
    try (LogRecorder log = new LogRecorder()) {
      NotifySocket notify =
          new SystemdNotify(folder.resolve("missing").toString(), "/run/somewhere", LIMIT);
      notify.send("READY=1");
      notify.send("STOPPING=1");

      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("WARN systemd is not told")
          .contains("missing");
    }
  }

  @Test
  void aProgramThatFailsIsOneWarningWithItsWords() throws Exception {
    try (LogRecorder log = new LogRecorder()) {
      NotifySocket notify =
          new SystemdNotify(script("echo no such socket >&2; exit 3"), "/run/somewhere", LIMIT);
      notify.send("READY=1");
      notify.send("STOPPING=1");

      assertThat(log.lines()).singleElement().asString().contains("exit 3 no such socket");
    }
  }

  @Test
  void aProgramThatHangsIsNotWaitedForLongerThanTheLimit() throws Exception {
    try (LogRecorder log = new LogRecorder()) {
      long from = System.nanoTime();
      new SystemdNotify(script("exec sleep 60"), "/run/somewhere", Duration.ofMillis(100))
          .send("READY=1");

      assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(LIMIT);
      assertThat(log.lines()).singleElement().asString().contains("it does not end");
    }
  }

  @Test
  void withoutASocketThereIsNobodyToTell() {
    assertThat(SystemdNotify.find(Map.of())).isEmpty();
    assertThat(SystemdNotify.find(Map.of("NOTIFY_SOCKET", ""))).isEmpty();
    assertThat(SystemdNotify.find(Map.of("NOTIFY_SOCKET", "@abstract"))).isPresent();
  }

  @Test
  void theWatchdogsIntervalIsOursOnlyIfItIsMeantForThisProcess() {
    String pid = Long.toString(ProcessHandle.current().pid());

    assertThat(SystemdNotify.watchdog(Map.of("WATCHDOG_USEC", "300000000")))
        .contains(Duration.ofMinutes(5));
    assertThat(SystemdNotify.watchdog(Map.of("WATCHDOG_USEC", "1500000", "WATCHDOG_PID", pid)))
        .contains(Duration.ofMillis(1500));
    assertThat(SystemdNotify.watchdog(Map.of("WATCHDOG_USEC", "1500000", "WATCHDOG_PID", "1")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "5min", "99999999999999999999"})
  void aWatchdogsIntervalThatIsNoneIsIgnored(String micros) {
    assertThat(SystemdNotify.watchdog(Map.of("WATCHDOG_USEC", micros))).isEmpty();
  }
}
