package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.daemon.Assembly;
import io.refreshd.daemon.Daemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that somebody put back with cp, without saying so to refreshd. */
class PutBackTest {

  @TempDir private Path folder;
  private RestoreWorld world;

  @BeforeEach
  void anOldCopyIsPutBackAndEverythingIsDue() throws IOException {
    world = new RestoreWorld(folder);
    world.bringInAll();
    world.copy("refreshd.db", "copy.db");
    world.succeed("rotate", "idp/main", "market/live");
    world.copy("copy.db", "refreshd.db");
    world.clock.advance(Duration.ofDays(10));
  }

  @AfterEach
  void close() {
    world.close();
  }

  private void startAndStopDaemon() throws ConfigException {
    try (Daemon daemon =
        Daemon.create(
            () ->
                Assembly.loader(Map.of(), folder, world.clock)
                    .load(world.file("refreshd.yaml"), References.RESOLVE),
            Map.of(),
            world.clock)) {
      daemon.start();
    }
  }

  @Test
  void theDaemonSeesItAndPresentsNoTokenOfASingleUseServer() throws Exception {
    int main = world.chain("idp/main").requests();
    int quiet = world.chain("idp/quiet").requests();

    startAndStopDaemon();

    assertThat(world.state("idp/main")).isEqualTo("needs-consent");
    assertThat(world.state("idp/quiet")).isEqualTo("needs-consent");
    assertThat(world.state("market/live")).isEqualTo("healthy");
    assertThat(world.chain("idp/main").requests()).isEqualTo(main);
    assertThat(world.chain("idp/quiet").requests()).isEqualTo(quiet);
    assertThat(world.log("--event", "restored", "--limit", "1").get(0).get("message").asString())
        .startsWith("put back by hand, or cut: entry ")
        .endsWith("; withheld: 2");
  }

  @Test
  void theLogStaysUnprovenUntilAPersonSettlesIt() throws Exception {
    startAndStopDaemon();

    assertThat(world.fail("log", "verify").out()).contains(" was written");
    assertThat(world.fail("doctor").out())
        .contains("is older than its rotation log has been: entry ")
        .contains("settle it: docs/operations.md");

    Files.delete(world.file("refreshd.db.head.lost"));
    assertThat(world.succeed("log", "verify").out()).contains("restored: entry ", "proven: ");
    assertThat(world.terminal.run("doctor").out()).doesNotContain("is older than its rotation log");
  }

