package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.config.Config;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.StoreException;
import io.refreshd.store.StagedStore;
import io.refreshd.store.StopRequest;
import io.refreshd.store.StoreBackup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Backups and restores that are killed or interrupted at their steps, or whose disk is full. */
class KilledBackupTest {

  private static final int PAGE = 4_096;
  private static final Set<Enum<?>> SHORT =
      Set.of(
          StoreBackup.Step.SEALED,
          StagedStore.Step.CLOSED,
          StagedStore.Step.REPLACED_KEPT,
          StagedStore.Step.HEAD_READY,
          StagedStore.Step.PLACED);
  private static final Clock CLOCK = Clock.systemUTC();
  private static final String YAML =
      """
      store: { url: "jdbc:sqlite:refreshd.db" }
      tenants:
        - name: idp
          token-endpoint: http://127.0.0.1:9/token
          refresh-tokens: single-use
          client-id: keeper
          grants: [{ name: main, scopes: [a] }, { name: quiet, scopes: [a] }]
      """;

  @TempDir private Path folder;
  private Config config;
  private Path backup;

  /** The backup is of the first generation, the store has the second of one grant. */
  @BeforeEach
  void aBackupAndAStoreThatMovedOn() throws Exception {
    Files.writeString(folder.resolve("refreshd.yaml"), YAML);
    config = BackupVictim.config(folder);
    backup = folder.resolve(BackupVictim.FILE);
    bringIn("main", "quiet");
    assertThat(BackingUp.run(config, backup, CLOCK).label().grants()).isEqualTo(2);
    bringIn("main");
  }

  private void bringIn(String... names) throws InterruptedException {
    try (Assembly assembly = Assembly.writing(config, CLOCK)) {
      for (String name : names) {
        RefreshToken token = RefreshToken.of("token-" + CLOCK.instant());
        var unused = assembly.bringIn(grant(name), new Import(token, null, null, false, true));
      }
    }
  }

  private Grant grant(String name) {
    return config.grants().stream().filter(g -> g.name().name().equals(name)).findFirst().get();
  }

  private List<Integer> generations() {
    try (Assembly assembly = Assembly.writing(config, CLOCK)) {
      return assembly.store().records(null, 100).stream().map(GrantRecord::generation).toList();
    }
  }

  private boolean isProven() {
    try (Assembly assembly = Assembly.reading(config, CLOCK)) {
      return assembly.verifyLog().isProven();
    }
  }

