package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
