package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What standard error shows stands in terminals, scripts' logs and the journal. */
class MisplacedTokenTest {

  private static final String TOKEN = "0.AXoAq1w2e3r4t5z6u7i8o9p0-secret_token.of~germany";

  private static final String YAML =
      """
      tenants:
        - name: germany
          tenant-id: 11111111-2222-3333-4444-555555555555
          client-id: 66666666-7777-8888-9999-000000000000
          scopes: [https://api.partnercenter.microsoft.com/user_impersonation]
          grants: [{ name: live }]
      """;

  @TempDir private Path folder;
  private Terminal terminal;

  @BeforeEach
  void writeConfiguration() throws IOException {
    Path file = Files.writeString(folder.resolve("refreshd.yaml"), YAML);
    terminal = new Terminal(folder, new MutableClock()).with("REFRESHD_CONFIG", file.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import germany/live TOKEN",
        "import germany/live TOKEN more",
        "import TOKEN",
        "import TOKEN/x",
        "import germany/TOKEN",
        "import germany/live --TOKEN",
        "import germany/live --token=TOKEN",
        "import germany/live --no-redeem=TOKEN",
        "import germany/live --issued-at TOKEN",
        "import germany/live --issued-at=TOKEN",
        "import germany/live --issued-at 2026-TOKEN",
        "import germany/live --issued-at",
        "TOKEN",
        "TOKEN import",
        "reveal TOKEN",
        "rotate TOKEN",
        "rotate TOKEN/TOKEN",
        "status TOKEN",
        "log --since TOKEN",
        "log --event TOKEN",
        "log --limit TOKEN",
        "simulate --days TOKEN",
        "simulate --outage TOKEN",
        "simulate --revoke TOKEN@3d",
        "alert test TOKEN",
        "alert TOKEN"
      })
  void aTokenInTheWrongPlaceIsNotShown(String words) {
    String[] arguments = words.replace("TOKEN", TOKEN).split(" ");

    Terminal.Result result = terminal.runWith("given-as-it-should-be", arguments);

    assertThat(result.exit()).as(result.err()).isEqualTo(2);
    assertThat(result.out() + result.err()).doesNotContain(TOKEN.substring(6));
  }

  @Test
  void aTokenBehindTheGrantIsToldWhereItGoes() {
    Terminal.Result result = terminal.run("import", "germany/live", TOKEN);

    assertThat(result.err())
        .contains("argument 3 is one too many")
        .contains("hint: a token is read from standard input: refreshd import GRANT < FILE");
  }

  @Test
  void aWordThatIsNoCommandIsToldByItsPlaceAndWhatWasMeant() {
    Terminal.Result result = terminal.run("statsu");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("argument 1 is no command", "did you mean status");
  }

  @Test
  void anOptionThatThereIsNotIsNamed() {
    assertThat(terminal.run("status", "--jsn").err()).contains("there is no option --jsn");
  }

  @Test
  void aFileOfATokenIsNotTakenForArguments() throws IOException {
    Files.writeString(folder.resolve("token.txt"), TOKEN);

    Terminal.Result result =
        terminal.run("import", "germany/live", "@" + folder.resolve("token.txt"));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("argument 3").doesNotContain(TOKEN.substring(6));
  }
}
