package io.refreshd.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alerter.UndeliveredException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real commands that take an alert, fail, hang or talk too much. */
@Timeout(60)
class CommandChannelTest {

  private static final Duration PATIENT = Duration.ofSeconds(30);

  @TempDir Path folder = Path.of("");

  @Test
  void aCommandGetsTheAlertInItsEnvironmentAndOnItsStdin() throws Exception {
    deliver(Alerts.secret(), "env -0 > $1/env; cat > $1/stdin", folder.toString());

    assertThat(variables())
        .contains(
            "REFRESHD_ALERT_CHANGE=raised",
            "REFRESHD_ALERT_LEVEL=critical",
            "REFRESHD_ALERT_TITLE=germany: the client secret is refused, 2 grants stand still",
            "REFRESHD_ALERT_CAUSE=circuit/credential:4f1c",
            "REFRESHD_ALERT_SUBJECTS=germany/live\ngermany/sandbox");
    assertThat(folder.resolve("stdin")).hasContent(Format.GENERIC.body(Alerts.secret()));
  }

  /** The test's own environment stands for the daemon's: none of its other variables may pass. */
  @Test
  void nothingElseOfOurEnvironmentIsInherited() throws Exception {
    assertThat(System.getenv().keySet()).as("else this test says nothing").anyMatch(this::isOurs);

    deliver(Alerts.secret(), "env -0 > $1/env", folder.toString());

    assertThat(variables().stream().map(variable -> variable.split("=", 2)[0]))
        .isNotEmpty()
        .noneMatch(this::isOurs);
  }

  /** The last four are a shell's own. */
  private boolean isOurs(String variable) {
    return !variable.startsWith("REFRESHD_ALERT_")
        && !List.of("PATH", "HOME", "LANG", "TZ", "PWD", "OLDPWD", "SHLVL", "_").contains(variable);
  }

  @Test
  void noShellReadsTheArguments() throws Exception {
    deliver(Alerts.secret(), "printf %s \"$2\" > $1/argument", folder.toString(), "$(id); *");

    assertThat(folder.resolve("argument")).hasContent("$(id); *");
  }

  @Test
  void anExitCodeOtherThanZeroIsUndeliveredAndTheOutputQuoted() throws IOException {
    assertUndelivered(PATIENT, "echo; echo 'no line to\u0007 the pager' >&2; echo more; exit 3")
        .isEqualTo(folder.resolve("pager") + " ended with exit code 3 \"no line to the pager\"");
  }

  @Test
  void anExitCodeWithoutAWordIsToldAsItIs() throws IOException {
    assertUndelivered(PATIENT, "exit 9").endsWith("pager ended with exit code 9");
  }

  @Test
  void aCommandThatDoesNotReadItsInputIsDelivered() throws Exception {
    deliver(Alerts.many(20_000, "stands still"), "exec <&-; exit 0");
  }

  @Test
  void thousandsOfSubjectsFitTheEnvironment() throws Exception {
    deliver(Alerts.many(50_000, "stands still"), "env -0 > $1/env", folder.toString());

    assertThat(variables())
        .filteredOn(variable -> variable.startsWith("REFRESHD_ALERT_SUBJECTS="))
        .singleElement()
        .satisfies(
            subjects -> assertThat(subjects).hasSizeLessThan(33_000).endsWith("\n…"),
            subjects -> assertThat(subjects.lines().skip(1)).contains("market/2"));
  }

  @Test
  void aCommandThatTalksWithoutEndIsNotHeldUpAndNotKept() throws IOException {
    assertUndelivered(PATIENT, "head -c 20000000 /dev/zero | tr '\\0' x; exit 1")
        .contains("ended with exit code 1 \"xxxx")
        .hasSizeLessThan(400);
  }

  @Test
  void aCommandThatHangsIsKilledWithAllThatItStarted() throws Exception {
    String script =
        """
        sh -c 'echo $$ > "$1/grandchild"; exec sleep 600' sh "$1" &
        echo $$ > $1/child
        while [ ! -s $1/grandchild ]; do sleep 0.01; done
        sleep 600
        """;
    assertUndelivered(Duration.ofSeconds(3), script, folder.toString())
        .endsWith("pager: given up after 3 s");

    assertDead("child");
    assertDead("grandchild");
  }

