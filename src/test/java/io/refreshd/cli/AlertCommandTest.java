package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.Alert;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.ScriptedAlerter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AlertCommandTest {

  private static final String YAML =
      """
      tenants:
        - name: germany
          tenant-id: 11111111-2222-3333-4444-555555555555
          client-id: 66666666-7777-8888-9999-000000000000
          grants: [{ name: live, scopes: [https://graph.microsoft.com/Mail.Read] }]
      """;

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void writeYaml() throws IOException {
    Files.writeString(folder.resolve("refreshd.yaml"), YAML);
  }

  @Test
  void eachChannelGetsATestAndALine() throws Exception {
    ScriptedAlerter alerter = new ScriptedAlerter("ops", "mail");

    int exit = run(alerter);

    assertThat(exit).isZero();
    assertThat(text(out).lines())
        .hasSize(2)
        .allMatch(line -> line.matches("(ops|mail): delivered in \\d+ ms"));
    ScriptedAlerter.Arrival first = alerter.next();
    assertThat(first.channel()).isEqualTo("ops");
    assertThat(first.alert().change()).isEqualTo(Alert.Change.TEST);
    assertThat(first.alert().at()).isEqualTo(MutableClock.START);
    assertThat(alerter.next().channel()).isEqualTo("mail");
  }

  @Test
  void aChannelThatFailsIsNamedWithTheReason() {
    ScriptedAlerter alerter = new ScriptedAlerter("ops", "mail");
    alerter.fail("ops", "smtp://host:587: connection refused");

    int exit = run(alerter);

    assertThat(exit).isEqualTo(Refreshd.FAILED);
    assertThat(text(out).lines())
        .satisfiesExactly(
            ops -> assertThat(ops).isEqualTo("ops: failed: smtp://host:587: connection refused"),
            mail -> assertThat(mail).startsWith("mail: delivered in "));
    assertThat(text(err)).contains("hint: ");
  }

  @Test
  void onlyTheChannelsThatAreNamedAreTried() throws Exception {
    ScriptedAlerter alerter = new ScriptedAlerter("ops", "mail", "pager");

    assertThat(run(alerter, "mail")).isZero();

    assertThat(alerter.next().channel()).isEqualTo("mail");
    assertThat(alerter.rest()).isEmpty();
  }

  @Test
  void aChannelThatIsNotThereIsAMistakeOfTheCaller() {
    int exit = run(new ScriptedAlerter("ops", "mail"), "mial");

    assertThat(exit).isEqualTo(Refreshd.USAGE);
    assertThat(text(err)).contains("no channel is called \"mial\"", "configured are: ops, mail");
    assertThat(text(out)).isEmpty();
  }

  @Test
  void withoutAChannelThereIsNothingToTest() {
    int exit = run(new ScriptedAlerter());

    assertThat(exit).isEqualTo(Refreshd.USAGE);
    assertThat(text(err)).contains("no channel is configured", "hint: ");
  }

  private int run(ScriptedAlerter alerter, String... channels) {
    Map<String, String> environment =
        Map.of("REFRESHD_CONFIG", folder.resolve("refreshd.yaml").toString());
    Console console =
        new Console(
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            new ByteArrayInputStream(new byte[0]),
            false,
            environment);
    Refreshd refreshd = new Refreshd(console, environment, folder, new MutableClock());
    String[] arguments = new String[channels.length + 1];
    arguments[0] = "test";
    System.arraycopy(channels, 0, arguments, 1, channels.length);
    return new CommandLine(new AlertCommand(refreshd, config -> alerter).spec())
        .setExecutionExceptionHandler((e, command, parsed) -> refreshd.report(e))
        .execute(arguments);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
