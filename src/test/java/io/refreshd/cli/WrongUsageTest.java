package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.testing.MutableClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What a command line may say, and what a person is told of one that cannot be. */
class WrongUsageTest {

  private static final String NO_FILE = ": does not exist; would be a file";

  @TempDir private Path folder;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          status --json --json         | option '--json' should be specified only once | refreshd status --help
          log --limit=5 --limit=6      | option '--limit' (N) should be specified only once | refreshd log --help
          status --config=a --config=b | option '--config' (FILE) should be specified only once | refreshd status --help
          status --json=maybe          | invalid value for option '--json': 'maybe' is not a boolean | refreshd status --help
          log --limit                  | missing required parameter for option '--limit' (N) | refreshd log --help
          log --limit x                | invalid value for option '--limit': 'x' is not an int | refreshd log --help
          simulate --days 1.5          | invalid value for option '--days': '1.5' is not an int | refreshd simulate --help
          status --config --json       | expected parameter for option '--config' but found '--json' | refreshd status --help
          log --limit -5               | --limit: -5 is not a number of entries | 1 or more
          log --limit=-5               | --limit: -5 is not a number of entries | 1 or more
          status --jsn                 | there is no option --jsn | did you mean --json?
          status --hel                 | there is no option --hel | did you mean --help?
          status -x                    | there is no option -x | refreshd status --help
          log verify --follow          | there is no option --follow | refreshd log verify --help
          key rotate --drop-ol         | there is no option --drop-ol | did you mean --drop-old?
          import                       | missing required parameter: 'GRANT' | refreshd import --help
          migrate-store                | missing required parameters: 'FROM', 'TO' | refreshd migrate-store --help
          migrate-store x              | missing required parameter: 'TO' | refreshd migrate-store --help
          migrate-store x y z          | argument 4 is one too many | refreshd migrate-store --help
          check x                      | argument 2 is one too many | refreshd check --help
          key rotate x                 | argument 3 is one too many | refreshd key rotate --help
          key                          | missing required subcommand | refreshd key --help
          key x                        | argument 2 is no command | refreshd key --help
          alert                        | missing required subcommand | refreshd alert --help
          """)
  void isToldWithWhatToDo(String words, String message, String hint) {
    int exit = refreshd().execute(words.split(" "));

    assertThat(exit).isEqualTo(2);
    assertThat(said()).isEqualToIgnoringNewLines("refreshd: " + message + "hint: " + hint);
  }

  /** It gets as far as the configuration, which is not there. */
  @ParameterizedTest
  @CsvSource({
    "--config a.yaml status, a.yaml",
    "--config=a.yaml status, a.yaml",
    "status --config a.yaml, a.yaml",
    "key --config a.yaml rotate, a.yaml",
    "key rotate --config a.yaml, a.yaml",
    "--config a.yaml status --config b.yaml, b.yaml",
    "rotate -- --json, refreshd.yaml",
    "status @file, refreshd.yaml",
    "status --check=false a b c, refreshd.yaml",
    "import --issued-at=20d germany/live --no-redeem, refreshd.yaml",
    "simulate --outage 1d+1h --fresh --outage=2d+1h, refreshd.yaml"
  })
  void isNoneWhereTheWordsStandAsTheyMay(String words, String configuration) {
    refreshd().execute(words.split(" "));

    assertThat(said()).contains(configuration + NO_FILE);
  }

  @Test
  void whatOneCommandLineGaveIsNotThereForTheNext() {
    Refreshd refreshd = refreshd();
    refreshd.execute("check", "--config", "a.yaml");
    assertThat(said()).contains("a.yaml" + NO_FILE);
    refreshd.execute("check");
    assertThat(said()).contains("refreshd.yaml" + NO_FILE);

    Argument<Path> file = Argument.option("--file", "FILE", Path.class, "A file.");
    Argument<Integer> number = Argument.option("--number", "N", Integer.class, 7, "A number.");
    Argument<List<String>> times = Argument.repeatable("--at", "T", "Times.");
    Argument<List<String>> words = Argument.words("WORD", "Words.");
    Flag flag = new Flag("--flag", "A flag.");
    CommandLine line =
        new CommandLine(Syntax.of("test", "For a test.", file, number, times, words, flag));

    line.parseArgs("--file=a", "--number", "-1", "b", "--at=1d", "--flag", "--at=2d", "c");

    assertThat(file.get()).isEqualTo(Path.of("a"));
    assertThat(number.get()).isEqualTo(-1);
    assertThat(times.get()).containsExactly("1d", "2d");
    assertThat(words.get()).containsExactly("b", "c");
    assertThat(flag.isGiven()).isTrue();

    line.parseArgs("--at=3d");

    assertThat(file.orNull()).isNull();
    assertThat(number.get()).isEqualTo(7);
    assertThat(times.get()).containsExactly("3d");
    assertThat(words.get()).isEmpty();
    assertThat(flag.isGiven()).isFalse();
  }

  @Test
  void theHelpKeepsTheOrderAndNamesDefaults() {
    CommandLine command = new CommandLine(new SandboxCommand(refreshd()).spec());
    command.setCommandName("sandbox");

    assertThat(command.getUsageMessage(CommandLine.Help.Ansi.OFF))
        .isEqualToNormalizingNewlines(
            """
            Usage: sandbox [-hV] [--folder=DIR] [--lifetime=D] [--markets=N] [--port=N]
                           [--rotate-every=D]
            A local stand-in for the Entra token endpoint, with grants to try things out
            on. Runs until stopped; what it issued ends with it.
                  --port=N           Where to listen (any free port).
                  --folder=DIR       Is made for the configuration and first tokens
                                       (refreshd-sandbox).
                  --markets=N        Two grants each (12).
                  --lifetime=D       What a refresh token is good for (90d).
                  --rotate-every=D   What the configuration says (7d).
              -h, --help             Show this help message and exit.
              -V, --version          Print version information and exit.
            """);
  }

  private Refreshd refreshd() {
    Map<String, String> environment =
        Map.of("LANG", "C.UTF-8", "REFRESHD_CONFIG", folder.resolve("refreshd.yaml").toString());
    PrintStream to = new PrintStream(err, true, StandardCharsets.UTF_8);
    Console console =
        new Console(to, to, new ByteArrayInputStream(new byte[0]), false, environment);
    return new Refreshd(console, environment, folder, new MutableClock());
  }

  private String said() {
    String said = err.toString(StandardCharsets.UTF_8);
    err.reset();
    return said;
  }
}
