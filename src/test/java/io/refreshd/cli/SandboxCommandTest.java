package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxCommandTest {

  @TempDir private Path folder;

  private Terminal.Result sandbox(String... options) {
    String[] words = new String[options.length + 1];
    words[0] = "sandbox";
    System.arraycopy(options, 0, words, 1, options.length);
    return new Terminal(folder, new MutableClock()).run(words);
  }

  @Test
  void aPortThatSomebodyElseListensOnIsNamedWithoutAStackTrace() throws IOException {
    try (ServerSocket other =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      Terminal.Result result = sandbox("--port", Integer.toString(other.getLocalPort()));

      assertThat(result.exit()).isEqualTo(2);
      assertThat(result.err())
          .contains("--port: nothing can listen on " + other.getLocalPort())
          .contains("hint: name another one")
          .doesNotContain("\tat ");
      assertThat(folder).isEmptyDirectory();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--port, 65536, 0 to 65535",
    "--port, -1, 0 to 65535",
    "--markets, 0, 1 to 1000",
    "--markets, 1001, 1 to 1000"
  })
  void aNumberOutOfRangeIsNamedWithItsRange(String option, String given, String range) {
    Terminal.Result result = sandbox(option, given);

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err())
        .contains(option + ": " + given + " is out of range")
        .contains("hint: " + range);
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "no/such/x, no/such/x: cannot be made: the folder around it does not exist",
    "file/x, 'file/x: cannot be made: '",
    "'', --folder: is empty",
    "file, 'file: is there already,'"
  })
  void aFolderThatCannotBeMadeIsToldWithoutAStackTrace(String named, String words)
      throws IOException {
    Files.createFile(folder.resolve("file"));

    Terminal.Result result = sandbox("--folder", named);

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err())
        .contains("refreshd: " + words)
        .contains("hint: ")
        .doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource({
    "--lifetime, 0s, --lifetime: 0s is too short",
    "--rotate-every, 0s, --rotate-every: 0s is too short",
    "--lifetime, soon, '--lifetime: \"soon\" is not a duration'",
    "--rotate-every, 60d, --rotate-every 60d is more than a third of lifetime 90d; would be 30d",
    "--lifetime, 20s, --rotate-every 7d is more than a third of lifetime 20s; would be 6s"
  })
  void whatCheckWouldRefuseIsRefusedBeforeAnythingIsMade(
      String option, String given, String words) {
    Terminal.Result result = sandbox(option, given);

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("refreshd: " + words).contains("hint: ");
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"refreshd-sandbox/a.token", "my box/a", "it's $HOME/`a`", "~/a", "", "ü"})
  void aShellTakesAPathThatIsPrintedForWhatItIs(String path) throws Exception {
    Process shell = new ProcessBuilder("sh", "-c", "printf %s " + ShellWord.of(path)).start();

    assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo(path);
  }

  @Test
  void aPlainPathIsPrintedAsItIs() {
    assertThat(ShellWord.of("refreshd-sandbox/market01-live.token"))
        .isEqualTo("refreshd-sandbox/market01-live.token");
  }
}
