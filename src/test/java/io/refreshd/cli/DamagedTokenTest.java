package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One stored token that no key opens, beside others that are well. */
class DamagedTokenTest {

  private static final String KEPT = "refreshd.key: the old key is still in it";

  @TempDir private Path folder;
  private RestoreWorld world;

  @BeforeEach
  void oneOfThreeIsDamaged() throws IOException, SQLException {
    world = new RestoreWorld(folder);
    world.bringInAll();
    damage("token");
  }

  @AfterEach
  void close() {
    world.close();
  }

  /** One byte of it is another one; its start still names the key that sealed it. */
  private void damage(String column) throws SQLException {
    Sql.execute(
        world.file("refreshd.db"),
        "UPDATE grants SET "
            + column
            + " = CAST(substr(token, 1, 40) || x'00' || substr(token, 42) AS BLOB)"
            + " WHERE name = 'live'");
  }

  @Test
  void itDoesNotKeepANewKeyFromSealingAllTheOthersAndIsNamed() {
    Terminal.Result rotated = world.fail("key", "rotate");

    assertThat(rotated.out()).endsWith("refreshd.key: new key, 5 tokens resealed\n");
    assertThat(rotated.err())
        .contains("market/live: its token is damaged, no key opens it")
        .contains("refreshd import market/live")
        .contains(KEPT);
    assertThat(world.fail("key", "rotate").err()).contains("market/live: its token is damaged");
    world.succeed("rotate", "idp/main", "idp/quiet");

    world.bringIn("market/live");
    Terminal.Result completed = world.succeed("key", "rotate");
    assertThat(completed.err()).isEmpty();
    assertThat(completed.out())
        .endsWith("no new key, but on with the one that was new before: 0 tokens resealed\n");
    world.succeed("rotate", "market/live");
  }

  @Test
  void aRotationOfItNamesTheGrantOnce() {
    assertThat(world.fail("rotate", "market/live").out())
        .contains("market/live: not rotated: the stored token of generation 2 is damaged");
  }

  @Test
  void aDamagedTokenOfBeforeDoesNotKeepTheCurrentOneFromBeingResealed() throws SQLException {
    world.bringIn("market/live");
    damage("previous_token");

    Terminal.Result rotated = world.fail("key", "rotate");

    assertThat(rotated.out()).endsWith("refreshd.key: new key, 5 tokens resealed\n");
    assertThat(rotated.err())
        .contains("market/live: the token before its current one is damaged")
        .contains("refreshd rotate market/live")
        .contains(KEPT);
    world.succeed("rotate", "market/live");
    world.succeed("key", "rotate");
  }

  @Test
  void itDoesNotKeepABackupFromBeingMadeAndRestored() throws IOException {
    world.fail("key", "rotate");

    world.succeed("backup", "b.backup");
    world.loseStore();
    world.succeed("restore", "b.backup");

    world.succeed("rotate", "idp/main");
    assertThat(world.fail("rotate", "market/live").out())
        .contains("market/live: not rotated: the stored token");
    world.bringIn("market/live");
    world.succeed("rotate", "market/live");
  }

  @Test
  void aTokenThatIsNotRedeemedNowTakesItsPlace() {
    String fresh = world.issue("market/live");

    Terminal.Result imported =
        world.terminal.runWith(fresh, "import", "market/live", "--no-redeem");

    assertThat(imported.exit()).as(imported.err()).isZero();
    world.succeed("rotate", "market/live");
    world.succeed("key", "rotate");
  }

  @Test
  void itsGrantCanBeForgotten() throws IOException {
    world.configure("idp");

    assertThat(world.succeed("forget", "market/live", "--yes").out())
        .isEqualTo("market/live: forgotten\n");
    assertThat(world.log("market/live")).last().asString().contains("forgotten", "sha256:");
    world.succeed("key", "rotate");
  }

  @Test
  void itIsNotPresentedAndItsGrantIsFreeAfterwards() throws SQLException {
    Sql.execute(world.file("refreshd.db"), "UPDATE grants SET token = x'00' WHERE name = 'main'");

    assertThat(world.fail("rotate", "idp/main").out())
        .contains("idp/main: not rotated: the stored token");
    assertThat(world.fail("rotate", "idp/main").out())
        .as("neither leased nor taken for presented")
        .contains("idp/main: not rotated: the stored token");
    assertThat(world.state("idp/main")).isEqualTo("healthy");
  }
}
