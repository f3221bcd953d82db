package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All that a store consists of, copied to a machine that does not have its key. */
class CopiedStoreTest {

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

  private static final String TOKENS = "0.AsecretTokenOf-";
  private static final String MISSING =
      "refreshd.key is missing; the store was sealed with it, so bring it back from a backup";

  @TempDir private static Path folder;
  private static Path copy;
  private static Terminal thief;

  @BeforeAll
  static void copyAllButTheKey() throws IOException, SQLException {
    Path home = Files.createDirectory(folder.resolve("home"));
    copy = Files.createDirectory(folder.resolve("copy"));
    Terminal owner = at(home);
    assertThat(bringIn(owner, "germany/live", "first").exit()).isZero();
    assertThat(bringIn(owner, "germany/live", "second").exit()).isZero();
    try (Connection database = open(home);
        Statement statement = database.createStatement()) {
      statement.execute(
          "CREATE TRIGGER broken BEFORE INSERT ON grants BEGIN SELECT RAISE(ABORT, 'broken'); END");
      Terminal.Result held = bringIn(owner, "germany/sandbox", "held");
      assertThat(held.out()).contains("germany/sandbox");
      try (var files = Files.list(home)) {
        for (Path file : files.toList()) {
          if (!file.endsWith("refreshd.key")) {
            Files.copy(file, copy.resolve(file.getFileName()));
          }
        }
      }
    }
    thief = at(copy);
  }

  private static Terminal at(Path place) throws IOException {
    Path yaml = place.resolve("refreshd.yaml");
    if (!Files.exists(yaml)) {
      Files.writeString(yaml, YAML);
    }
    return new Terminal(place, new MutableClock()).with("REFRESHD_CONFIG", yaml.toString());
  }

  private static Terminal.Result bringIn(Terminal terminal, String grant, String token) {
    return terminal.runWith(TOKENS + token, "import", grant, "--no-redeem", "--new-user");
  }

  private static Connection open(Path place) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + place.resolve("refreshd.db"));
  }

  @Test
  void noFileOfItShowsAToken() throws IOException {
    try (var files = Files.list(copy)) {
      List<Path> all = files.toList();
      assertThat(all)
          .extracting(file -> file.getFileName().toString())
          .contains("refreshd.db", "refreshd.db.head", "refreshd.db.spool-0")
          .contains("rotation.log")
          .doesNotContain("refreshd.key");
      for (Path file : all) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(text).as("%s", file).doesNotContain(TOKENS);
        // in clear: names, times, fingerprints
        if (file.endsWith("rotation.log")) {
          assertThat(text).contains("germany/live", "sha256:");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rotate", "rotate germany/live", "reveal germany/live --yes", "key rotate"})
  void whatNeedsTheKeySaysThatItIsMissingAndDoesNothing(String line) throws IOException {
    Terminal.Result result = thief.run(line.split(" "));

    assertThat(result.exit()).as(result.err()).isEqualTo(Refreshd.FAILED);
    assertThat(result.err()).contains(MISSING).doesNotContain("\tat ");
    assertThat(result.out() + result.err()).doesNotContain(TOKENS);
    assertThat(copy.resolve("refreshd.key")).doesNotExist();
  }

  @Test
  void aTokenIsNotTakenIn() {
    Terminal.Result result = bringIn(thief, "germany/live", "third");

    assertThat(result.exit()).isEqualTo(Refreshd.FAILED);
    assertThat(result.err()).contains(MISSING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"status", "status --json", "log", "log --json", "log verify", "check", "simulate"})
  void whatNeedsNoKeyShowsNoToken(String line) {
    Terminal.Result result = thief.run(line.split(" "));

    assertThat(result.out()).isNotEmpty();
    assertThat(result.out() + result.err()).doesNotContain(TOKENS).doesNotContain("\tat ");
  }

  @Test
  void theDoctorNamesTheMissingKey() {
    Terminal.Result result = thief.run("doctor");

    assertThat(result.exit()).isEqualTo(Refreshd.FAILED);
    assertThat(result.out()).contains(MISSING);
  }

  @Test
  void theProofOfTheLogSaysThatTheSealWasNotLookedAt() {
    Terminal.Result result = thief.run("log", "verify");

    assertThat(result.exit()).isZero();
    assertThat(result.err()).contains("the seal of the log's head was not looked at", MISSING);
  }

  @Test
  void anotherKeyIsNoHelp() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    assertThat(bringIn(at(other), "germany/live", "other").exit()).isZero();
    try (var files = Files.list(copy)) {
      for (Path file : files.toList()) {
        Files.copy(file, other.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }

    for (String command : List.of("rotate", "reveal germany/live --yes")) {
      Terminal.Result result = at(other).run(command.split(" "));
      assertThat(result.exit()).isEqualTo(Refreshd.FAILED);
      assertThat(result.err())
          .contains("refreshd.key is not the one that the store was sealed with")
          .doesNotContain(TOKENS);
    }
  }
}
