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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code key rotate}, as a person sees it. */
class KeyCommandTest {

  private static final String YAML =
      """
      store: { url: "jdbc:sqlite:refreshd.db" }
      tenants:
        - name: germany
          tenant-id: 11111111-2222-3333-4444-555555555555
          client-id: 66666666-7777-8888-9999-000000000000
          grants:
            - { name: live, scopes: [https://graph.microsoft.com/Mail.Read] }
            - { name: sandbox, scopes: [https://graph.microsoft.com/Mail.Read] }
      """;

  @TempDir private Path folder;
  private Terminal terminal;

  @BeforeEach
  void bringIn() throws IOException {
    Path yaml = folder.resolve("refreshd.yaml");
    Files.writeString(yaml, YAML);
    terminal = new Terminal(folder, new MutableClock()).with("REFRESHD_CONFIG", yaml.toString());
    bringIn("germany/live");
  }

  private void bringIn(String grant) {
    assertThat(terminal.runWith("0.token", "import", grant, "--no-redeem").out()).contains(grant);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("refreshd.db"));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void aNewKeySealsEveryToken() {
    Terminal.Result result = terminal.run("key", "rotate");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).endsWith("refreshd.key: new key, 1 token resealed\n");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void anOldKeyThatHasToStayIsToldOfAndGoesLater() throws SQLException {
    execute(
        "CREATE TRIGGER broken BEFORE INSERT ON grants BEGIN SELECT RAISE(ABORT, 'broken'); END");
    bringIn("germany/sandbox");

    Terminal.Result early = terminal.run("key", "rotate");
    assertThat(early.exit()).isEqualTo(Refreshd.FAILED);
    assertThat(early.err()).contains("refreshd.key: the old key is still in it", "hint: ");

    execute("DROP TRIGGER broken");
    Terminal.Result late = terminal.run("key", "rotate");
    assertThat(late.exit()).as(late.err()).isZero();
    assertThat(late.err()).isEmpty();
  }

  @Test
  void aKeyThatAnotherStoreOfTheFolderNeedsStaysAndWhatToDoIsTold() throws IOException {
    Path second = folder.resolve("second.yaml");
    Files.writeString(second, YAML.replace("refreshd.db", "second.db"));
    String[] config = {"--config", second.toString()};
    terminal.runWith("0.token", "import", "germany/live", "--no-redeem", config[0], config[1]);

    Terminal.Result result = terminal.run("key", "rotate");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).endsWith("refreshd.key: new key, 1 token resealed\n");
    assertThat(result.err())
        .contains(
            "refreshd.key: the old key is still in it, for other stores",
            folder.resolve("second.db").toString(),
            "hint: give each of them the new key");
    assertThat(terminal.run("reveal", "germany/live", "--yes", config[0], config[1]).out())
        .contains("0.token");

    assertThat(terminal.run("key", "rotate", "--drop-old").out())
        .doesNotContain("no old key is in it");
    assertThat(terminal.run("key", "rotate", config[0], config[1]).err()).isEmpty();
    assertThat(terminal.run("key", "rotate", "--drop-old").out()).contains("no old key is in it");
    assertThat(terminal.run("reveal", "germany/live", "--yes").out()).contains("0.token");
  }

  @Test
  void toDropOldKeysMakesNoNewOne() throws IOException {
    String before = Files.readString(folder.resolve("refreshd.key"));

    Terminal.Result result = terminal.run("key", "rotate", "--drop-old");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).endsWith("refreshd.key: no old key is in it any more\n");
    assertThat(folder.resolve("refreshd.key")).hasContent(before);
  }

  @Test
  void anOldKeyThatIsNeededHereIsNotDropped() throws SQLException {
    execute(
        "CREATE TRIGGER broken BEFORE INSERT ON grants BEGIN SELECT RAISE(ABORT, 'broken'); END");
    bringIn("germany/sandbox");
    terminal.run("key", "rotate");

    Terminal.Result early = terminal.run("key", "rotate", "--drop-old");
    assertThat(early.exit()).isEqualTo(Refreshd.FAILED);
    assertThat(early.err())
        .contains(
            "refreshd.key: the old key is still in it", "run `refreshd key rotate --drop-old`");

    execute("DROP TRIGGER broken");
    assertThat(terminal.run("key", "rotate", "--drop-old").exit()).isZero();
  }
}