  private List<String> leftovers() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches(".*(restoring|unfinished|\\.db\\.copying).*"))
          .toList();
    }
  }

  /** A process for each step takes its time: without the property only those that matter most. */
  private static void assumeWanted(Enum<?> step) {
    Assumptions.assumeTrue(
        SHORT.contains(step) || Boolean.getBoolean("refreshd.crash.backup"),
        "the long form is run with -Drefreshd.crash.backup=true");
  }

  @ParameterizedTest
  @EnumSource
  void aKilledBackupLeavesTheOlderOneOrTheNewOne(StoreBackup.Step step) throws Exception {
    assumeWanted(step);
    byte[] older = Files.readAllBytes(backup);

    BackupVictim.killAt(step, "backup", folder);

    boolean isPlaced = step == StoreBackup.Step.PLACED;
    assertThat(Arrays.equals(Files.readAllBytes(backup), older)).isEqualTo(!isPlaced);
    RestoreNotes notes = new RestoreNotes();
    assertThat(Restoring.of(config, backup, CLOCK).rehearse(notes).grants()).isEqualTo(2);
    assertThat(notes.grants())
        .extracting(grant -> grant.record().generation())
        .containsExactly(isPlaced ? 2 : 1, 1);
    assertThat(BackingUp.run(config, backup, CLOCK).label().last()).isEqualTo(3);
    assertThat(leftovers()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aKilledRestoreLeavesTheStoreThatWasOrTheRestoredOne(StagedStore.Step step) throws Exception {
    assumeWanted(step);

    BackupVictim.killAt(step, "restore", folder);

    boolean isPlaced = step.compareTo(StagedStore.Step.PLACED) >= 0;
    assertThat(isProven()).as("before anybody mends anything").isTrue();
    assertThat(generations()).containsExactly(isPlaced ? 1 : 2, 1);
    assertThat(isProven()).as("after the next one who writes").isTrue();
    try (Assembly assembly = Assembly.reading(config, CLOCK)) {
      assertThat(assembly.status(CLOCK.instant()))
          .extracting(status -> status.state().word())
          .containsExactly(isPlaced ? "needs-consent" : "healthy", "healthy");
    }

    RestoreNotes notes = new RestoreNotes();
    Restoring.Result again = Restoring.of(config, backup, CLOCK).run(true, notes);

    assertThat(notes.grants()).extracting(g -> g.record().generation()).containsExactly(1, 1);
    assertThat(notes.grants().get(0).withheld()).isNotNull();
    assertThat(again.grants()).isEqualTo(2);
    assertThat(again.withheld())
        .isEqualTo(notes.grants().stream().filter(grant -> grant.withheld() != null).count());
    assertThat(isProven()).isTrue();
    assertThat(leftovers()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"SNAPSHOT_TAKEN", "SEALED"})
  void anInterruptedBackupLeavesNoHalfCopyOnTheDisk(StoreBackup.Step step) throws Exception {
    byte[] older = Files.readAllBytes(backup);

    BackupVictim.interruptAt(step, "backup", folder);

    assertThat(leftovers()).isEmpty();
    assertThat(Files.readAllBytes(backup)).isEqualTo(older);
  }

  @Test
  void anInterruptedRestoreLeavesNoHalfStoreOnTheDisk() throws Exception {
    BackupVictim.interruptAt(StagedStore.Step.UNPACKED, "restore", folder);

    assertThat(leftovers()).isEmpty();
    assertThat(generations()).containsExactly(2, 1);
  }

  @Test
  void aRestoreWhoseLastStepFailsDoesNotSayWhatBecameOfTheGrants() {
    RestoreNotes notes = new RestoreNotes();
    Restoring restoring =
        new Restoring(config, backup, CLOCK, KilledBackupTest::failLast, new StopRequest());

    assertThatThrownBy(() -> restoring.run(true, notes)).hasMessage("the disk fails");

    assertThat(notes.grants()).isEmpty();
    assertThat(generations()).containsExactly(2, 1);
  }

  private List<String> kept() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.contains("replaced"))
          .sorted()
          .toList();
    }
  }

  /** A new token that waits in the spool. */
  private void spoolMain() throws Exception {
    execute(
        "CREATE TRIGGER broken BEFORE UPDATE OF current ON grants"
            + " BEGIN SELECT RAISE(ABORT, 'broken'); END");
    bringIn("main");
    execute("DROP TRIGGER broken");
  }

  @Test
  void aRestoreThatFailsLeavesNoSecondNameOfTheStoreThatStays() throws Exception {
    spoolMain();
    Restoring restoring =
        new Restoring(config, backup, CLOCK, KilledBackupTest::failLast, new StopRequest());

    assertThatThrownBy(() -> restoring.run(true, new RestoreNotes())).hasMessage("the disk fails");

    assertThat(kept()).isEmpty();
    assertThat(folder.resolve("refreshd.db.spool-0")).exists();
    assertThat(generations()).containsExactly(3, 1);
    assertThat(isProven()).isTrue();
  }

  @Test
  void aRestoreThatFailsOverADamagedStoreLeavesItsWriteAheadLog() throws Exception {
    byte[] garbage = "no database".repeat(400).getBytes(StandardCharsets.UTF_8);
    Files.write(folder.resolve("refreshd.db"), garbage);
    Files.write(folder.resolve("refreshd.db-wal"), garbage);
    Restoring restoring =
        new Restoring(config, backup, CLOCK, KilledBackupTest::failLast, new StopRequest());

    assertThatThrownBy(() -> restoring.run(true, new RestoreNotes())).hasMessage("the disk fails");

    assertThat(kept()).isEmpty();
    assertThat(folder.resolve("refreshd.db")).hasBinaryContent(garbage);
    assertThat(folder.resolve("refreshd.db-wal")).hasBinaryContent(garbage);
  }

  @Test
  void theNextRestoreRemovesTheSecondNameThatAKilledOneLeft() throws Exception {
    spoolMain();
    BackupVictim.killAt(StagedStore.Step.REPLACED_KEPT, "restore", folder);
    assertThat(kept()).hasSize(3);
    assertThat(generations()).containsExactly(3, 1);

    var unused = Restoring.of(config, backup, CLOCK).run(true, new RestoreNotes());

    assertThat(kept()).as("the database and its head").hasSize(2);
  }

  @Test
  void theNextRestoreLeavesWhatAnEarlierOneHasKept() throws Exception {
    for (int restores = 1; restores <= 2; restores++) {
      var unused = Restoring.of(config, backup, CLOCK).run(true, new RestoreNotes());
      assertThat(kept()).hasSize(2 * restores);
    }
  }

  private static void failLast(StagedStore.Step step) {
    if (step == StagedStore.Step.HEAD_READY) {
      throw new StoreException("the disk fails", null);
    }
  }

  @Test
  void aBackupThatFindsTheDiskFullLeavesTheOlderOneAndNothingElse() throws Exception {
    byte[] older = Files.readAllBytes(backup);
    long size = fillStore();

    String inTheCopy = BackupVictim.runOnFullDisk(size / 2048, "backup", folder);
    assertThat(inTheCopy)
        .startsWith("failed: the copy of the store ")
        .endsWith("no backup was made\n");
    assertThat(Files.readAllBytes(backup)).isEqualTo(older);
    assertThat(leftovers()).isEmpty();

    String inTheFile = BackupVictim.runOnFullDisk(size / 1024, "backup", folder);
    assertThat(inTheFile).startsWith("failed: the backup " + backup + " cannot be written (");
    assertThat(Files.readAllBytes(backup)).isEqualTo(older);
    assertThat(leftovers()).isEmpty();
    assertThat(generations()).containsExactly(2, 1);
  }

  @Test
  void aRestoreThatFindsTheDiskFullLeavesTheStoreThatWas() throws Exception {
    long size = fillStore();
    BackingUp.run(config, backup, CLOCK);
    bringIn("main");

    String said = BackupVictim.runOnFullDisk(size / 2048, "restore", folder);

    assertThat(said).startsWith("failed: the backup cannot be unpacked to ");
    assertThat(generations()).containsExactly(3, 1);
    assertThat(isProven()).isTrue();
    assertThat(leftovers()).isEmpty();
  }

  /**
   * Makes the database larger than SQLite's native library, which is unpacked on the way.
   *
   * @return how large a copy of it is
   */
  private long fillStore() throws Exception {
    execute("INSERT INTO told_causes (channel, cause) VALUES ('x', hex(randomblob(3000000)))");
    Path whole = folder.resolve("whole.backup");
    BackingUp.run(config, whole, CLOCK);
    return Files.size(whole) / PAGE * PAGE; // the label and the seal take less than a page
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + config.store());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