  @Test
  void aSecondOldCopyIsRecognisedThoughNobodyHasSettledTheFirst() throws IOException {
    world.fail("rotate");
    world.bringIn("idp/main");
    putBackACopyOfBeforeTheNextRotation();
    int before = world.chain("idp/main").requests();

    Terminal.Result stopped = world.fail("rotate", "idp/main");

    assertThat(stopped.err()).contains("is older than its rotation log has been: entry ");
    assertThat(world.chain("idp/main").requests()).isEqualTo(before);
    assertThat(world.state("idp/main")).isEqualTo("needs-consent");
    assertThat(Files.readAllLines(world.file("refreshd.db.head.lost")))
        .as("both are proven, and for the owner alone")
        .hasSize(2);
    assertThat(Files.getPosixFilePermissions(world.file("refreshd.db.head.lost")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void theDaemonRecognisesASecondOldCopyToo() throws Exception {
    startAndStopDaemon();
    world.bringIn("idp/main");
    putBackACopyOfBeforeTheNextRotation();
    int before = world.chain("idp/main").requests();

    startAndStopDaemon();

    assertThat(world.chain("idp/main").requests()).isEqualTo(before);
    assertThat(world.state("idp/main")).isEqualTo("needs-consent");
  }

  private void putBackACopyOfBeforeTheNextRotation() throws IOException {
    world.copy("refreshd.db", "copy.db");
    world.clock.advance(Duration.ofDays(10));
    world.succeed("rotate", "idp/main");
    Files.setLastModifiedTime(world.file("refreshd.db.head"), FileTime.from(world.clock.instant()));
    world.copy("copy.db", "refreshd.db");
    world.clock.advance(Duration.ofDays(10));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aKillBeforeTheLostHeadIsSetAsideLosesNoProofAndWithholdsNothingTwice(boolean isWritten)
      throws Exception {
    world.copy("refreshd.db.head", "lost.head");
    world.fail("rotate");
    world.bringIn("idp/main");
    world.copy("lost.head", "refreshd.db.head");
    if (!isWritten) {
      Files.delete(world.file("refreshd.db.head.lost"));
    }

    startAndStopDaemon();

    assertThat(world.state("idp/main")).isEqualTo("healthy");
    String missed = Files.readString(world.file("lost.head"));
    String number = missed.substring(0, missed.indexOf(' ') + 1);
    assertThat(Files.readString(world.file("refreshd.db.head.lost"))).startsWith(number);
    assertThat(Files.readString(world.file("refreshd.db.head"))).isNotEqualTo(missed);
    assertThat(world.fail("log", "verify").out()).contains(" was written");
  }

  @Test
  void aNewSealingKeySealsWhatIsLostAnew() {
    world.fail("rotate");

    world.succeed("key", "rotate");

    assertThat(world.fail("log", "verify").out())
        .contains(" was written")
        .doesNotContain("no key of this store");
  }

  @Test
  void aTornFileOfWhatIsLostIsSaidAndKeepsNobodyFromRotating() throws IOException {
    world.fail("rotate");
    Files.writeString(world.file("refreshd.db.head.lost"), "17 ab");

    assertThat(world.fail("log", "verify").out())
        .contains("refreshd.db.head.lost does not hold a head");
    world.succeed("rotate", "market/live");
  }

  @Test
  void whatAPersonDecidedSinceIsNotWithheldAgainAtTheNextStart() throws Exception {
    startAndStopDaemon();
    world.bringIn("idp/main");
    assertThat(world.state("idp/main")).isEqualTo("healthy");

    startAndStopDaemon();

    assertThat(world.state("idp/main")).isEqualTo("healthy");
    assertThat(world.state("idp/quiet")).isEqualTo("needs-consent");
    assertThat(world.log("--event", "restored")).hasSize(3);
  }

  @Test
  void aPersonsRotateIsStoppedOnceForWhoeverAsksMayNotKnow() {
    int before = world.chain("idp/main").requests();

    Terminal.Result stopped = world.fail("rotate");

    assertThat(stopped.err())
        .contains("is older than its rotation log has been: entry ")
        .contains("nothing was rotated; look at `refreshd status`, and ask again if you mean it");
    assertThat(world.chain("idp/main").requests()).isEqualTo(before);
    assertThat(world.state("idp/quiet")).isEqualTo("needs-consent");

    world.fail("rotate");
    assertThat(world.chain("idp/main").requests()).isEqualTo(before + 1);
    assertThat(world.state("idp/quiet")).as("it had not moved on").isEqualTo("healthy");
  }

  @Test
  void aBackupMadeOfItSettlesItByARestore() throws Exception {
    startAndStopDaemon();
    world.succeed("backup", "b.backup");

    world.succeed("restore", "b.backup", "--force");

    assertThat(world.succeed("log", "verify").out()).contains("proven: ");
    assertThat(world.state("idp/main")).isEqualTo("needs-consent");
    assertThat(world.files())
        .doesNotContain("refreshd.db.head.lost")
        .anyMatch(name -> name.matches("refreshd\\.db\\.replaced-.*\\.head\\.lost"));
  }

  @Test
  void aBackupOfBeforeItIsNotTakenForUpToDateOnceItIsSeenTo() throws Exception {
    world.succeed("backup", "b.backup");
    world.fail("rotate");
    Files.delete(world.file("rotation.log"));

    Terminal.Result restored = world.succeed("restore", "b.backup", "--force");

    assertThat(restored.out()).containsPattern("idp/main: .* withheld: ");
  }
}
