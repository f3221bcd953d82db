package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.testing.LogRecorder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backup and restore as a person sees them, with real servers of both sorts. */
class BackupAndRestoreTest {

  @TempDir private Path folder;
  private RestoreWorld world;

  @BeforeEach
  void threeGrants() throws IOException {
    world = new RestoreWorld(folder);
    world.bringInAll();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aBackupIsForItsOwnerAloneAndItsLabelCanBeRead() throws IOException {
    Terminal.Result made = world.succeed("backup", "b.backup");

    assertThat(made.out())
        .matches("\\S+/b\\.backup: backup of \\S+Z, 3 grants, log up to entry 6\n");
    assertThat(made.err())
        .contains("hint: keep the key file " + world.file("refreshd.key"))
        .contains("without that key the backup cannot be read");
    Path file = world.file("b.backup");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
        .startsWith("refreshd backup 1\nmade: ")
        .contains("\ngrants: 3\nschema: ");
    assertThat(world.files())
        .as("nothing is left beside it")
        .noneMatch(name -> name.endsWith(".unfinished") || name.startsWith("refreshd.db.copying"));
  }

  @Test
  void neitherANameNorAFingerprintNorATokenStandsInABackupInClear() throws IOException {
    String fingerprint = world.status("idp/main").toString();
    world.succeed("backup", "b.backup");

    String bytes = Files.readString(world.file("b.backup"), StandardCharsets.ISO_8859_1);
    assertThat(fingerprint).contains("idp/main");
    // none shorter than these: sealed bytes are random, and hold any three now and then; in a row
    // of SQLite tenant and name stand side by side
    assertThat(bytes)
        .doesNotContain("idpmain", "idp/main", "market", "quiet", "sha256:", "imported", "SQLite")
        .doesNotContain(world.chain("market/live").newest());
  }

  @Test
  void aRestoredStoreGoesOnElsewhereAndNothingIsWithheldThatDidNotMoveOn() throws IOException {
    world.succeed("backup", "b.backup");
    world.loseStore();

    Terminal.Result restored = world.succeed("restore", "b.backup");

    assertThat(restored.out())
        .contains("market/live: generation 2, 0.0s old, 90.0d left; reusable, goes on")
        .contains("idp/main: generation 2, 0.0s old, 90.0d left; single-use, goes on")
        .endsWith("restored: " + world.file("refreshd.db") + "\n");
    assertThat(restored.err()).doesNotContain("withheld");
    world.succeed("rotate");
    assertThat(world.status("idp/main").get("generation").asInt()).isEqualTo(3);
    assertThat(world.succeed("log", "verify").out()).contains("proven: ");
  }

  @Test
  void aMisspeltBackupIsNoReasonToForceARestore() {
    world.succeed("backup", "b.backup");

    assertThat(world.fail("restore", "b.bakcup").err())
        .contains("b.bakcup cannot be read (there is no such file or folder)")
        .doesNotContain("--force");
    assertThat(world.fail("restore", "refreshd.yaml").err())
        .contains("refreshd.yaml")
        .doesNotContain("--force");
    assertThat(world.fail("restore", "b.backup").err()).contains("--force replaces it");
  }

  @Test
  void theTokensThatMovedOnAtASingleUseServerAreWithheldUntilAPersonDecides() throws IOException {
    world.succeed("backup", "b.backup");
    world.clock.advance(Duration.ofDays(2));
    world.succeed("rotate", "idp/main", "market/live");
    int presented = world.chain("idp/main").requests();

    Terminal.Result restored = world.succeed("restore", "b.backup", "--force");

    assertThat(restored.out())
        .contains("market/live: generation 2, 2.0d old, 88.0d left; reusable, goes on")
        .contains(
            "idp/main: generation 2, 2.0d old, 88.0d left; single-use, withheld: generation 3")
        .contains("idp/quiet: generation 2, 2.0d old, 88.0d left; single-use, goes on")
        .contains("kept: " + world.file("refreshd.db.replaced-"));
    assertThat(restored.err()).contains("warning: 1 grant withheld");
    assertThat(world.state("idp/main")).isEqualTo("needs-consent");
    assertThat(world.status("idp/main").get("message").asString())
        .contains("restored from a backup of ", "generation 3 was seen in the replaced store");
    assertThat(world.state("idp/quiet")).isEqualTo("healthy");
    assertThat(world.state("market/live")).isEqualTo("healthy");
    assertThat(world.chain("idp/main").requests()).isEqualTo(presented);

    world.succeed("rotate", "market/live", "idp/quiet");
    assertThat(world.status("market/live").get("generation").asInt()).isEqualTo(3);
    world.fail("rotate", "idp/main");
    assertThat(world.chain("idp/main").requests())
        .as("only a person's rotate presents it")
        .isEqualTo(presented + 1);
    world.bringIn("idp/main");
    assertThat(world.state("idp/main")).isEqualTo("healthy");
  }

  @Test
  void afterARestoreLogVerifyExplainsItAndACutIsStillFound() throws Exception {
    world.succeed("backup", "b.backup");
    world.succeed("rotate");
    world.succeed("restore", "b.backup", "--force");

    Terminal.Result proven = world.succeed("log", "verify");

    assertThat(proven.out())
        .containsPattern("restored: entry 9 .*from a backup of \\S+, with the log up to entry 6;")
        .containsPattern(
            "the log went up to entry \\d+ before, hash [0-9a-f]{64}; withheld: 2 of 3")
        .contains("proven: 9 entries");
    assertThat(world.log("--event", "restored")).hasSize(3);

    world.succeed("rotate", "market/live");
    world.succeed("log", "verify");
    Sql.execute(
        world.file("refreshd.db"),
        "DELETE FROM rotation_log WHERE seq = (SELECT max(seq) FROM rotation_log)");
    assertThat(world.fail("log", "verify").out()).containsPattern("cut: entry 1\\d was written");
  }

  @Test
  void theReplacedStoreIsAStoreOfItsOwn() throws IOException {
    world.succeed("backup", "b.backup");
    world.succeed("rotate");
    world.succeed("restore", "b.backup", "--force");

    String kept =
        world.files().stream()
            .filter(name -> name.matches(".*replaced-[0-9TZ]+"))
            .findFirst()
            .get();
    String yaml = Files.readString(world.file("refreshd.yaml"));
    Files.writeString(
        world.file("refreshd.yaml"),
        yaml.replace(
            "store: { url: 'jdbc:sqlite:refreshd.db' }",
            "store: { url: 'jdbc:sqlite:" + kept + "', key: 'file:refreshd.key' }"));
    assertThat(world.status("idp/main").get("generation").asInt()).isEqualTo(3);
    assertThat(world.succeed("log", "verify").out()).startsWith("proven: ");
  }

  @Test
  void aStoreThatIsThereIsReplacedOnlyByForce() throws IOException {
    world.succeed("backup", "b.backup");
    byte[] before = Files.readAllBytes(world.file("refreshd.db"));

    Terminal.Result refused = world.fail("restore", "b.backup");

    assertThat(refused.err()).contains("there is a store ", " already; --force replaces it");
    assertThat(Files.readAllBytes(world.file("refreshd.db"))).isEqualTo(before);
  }

  @Test
  void aDryRunSaysWhatItWouldMeanAndChangesNothing() throws IOException {
    world.succeed("backup", "b.backup");
    world.succeed("rotate", "idp/main");
    var before = world.files();

    Terminal.Result rehearsed = world.succeed("restore", "b.backup", "--dry-run");

    assertThat(rehearsed.out())
        .contains("idp/main: generation 2, ", "single-use, withheld: generation 3 was seen in ")
        .endsWith("the backup is whole; nothing was changed\n");
    assertThat(world.files()).isEqualTo(before);
    assertThat(world.state("idp/main")).isEqualTo("healthy");
  }

  @Test
  void withTheStoreLostTheRotationLogFileTellsWhatMovedOn() throws IOException {
    world.succeed("backup", "b.backup");
    world.succeed("rotate", "idp/main");
    world.loseStore();

    Terminal.Result restored = world.succeed("restore", "b.backup");

    assertThat(restored.out())
        .contains("single-use, withheld: generation 3 was seen in rotation.log")
        .contains("idp/quiet: generation 2, 0.0s old, 90.0d left; single-use, goes on");
  }

  @Test
  void whereNothingTellsEverySingleUseTokenIsWithheld() throws IOException {
    world.succeed("backup", "b.backup");
    world.loseStore();
    Files.delete(world.file("refreshd.db.head"));
    Files.delete(world.file("rotation.log"));

    Terminal.Result restored = world.succeed("restore", "b.backup");

    assertThat(restored.out())
        .containsPattern(withheldAsUnknown("idp/main"))
        .containsPattern(withheldAsUnknown("idp/quiet"))
        .contains("market/live: generation 2, 0.0s old, 90.0d left; reusable, goes on");
    assertThat(world.state("idp/quiet")).isEqualTo("needs-consent");
  }

  @Test
  void aHeadThatIsFurtherThanTheLogFileTellsThatSomethingIsNotKnown() throws IOException {
    world.succeed("backup", "b.backup");
    world.copy("rotation.log", "old.log");
    world.succeed("rotate", "market/live");
    world.loseStore();
    world.copy("old.log", "rotation.log");

    Terminal.Result restored = world.succeed("restore", "b.backup");

    assertThat(restored.out()).containsPattern(withheldAsUnknown("idp/quiet"));
  }

  @Test
  void anOldRotationLogIsNoWitnessThatNothingMovedOnWhereTheHeadIsLost() throws IOException {
    world.succeed("backup", "b.backup");
    world.copy("rotation.log", "old.log");
    world.succeed("rotate", "idp/main");
    world.loseStore();
    world.copy("old.log", "rotation.log");
    Files.delete(world.file("refreshd.db.head"));

    Terminal.Result restored = world.succeed("restore", "b.backup");

    assertThat(restored.out()).containsPattern(withheldAsUnknown("idp/main"));
  }

  @Test
  void anOldCopyOfTheStoreIsNoWitnessThatNothingMovedOnWhereTheHeadIsLost() throws IOException {
    world.succeed("backup", "b.backup");
    world.copy("refreshd.db", "copy.db");
    world.succeed("rotate", "idp/main");
    world.copy("copy.db", "refreshd.db");
    Files.delete(world.file("rotation.log"));
    Files.delete(world.file("refreshd.db.head"));

    Terminal.Result restored = world.succeed("restore", "b.backup", "--force");

    assertThat(restored.out()).containsPattern(withheldAsUnknown("idp/main"));
  }

  @Test
  void aHeadThatIsOlderThanTheBackupDoesNotTellThatNothingMovedOn() throws IOException {
    world.copy("refreshd.db.head", "old.head");
    world.succeed("rotate", "market/live");
    world.succeed("backup", "b.backup");
    world.copy("rotation.log", "old.log");
    world.succeed("rotate", "idp/main");
    world.loseStore();
    world.copy("old.log", "rotation.log");
    world.copy("old.head", "refreshd.db.head");

    Terminal.Result restored = world.succeed("restore", "b.backup");

    assertThat(restored.out()).containsPattern(withheldAsUnknown("idp/main"));
  }

  @Test
  void whatTheRotationLogSawIsSaidAlsoWhereTheHeadIsLost() throws IOException {
    world.succeed("backup", "b.backup");
    world.succeed("rotate", "idp/main");
    world.loseStore();
    Files.delete(world.file("refreshd.db.head"));

    Terminal.Result restored = world.succeed("restore", "b.backup");

    assertThat(restored.out())
        .containsPattern("idp/main: .* withheld: generation 3 was seen in rotation.log")
        .containsPattern(withheldAsUnknown("idp/quiet"));
  }

  @Test
  void anOldCopyThatWasPutBackByHandIsNoWitnessThatNothingMovedOn() throws IOException {
    world.succeed("backup", "b.backup");
    world.copy("refreshd.db", "copy.db");
    world.succeed("rotate", "idp/main");
    world.copy("copy.db", "refreshd.db");
    Files.delete(world.file("rotation.log"));

    Terminal.Result restored = world.succeed("restore", "b.backup", "--force");

    assertThat(restored.out()).containsPattern(withheldAsUnknown("idp/main"));
  }

  @Test
  void aBackupOfAnotherStoreIsNotRestoredOverThisOne() throws IOException {
    world.succeed("backup", "other.backup");
    world.loseStore();
    Files.delete(world.file("refreshd.db.head"));
    world.clock.advance(Duration.ofDays(1));
    world.bringInAll();

    Terminal.Result refused = world.fail("restore", "other.backup", "--force");

    assertThat(refused.err())
        .contains("other.backup is of another store than ")
        .contains("nothing was restored");
    assertThat(world.files()).noneMatch(name -> name.contains("replaced"));
  }

  @Test
  void aDamagedBackupChangesNothing() throws IOException {
    world.succeed("backup", "b.backup");
    byte[] bytes = Files.readAllBytes(world.file("b.backup"));
    bytes[bytes.length / 2] ^= 1;
    Files.write(world.file("b.backup"), bytes);
    var before = world.files();

    Terminal.Result refused = world.fail("restore", "b.backup", "--force");

    assertThat(refused.err())
        .contains("b.backup is damaged or was changed (it does not open")
        .contains("nothing was restored. take another one");
    assertThat(world.files()).isEqualTo(before);
  }

  @Test
  void aGrantThatNoConfigurationNamesIsWithheldAsIfItsTokensWereForSingleUse() throws IOException {
    world.succeed("backup", "b.backup");
    world.succeed("rotate", "idp/main");
    world.configure("market");

    Terminal.Result restored = world.succeed("restore", "b.backup", "--force");

    assertThat(restored.out())
        .containsPattern("idp/main: .* not configured, withheld: generation 3");
    world.configure("market", "idp");
    assertThat(world.state("idp/main")).isEqualTo("needs-consent");
  }

  @Test
  void aSecondRestoreOfTheSameBackupKnowsWhatTheFirstLifeSpent() throws IOException {
    world.succeed("backup", "b.backup");
    world.succeed("rotate", "idp/main");
    world.succeed("restore", "b.backup", "--force");
    world.succeed("rotate", "idp/quiet");

    Terminal.Result again = world.succeed("restore", "b.backup", "--force");

    assertThat(again.out())
        .containsPattern("idp/main: .* withheld: ")
        .containsPattern("idp/quiet: .* withheld: generation 3 was seen in ");
    assertThat(world.succeed("log", "verify").out()).contains("proven: ");
    assertThat(world.files().stream().filter(name -> name.matches(".*replaced-[0-9TZ]+(-2)?")))
        .hasSize(2);
  }

  @Test
  void aSpentTokenOfAGrantThatWasForgottenSinceIsWithheld() throws IOException {
    world.succeed("backup", "b.backup");
    world.succeed("rotate", "idp/main", "idp/quiet");
    world.configure("market");
    world.succeed("forget", "idp/main", "--yes");
    world.succeed("forget", "idp/quiet", "--yes");
    world.configure("market", "idp");
    world.terminal.runWith(world.issue("idp/quiet"), "import", "idp/quiet", "--no-redeem");
    assertThat(world.status("idp/quiet").get("generation").asInt()).as("it counts anew").isOne();
    Files.delete(world.file("rotation.log"));

    Terminal.Result restored = world.succeed("restore", "b.backup", "--force");

    for (String grant : List.of("idp/main", "idp/quiet")) {
      assertThat(restored.out())
          .containsPattern(
              grant + ": .* withheld: generation 3 was seen in the log of the replaced store");
      assertThat(world.state(grant)).isEqualTo("needs-consent");
    }
  }

  /** A backup, then two rotations more, of which the store could not take the last one. */
  private void backUpAndMoveOnIntoASpool() throws Exception {
    world.succeed("backup", "b.backup");
    world.clock.advance(Duration.ofDays(1));
    world.succeed("rotate", "idp/main");
    spoolNextOfMain();
  }

  private void spoolNextOfMain() throws Exception {
    execute(
        "CREATE TRIGGER broken BEFORE UPDATE OF current ON grants"
            + " BEGIN SELECT RAISE(ABORT, 'broken'); END");
    var unused = world.terminal.run("rotate", "idp/main");
    execute("DROP TRIGGER broken");
  }

  private void execute(String sql) throws SQLException {
    try (Connection database =
            DriverManager.getConnection("jdbc:sqlite:" + world.file("refreshd.db"));
        Statement statement = database.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void theNewestTokenThatWaitsInASpoolIsRestoredThoughItsGrantMovedOnSinceTheBackup()
      throws Exception {
    backUpAndMoveOnIntoASpool();

    Terminal.Result restored = world.succeed("restore", "b.backup", "--force");

    assertThat(restored.out()).contains("idp/main: generation 4, ", "single-use, goes on: ");
    world.clock.advance(Duration.ofDays(10));
    world.succeed("rotate", "idp/main");
    assertThat(world.status("idp/main").get("generation").asInt()).isEqualTo(5);
    assertThat(world.succeed("log", "verify").out()).contains("proven: ");
  }

  @Test
  void theNewestTokenInASpoolIsRestoredAlsoWhereTheStoreIsLost() throws Exception {
    backUpAndMoveOnIntoASpool();
    world.loseStore();

    Terminal.Result restored = world.succeed("restore", "b.backup");

    assertThat(restored.out()).contains("idp/main: generation 4, ", "single-use, goes on: ");
    world.succeed("rotate", "idp/main");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTokenInASpoolOfAConsentThatWasForgottenSinceIsNotRestoredAndItIsSaidWhereItIs(
      boolean isStoreLost) throws Exception {
    backUpAndMoveOnIntoASpool();
    world.copy("refreshd.db.spool-0", "spool");
    forgetAndImportMainAnew();
    world.copy("spool", "refreshd.db.spool-0");
    if (isStoreLost) {
      world.loseStore();
    }

    try (LogRecorder log = new LogRecorder()) {
      Terminal.Result restored = world.succeed("restore", "b.backup", "--force");

      assertThat(restored.out()).containsPattern("idp/main: generation 2, .* withheld: ");
      assertThat(log.lines())
          .contains(
              "WARN idp/main: generation 4 waits in a spool beside "
                  + world.file("refreshd.db")
                  + ", which is kept with the replaced store, and is not restored: the grant was"
                  + " forgotten since, and is numbered anew");
    }
  }

  @Test
  void aTokenInASpoolIsNotPutOverALaterConsentThatTheBackupHas() throws Exception {
    backUpAndMoveOnIntoASpool();
    world.copy("refreshd.db.spool-0", "spool");
    forgetAndImportMainAnew();
    world.copy("spool", "refreshd.db.spool-0");
    world.clock.advance(Duration.ofDays(1));
    world.succeed("backup", "b.backup");

    try (LogRecorder log = new LogRecorder()) {
      world.succeed("restore", "b.backup", "--force");

      assertThat(world.status("idp/main").get("generation").asInt()).isOne();
      assertThat(log.lines())
          .contains(
              "WARN idp/main: generation 4 waits in the backup "
                  + world.file("b.backup")
                  + " and is not restored: nothing tells that it is newer than the backup");
    }
  }

  private void forgetAndImportMainAnew() throws IOException {
    world.configure("market");
    world.succeed("forget", "idp/main", "--yes");
    world.configure("market", "idp");
    world.terminal.runWith(world.issue("idp/main"), "import", "idp/main", "--no-redeem");
    assertThat(world.status("idp/main").get("generation").asInt()).as("it counts anew").isOne();
  }

  /** What is said of a single-use grant where nothing is left that tells of it. */
  private static String withheldAsUnknown(String grant) {
    return grant + ": .* withheld: nothing tells whether it was used since";
  }
}
