package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The proof of the rotation log, as a person and a script see it. */
class LogVerifyCommandTest {

  private static final String YAML =
      """
      store: { url: "jdbc:sqlite:refreshd.db" }
      tenants:
        - name: germany
          tenant-id: 11111111-2222-3333-4444-555555555555
          client-id: 66666666-7777-8888-9999-000000000000
          grants: [{ name: live, scopes: [https://graph.microsoft.com/Mail.Read] }]
      """;

  @TempDir private Path folder;
  private Terminal terminal;

  @BeforeEach
  void bringInTwice() throws IOException {
    Path yaml = folder.resolve("refreshd.yaml");
    Files.writeString(yaml, YAML);
    terminal = new Terminal(folder, new MutableClock()).with("REFRESHD_CONFIG", yaml.toString());
    for (String token : new String[] {"0.first-token", "0.second-token"}) {
      Terminal.Result result =
          terminal.runWith(token, "import", "germany/live", "--no-redeem", "--new-user");
      assertThat(result.exit()).as(result.err()).isZero();
    }
  }

  @Test
  void anUntouchedLogIsProven() {
    Terminal.Result result = terminal.run("log", "verify");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).matches("proven: 2 entries, the newest is 2 with hash [0-9a-f]{64}\n");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void aChangedEntryIsNamed() throws SQLException {
    execute("UPDATE rotation_log SET fingerprint = 'sha256:000000000000' WHERE seq = 2");

    Terminal.Result result = terminal.run("log", "verify");

    assertThat(result.exit()).isEqualTo(Refreshd.FAILED);
    assertThat(result.out()).startsWith("changed: entry 2 does not fit its hash");
    assertThat(result.err()).contains("is not as it was written (2 entries)", "hint: ");
  }

  @Test
  void aRestoreIsInTheJsonToo() throws SQLException {
    execute(
        "UPDATE rotation_log SET event = 'restored', tenant = NULL, name = NULL,"
            + " message = 'from a backup' WHERE seq = 2");

    JsonNode restores =
        new ObjectMapper().readTree(terminal.run("log", "verify", "--json").out()).get("restores");

    assertThat(restores).hasSize(1);
    assertThat(restores.get(0).get("seq").asInt()).isEqualTo(2);
    assertThat(restores.get(0).get("at").asString()).startsWith("2026-03-01T");
    assertThat(restores.get(0).get("message").asString()).isEqualTo("from a backup");
  }

  @Test
  void aWordThatNoVersionKnowsIsToldWithItsEntryOrGrant() throws SQLException {
    execute("UPDATE rotation_log SET event = 'bogus' WHERE seq = 2");
    Terminal.Result log = terminal.run("log");
    assertThat(log.exit()).isEqualTo(Refreshd.FAILED);
    assertThat(log.err())
        .contains("entry 2 of the rotation log: the store has \"bogus\" as its event, which this")
        .doesNotContain("java.lang", "Enum");

    execute("UPDATE grants SET last_outcome = 'bogus'");
    Terminal.Result status = terminal.run("status", "--check");
    assertThat(status.exit()).as("unknown").isEqualTo(3);
    assertThat(status.err())
        .contains("germany/live: the store has \"bogus\" as its last outcome, which this")
        .doesNotContain("java.lang", "Enum");
  }

  @Test
  void theVerdictComesThoughAnEntryOfARestoreCannotBeReadAsOne() throws SQLException {
    execute(
        "UPDATE rotation_log SET event = 'restored', tenant = NULL, name = NULL,"
            + " trigger = 'nobody', message = 'from a backup' WHERE seq = 2");

    Terminal.Result result = terminal.run("log", "verify");

    assertThat(result.exit()).isEqualTo(Refreshd.FAILED);
    assertThat(result.out())
        .matches("restored: entry 2 of \\S+: from a backup\nchanged: entry 2 .*\n");
  }

  @Test
  void aCutTailIsInTheDocument() throws SQLException {
    execute("DELETE FROM rotation_log WHERE seq = 2");

    Terminal.Result result = terminal.run("log", "verify", "--json");

    assertThat(result.exit()).isEqualTo(Refreshd.FAILED);
    JsonNode proof = new ObjectMapper().readTree(result.out());
    assertThat(proof.get("proven").asBoolean()).isFalse();
    assertThat(proof.get("last").asInt()).isEqualTo(1);
    assertThat(proof.get("head").asInt()).isEqualTo(2);
    assertThat(proof.get("faults").get(0).get("kind").asString()).isEqualTo("cut");
    assertThat(proof.get("faults").get(0).get("seq").asInt()).isEqualTo(2);
  }

  @Test
  void withoutTheKeyTheRestIsProvenAndTheSealIsNot() throws IOException {
    Files.delete(folder.resolve("refreshd.key"));

    Terminal.Result result = terminal.run("log", "verify");

    assertThat(result.exit()).isZero();
    assertThat(result.out()).startsWith("proven: ");
    assertThat(result.err()).contains("the seal of the log's head was not looked at");
  }

  @Test
  void aStoreThatIsNotThereIsNotProven() throws IOException {
    Files.move(folder.resolve("refreshd.db"), folder.resolve("elsewhere.db"));
    Files.delete(folder.resolve("refreshd.db.head"));

    for (Terminal.Result result :
        List.of(terminal.run("log", "verify"), terminal.run("log", "verify", "--json"))) {
      assertThat(result.exit()).isEqualTo(Refreshd.FAILED);
      assertThat(result.out()).isEmpty();
      assertThat(result.err())
          .contains("there is no store " + folder.resolve("refreshd.db"), "nothing is proven");
    }
  }

  @Test
  void aResultThatCouldNotBeWrittenIsNoSuccess() {
    for (String command :
        List.of(
            "log",
            "log --json",
            "log verify",
            "log verify --json",
            "status --json",
            "reveal germany/live --yes")) {
      Terminal.Result lost = terminal.runForAFullDisk(command.split(" "));

      assertThat(lost.exit()).as(command).isEqualTo(Refreshd.FAILED);
      assertThat(lost.err()).contains("standard output: No space left on device");
    }
  }

  @Test
  void howTheFleetStandsIsUnknownToMonitoringIfItCouldNotBeWritten() {
    assertThat(terminal.runForAFullDisk("status", "--check").exit()).isEqualTo(3);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("refreshd.db"));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