  @Test
  void whatACommandLeavesBehindIsNotWaitedFor() throws Exception {
    long start = System.nanoTime();

    assertUndelivered(PATIENT, "sleep 20 & echo $! > $1/left; echo gone; exit 1", folder.toString())
        .endsWith("exit code 1 \"gone\"");

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    process("left").destroyForcibly();
  }

  @Test
  void whoeverClosesTheChannelNeedNotWait() throws Exception {
    Path script = script("echo $$ > $1/child; sleep 600");
    CommandChannel channel =
        new CommandChannel("pager", List.of(script.toString(), folder.toString()), PATIENT);
    FutureTask<String> delivery =
        new FutureTask<>(
            () -> {
              try {
                channel.deliver(Alerts.secret());
                return "delivered";
              } catch (UndeliveredException e) {
                return e.getMessage();
              }
            });
    new Thread(delivery).start();
    awaitContent("child");

    channel.close();

    assertThat(delivery.get(10, TimeUnit.SECONDS))
        .endsWith("pager: given up, refreshd is stopping");
    assertDead("child");
  }

  @Test
  void aCommandThatIsNotThereIsSaidSo() {
    assertCannotRun(folder.resolve("nothing"), "No such file or directory");
  }

  @Test
  void aCommandThatMayNotBeRunIsSaidSo() throws IOException {
    assertCannotRun(Files.writeString(folder.resolve("plain"), "exit 0"), "Permission denied");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000b", "a\nb", "a\r\nREFRESHD=x"})
  void aTitleOfAnyTextIsOneLine(String title) throws Exception {
    deliver(Alerts.titled(title), "env -0 > $1/env", folder.toString());

    assertThat(variables()).contains("REFRESHD_ALERT_TITLE=" + Text.flat(title));
  }

  @Test
  void anEmptyCommandIsRefused() {
    assertThatThrownBy(() -> new CommandChannel("pager", List.of(), PATIENT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pager: the command is empty");
  }

  private void assertCannotRun(Path command, String why) {
    try (CommandChannel channel =
        new CommandChannel("pager", List.of(command.toString()), PATIENT)) {
      assertThatThrownBy(() -> channel.deliver(Alerts.secret()))
          .isInstanceOf(UndeliveredException.class)
          .hasMessage("cannot run " + command + ": " + why);
    }
  }

  private void deliver(Alert alert, String script, String... arguments) throws Exception {
    try (CommandChannel channel = channel(PATIENT, script, arguments)) {
      channel.deliver(alert);
    }
  }

  private AbstractStringAssert<?> assertUndelivered(
      Duration timeout, String script, String... arguments) throws IOException {
    try (CommandChannel channel = channel(timeout, script, arguments)) {
      channel.deliver(Alerts.secret());
    } catch (UndeliveredException e) {
      return assertThat(e.getMessage());
    }
    throw new AssertionError("it was delivered");
  }

  private CommandChannel channel(Duration timeout, String script, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(script(script).toString());
    command.addAll(List.of(arguments));
    return new CommandChannel("pager", command, timeout);
  }

  private Path script(String text) throws IOException {
    Path script = Files.writeString(folder.resolve("pager"), "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }

  private List<String> variables() throws IOException {
    return Stream.of(Files.readString(folder.resolve("env")).split("\0", -1))
        .filter(variable -> !variable.isEmpty())
        .toList();
  }

  private void awaitContent(String file) throws IOException {
    Path path = folder.resolve(file);
    while (!Files.exists(path) || Files.size(path) == 0) {
      Thread.onSpinWait();
    }
  }

  private ProcessHandle process(String file) throws IOException {
    long id = Long.parseLong(Files.readString(folder.resolve(file)).strip());
    return ProcessHandle.of(id).orElseThrow();
  }

  /** Killed, or killed and not yet buried: an orphan is, by whoever adopts it. */
  private void assertDead(String file) throws Exception {
    String id = Files.readString(folder.resolve(file)).strip();
    Path state = Path.of("/proc", id, "stat");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (Files.exists(state) && !Files.readString(state).contains(") Z ")) {
      assertThat(System.nanoTime()).as(file + " " + id + " lives on").isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
