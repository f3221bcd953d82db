package io.refreshd.store;

import static io.refreshd.store.Samples.FRANCE;
import static io.refreshd.store.Samples.LIVE;
import static io.refreshd.store.Samples.SANDBOX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.BackupLabel;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Sightings;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.TokenStore;
import io.refreshd.store.SealingKeyRotation.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a backup takes along, what a restore refuses, and what becomes of what stood there. */
class StagedStoreTest {

  @TempDir private Path folder;
  private StoreFixture fixture;
  private Samples samples;
  private Path backup;

  @BeforeEach
  void aStoreWithGrants() throws IOException {
    fixture = new StoreFixture(Files.createDirectory(folder.resolve("here")));
    samples = fixture.samples;
    backup = folder.resolve("a.backup");
    try (OpenStore store = fixture.open("run")) {
      samples.bringIn(store, LIVE);
      samples.rotate(store, LIVE, 1);
      samples.bringIn(store, SANDBOX);
    }
  }

  private StoreBackup.Made backUp() {
    return StoreBackup.make(fixture.location, backup, fixture.clock, step -> {}, new StopRequest());
  }

  /** Another machine, to which the key was brought. */
  private StoreFixture elsewhere() throws IOException {
    StoreFixture other = new StoreFixture(Files.createDirectory(folder.resolve("there")));
    Files.copy(fixture.location.keyFile(), other.location.keyFile());
    return other;
  }

  private StagedStore stage(StoreFixture where) {
    return StoreRestore.stage(where.location, backup, where.clock, step -> {}, new StopRequest());
  }

  private Optional<Path> restore(StoreFixture where) {
    try (StagedStore staged = stage(where)) {
      staged.store().append(Entry.of(where.clock.instant(), null, Event.RESTORED, "from a backup"));
      return staged.place(step -> {});
    }
  }

  private static int generation(TokenStore store, GrantName grant) {
    return store.findRecord(grant).map(GrantRecord::generation).orElse(0);
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void everythingThatWasStoredIsRestoredElsewhere() throws Exception {
    backUp();
    StoreFixture other = elsewhere();

    assertThat(restore(other)).isEmpty();

    try (OpenStore store = other.open("run")) {
      assertThat(store.find(LIVE).orElseThrow().current()).isEqualTo(samples.generation(LIVE, 2));
      assertThat(store.find(LIVE).orElseThrow().previous()).isEqualTo(samples.generation(LIVE, 1));
      assertThat(Samples.log(store)).hasSize(4);
      assertThat(store.verifyLog().isProven()).isTrue();
      assertThat(store.findLostHead()).isEmpty();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(other.location.base())))
        .isEqualTo("rw-------");
  }

  @Test
  void aSuccessorThatWaitsInASpoolIsInTheBackupAndInTheRestoredStore() throws Exception {
    spoolSuccessorOf(LIVE, 2);

    assertThat(backUp().held()).containsExactly(LIVE);

    try (StagedStore staged = stage(elsewhere())) {
      assertThat(generation(staged.store(), LIVE)).isEqualTo(3);
      assertThat(staged.store().find(LIVE).orElseThrow().current())
          .isEqualTo(samples.generation(LIVE, 3));
    }
  }

  @Test
  void aSuccessorThatWaitsBesideALostStoreIsBroughtIn() throws Exception {
    backUp();
    spoolSuccessorOf(LIVE, 2);
    Files.delete(fixture.location.base());

    Optional<Path> kept = restore(fixture);

    assertThat(kept).isPresent();
    try (OpenStore store = fixture.open("run")) {
      assertThat(generation(store, LIVE)).isEqualTo(3);
    }
  }

  @Test
  void aSuccessorThatDoesNotFollowWhatIsRestoredIsKeptAsideAndToldOf() throws Exception {
    backUp();
    try (OpenStore store = fixture.open("run")) {
      samples.rotate(store, LIVE, 2);
    }
    spoolSuccessorOf(LIVE, 3);
    try (StagedStore staged = stage(fixture)) {
      Sightings sightings = new Sightings();
      var unused = staged.lookAround(sightings);
      assertThat(sightings.findDoubt(staged.store().findRecord(LIVE).orElseThrow()))
          .contains("generation 4 was seen in a spool");
    }

    Path kept = restore(fixture).orElseThrow();

    try (OpenStore store = fixture.open("run")) {
      assertThat(generation(store, LIVE)).isEqualTo(2);
    }
    SqliteLocation aside = new SqliteLocation(kept, fixture.location.keyFile());
    try (OpenStore replaced = TokenStores.openToWrite(aside, "run", 3, fixture.clock)) {
      assertThat(generation(replaced, LIVE)).as("with its spool").isEqualTo(4);
      assertThat(replaced.verifyLog().isProven()).as("with its head").isTrue();
    }
  }

  private void spoolSuccessorOf(GrantName grant, int expected) throws Exception {
    try (OpenStore store = fixture.open("run")) {
      fixture.breakCommits();
      samples.rotate(store, grant, expected);
      assertThat(store.held()).containsExactly(grant);
    }
    fixture.mendCommits();
  }

  @Test
  void whatWasPresentedWhenTheBackupWasMadeIsUnanswered() throws Exception {
    try (OpenStore store = fixture.open("run")) {
      samples.markingLease(store, LIVE);
      backUp();
    }
    StoreFixture other = elsewhere();
    restore(other);

    try (OpenStore store = other.open("run")) {
      assertThat(store.findRecord(LIVE).orElseThrow().unanswered()).isTrue();
      assertThat(store.findRecord(SANDBOX).orElseThrow().unanswered()).isFalse();
    }
  }

  @Test
  void whatTheReplacedStorePresentedWithoutAnAnswerIsInDoubt() {
    backUp();
    try (OpenStore store = fixture.open("run")) {
      samples.markingLease(store, LIVE);
    }
    try (StagedStore staged = stage(fixture)) {
      Sightings sightings = new Sightings();
      var unused = staged.lookAround(sightings);

      assertThat(sightings.isComplete()).isTrue();
      assertThat(sightings.findDoubt(staged.store().findRecord(LIVE).orElseThrow()))
          .isEqualTo("it was presented, and nobody saw the answer (the replaced store)");
      assertThat(sightings.findDoubt(staged.store().findRecord(SANDBOX).orElseThrow())).isNull();
    }
  }

  @Test
  void aBackupBesideAWriterIsOfOneInstant() throws Exception {
    try (OpenStore store = fixture.open("run")) {
      Thread writer =
          new Thread(
              () -> {
                for (int n = 1; !Thread.currentThread().isInterrupted(); n++) {
                  samples.rotate(store, SANDBOX, n);
                }
              });
      writer.start();
      for (int i = 0; i < 5; i++) {
        backUp();
        try (StagedStore staged = stage(elsewhereAnew(i))) {
          int last =
              Samples.log(staged.store(), Samples.query(0, Event.ROTATED, false, 0)).stream()
                  .filter(logged -> SANDBOX.equals(logged.entry().grant()))
                  .mapToInt(logged -> logged.entry().generation())
                  .max()
                  .orElse(0);
          assertThat(generation(staged.store(), SANDBOX)).isEqualTo(last);
        }
      }
      writer.interrupt();
      writer.join();
    }
  }

  private StoreFixture elsewhereAnew(int number) throws IOException {
    StoreFixture other = new StoreFixture(Files.createDirectory(folder.resolve("there-" + number)));
    Files.copy(fixture.location.keyFile(), other.location.keyFile());
    return other;
  }

  @Test
  void withoutTheKeyOrWithAnotherNothingIsRestored() throws Exception {
    backUp();
    StoreFixture other = new StoreFixture(Files.createDirectory(folder.resolve("there")));

    assertThatThrownBy(() -> stage(other))
        .isInstanceOf(StoreException.WrongKey.class)
        .hasMessageContaining("is missing, and without it the backup cannot be read");

    new KeyFile(other.location.keyFile(), Disk.REAL).loadOrCreate();
    assertThatThrownBy(() -> stage(other))
        .isInstanceOf(StoreException.WrongKey.class)
        .hasMessageContaining("does not hold that one; bring back the key file of ");
    assertThat(files(folder.resolve("there")))
        .containsExactlyInAnyOrder("refreshd.key", "refreshd.db.lock");
  }

  @Test
  void afterANewKeyAnOlderBackupNeedsTheOlderKeyFile() throws Exception {
    backUp();
    Path older = folder.resolve("older.key");
    Files.copy(fixture.location.keyFile(), older);
    try (OpenStore store = fixture.open("cli")) {
      var unused = store.sealingKeyRotation().run((step, resealed) -> {});
    }

    assertThatThrownBy(() -> stage(fixture)).isInstanceOf(StoreException.WrongKey.class);

    Files.delete(fixture.location.keyFile());
    Files.copy(older, fixture.location.keyFile());
    try (StagedStore staged = stage(fixture)) {
      assertThat(generation(staged.store(), LIVE)).isEqualTo(2);
    }
  }

  @Test
  void aBackupOfANewerStoreIsRefusedBeforeItIsUnpacked() throws Exception {
    Keyring keys = new KeyFile(fixture.location.keyFile(), Disk.REAL).load();
    BackupLabel label =
        new BackupLabel(fixture.clock.instant(), null, 0, null, 0, Migrations.NEWEST + 1);
    Files.createFile(backup);
    new BackupFile(backup)
        .write(label, keys, keys.primary(), List.of(), fixture.location.base(), new StopRequest());

    assertThatThrownBy(() -> stage(fixture))
        .hasMessageContaining("was made by a newer refreshd (schema " + (Migrations.NEWEST + 1));
  }

  @Test
  void aSealedBackupOfADamagedDatabaseIsNotRestored() throws Exception {
    Keyring keys = new KeyFile(fixture.location.keyFile(), Disk.REAL).load();
    byte[] database = Files.readAllBytes(fixture.location.base());
    for (int i = 4_096; i < database.length; i += 7) {
      database[i] = 0x55;
    }
    Path damaged = Files.write(folder.resolve("damaged.db"), database);
    Files.createFile(backup);
    BackupLabel label = new BackupLabel(fixture.clock.instant(), null, 0, null, 0, 3);
    new BackupFile(backup)
        .write(label, keys, keys.primary(), List.of(), damaged, new StopRequest());

    assertThatThrownBy(() -> stage(fixture)).isInstanceOf(StoreException.Damaged.class);
    assertThat(files(folder.resolve("here"))).noneMatch(name -> name.contains("restoring"));
  }

  @Test
  void aStoreThatSomebodyHasOpenIsNotReplaced() throws Exception {
    backUp();
    try (OpenStore busy = fixture.open("cli")) {
      samples.rotate(busy, LIVE, 2);

      assertThatThrownBy(() -> restore(fixture))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("another process works on the store");

      assertThat(generation(busy, LIVE)).isEqualTo(3);
      samples.rotate(busy, LIVE, 3);
    }
    assertThat(files(folder.resolve("here")))
        .noneMatch(name -> name.contains("replaced") || name.contains("restoring"));
  }

  @Test
  void theWriteAheadLogOfAKilledProcessIsNotAppliedToTheRestoredStore() throws Exception {
    backUp();
    Path killed = Files.createDirectory(folder.resolve("killed"));
    try (OpenStore store = fixture.open("run")) {
      samples.rotate(store, LIVE, 2);
      for (String name : List.of("refreshd.db", "refreshd.db-wal", "refreshd.key")) {
        Files.copy(folder.resolve("here").resolve(name), killed.resolve(name));
      }
    }
    assertThat(Files.size(killed.resolve("refreshd.db-wal"))).isPositive();
    StoreFixture after = new StoreFixture(killed);

    Path kept = restore(after).orElseThrow();

    try (OpenStore store = after.open("run")) {
      assertThat(generation(store, LIVE)).isEqualTo(2);
      assertThat(store.verifyLog().isProven()).isTrue();
    }
    SqliteLocation aside = new SqliteLocation(kept, after.location.keyFile());
    try (OpenStore replaced = TokenStores.openToRead(aside, after.clock)) {
      assertThat(generation(replaced, LIVE)).as("from its write-ahead log").isEqualTo(3);
    }
  }

  @Test
  void aStoreThatCannotBeOpenedIsKeptAsItIs() throws Exception {
    backUp();
    byte[] garbage = "this is no database any more".repeat(400).getBytes(StandardCharsets.UTF_8);
    Files.write(fixture.location.base(), garbage);
    Files.write(Path.of(fixture.location.base() + "-wal"), garbage);

    Path kept = restore(fixture).orElseThrow();

    assertThat(Files.readAllBytes(kept)).isEqualTo(garbage);
    assertThat(Files.readAllBytes(Path.of(kept + "-wal"))).isEqualTo(garbage);
    try (OpenStore store = fixture.open("run")) {
      assertThat(generation(store, LIVE)).isEqualTo(2);
    }
  }

  @Test
  void aStoreThatIsASymbolicLinkIsNotReplaced() throws Exception {
    backUp();
    Path elsewhere = folder.resolve("elsewhere.db");
    Files.move(fixture.location.base(), elsewhere);
    Files.createSymbolicLink(fixture.location.base(), elsewhere);

    assertThatThrownBy(() -> stage(fixture)).hasMessageContaining("is a symbolic link");
    assertThat(fixture.location.base()).isSymbolicLink();
  }

  @Test
  void aBackupReplacesAnOlderBackupAndNothingElse() throws Exception {
    backUp();
    fixture.clock.advance(Duration.ofDays(1));
    backUp();
    assertThat(new BackupFile(backup).label().made()).isEqualTo(fixture.clock.instant());

    for (Path other : List.of(fixture.location.base(), fixture.location.keyFile())) {
      byte[] before = Files.readAllBytes(other);
      assertThatThrownBy(
              () ->
                  StoreBackup.make(
                      fixture.location, other, fixture.clock, step -> {}, new StopRequest()))
          .hasMessageContaining("is no backup of refreshd, and stays as it is");
      assertThat(Files.readAllBytes(other)).isEqualTo(before);
    }
    assertThatThrownBy(
            () ->
                StoreBackup.make(
                    fixture.location, folder, fixture.clock, s -> {}, new StopRequest()))
        .hasMessageContaining("is a folder; name a file in it");
  }

  @Test
  void aLinkAtTheTargetOrAtItsUnfinishedFileIsNotFollowed() throws Exception {
    Path victim = Files.writeString(folder.resolve("victim"), "");
    Path link = Files.createSymbolicLink(folder.resolve("link.backup"), victim);
    assertThatThrownBy(
            () ->
                StoreBackup.make(fixture.location, link, fixture.clock, s -> {}, new StopRequest()))
        .hasMessageContaining("is a symbolic link");

    Path unfinished = Files.createSymbolicLink(Path.of(backup + ".unfinished"), victim);
    assertThatThrownBy(this::backUp).hasMessageContaining("is a symbolic link");

    assertThat(victim).isEmptyFile();
    assertThat(unfinished).isSymbolicLink();
    assertThat(backup).doesNotExist();
  }

  @Test
  void aBackupToAFolderThatIsNotThereSaysSo() {
    Path nowhere = folder.resolve("nowhere").resolve("a.backup");

    assertThatThrownBy(
            () ->
                StoreBackup.make(
                    fixture.location, nowhere, fixture.clock, s -> {}, new StopRequest()))
        .isInstanceOf(StoreException.Unavailable.class)
        .hasMessageContaining(nowhere + " cannot be written");
  }

  @Test
  void aDamagedStoreIsNotBackedUpOverAGoodBackup() throws Exception {
    backUp();
    byte[] good = Files.readAllBytes(backup);
    byte[] database = Files.readAllBytes(fixture.location.base());
    for (int i = 4_096; i < database.length; i += 7) {
      database[i] = 0x55;
    }
    Files.write(fixture.location.base(), database);

    assertThatThrownBy(this::backUp).isInstanceOf(StoreException.Damaged.class);
    assertThat(Files.readAllBytes(backup)).isEqualTo(good);
  }

  @Test
  void anEmptyStoreIsBackedUpAndRestored() throws Exception {
    StoreFixture empty = new StoreFixture(Files.createDirectory(folder.resolve("empty")));
    empty.open("run").close();
    StoreBackup.make(empty.location, backup, empty.clock, step -> {}, new StopRequest());

    Optional<Path> kept = restore(empty);

    assertThat(kept).isPresent();
    try (OpenStore store = empty.open("run")) {
      assertThat(store.records(null, 100)).isEmpty();
      samples.bringIn(store, FRANCE);
      assertThat(store.verifyLog().isProven()).isTrue();
    }
  }

  @Test
  void aBackupThatIsNamedAfterTheStoreIsThereWhenItIsSaidToBe() {
    backup = Path.of(fixture.location.base() + ".backup");
    backUp();
    fixture.clock.advance(Duration.ofDays(1));

    backUp();

    assertThat(new BackupFile(backup).label().made()).isEqualTo(fixture.clock.instant());
    assertThat(restore(fixture)).isPresent();
    assertThat(new BackupFile(backup).label().made()).isEqualTo(fixture.clock.instant());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-wal",
        "-shm",
        "-journal",
        ".lock",
        ".head",
        ".head.new",
        ".head.lost",
        ".head.lost.new",
        ".spool-0",
        ".copying",
        ".copying-wal",
        ".restoring",
        ".restoring.head"
      })
  void aBackupIsNotPutWhereTheStoreHasAFileOfItsOwnByWhateverWay(String suffix) throws Exception {
    Path way = Files.createSymbolicLink(folder.resolve("way"), folder.resolve("here"));
    List<String> before = files(folder.resolve("here"));
    String name = "refreshd.db" + suffix;

    for (Path target : List.of(folder.resolve("here").resolve(name), way.resolve(name))) {
      assertThatThrownBy(
              () ->
                  StoreBackup.make(
                      fixture.location, target, fixture.clock, step -> {}, new StopRequest()))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("name another file");
    }
    assertThat(files(folder.resolve("here"))).isEqualTo(before);
  }

  @Test
  void aBackupThatStandsWhereARestoreWorksIsNotLostByIt() throws Exception {
    backUp();
    Path there = Path.of(fixture.location.base() + ".restoring");
    Files.move(backup, there);
    byte[] before = Files.readAllBytes(there);
    Path link = Files.createSymbolicLink(folder.resolve("link.backup"), there);
    for (Path name : List.of(there, link)) {
      backup = name;
      assertThatThrownBy(() -> stage(fixture))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("move it to another name");
      assertThat(Files.readAllBytes(there)).isEqualTo(before);
    }
  }

  /** Stops the change of the key at a step, as a kill would. */
  private void beginNewKey(Step last) {
    try (OpenStore store = fixture.open("cli")) {
      assertThatThrownBy(
              () ->
                  store
                      .sealingKeyRotation()
                      .run(
                          (step, resealed) -> {
                            if (step == last) {
                              throw new IllegalStateException("killed");
                            }
                          }))
          .hasMessage("killed");
    }
  }

  private void completeNewKey() {
    try (OpenStore store = fixture.open("cli")) {
      assertThat(store.sealingKeyRotation().run((step, resealed) -> {}).oldKeys())
          .isEqualTo(SealingKeyRotation.OldKeys.REMOVED);
    }
  }

  @Test
  void aBackupThatWouldNeedTwoKeyFilesIsNotMadeUntilTheNewKeySealsEverything() throws Exception {
    backUp();
    byte[] older = Files.readAllBytes(backup);
    beginNewKey(Step.KEY_NAMED);
    try (OpenStore store = fixture.open("run")) {
      samples.rotate(store, LIVE, 2); // the token before it stays as it was sealed
    }

    assertThatThrownBy(this::backUp)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("run `refreshd key rotate` to its end first");
    assertThat(Files.readAllBytes(backup)).isEqualTo(older);

    completeNewKey();
    assertAllOpens(backedUpElsewhere(), LIVE, 3);
  }

  @Test
  void aBackupWithAPreviousTokenOfAnOlderKeyAloneIsNotMade() {
    beginNewKey(Step.KEY_NAMED);
    try (OpenStore store = fixture.open("run")) {
      samples.rotate(store, LIVE, 2);
      samples.rotate(store, SANDBOX, 1);
    }

    assertThatThrownBy(this::backUp).hasMessageContaining("run `refreshd key rotate` to its end");
  }

  @Test
  void aBackupWithASpooledTokenThatTheKeyOfTheStoreDidNotSealIsNotMade() throws Exception {
    beginNewKey(Step.KEY_ADDED);
    backUp();
    spoolSuccessorOf(LIVE, 2);

    assertThatThrownBy(this::backUp)
        .hasMessageContaining("germany/live: ")
        .hasMessageContaining("run `refreshd key rotate` to its end first");

    completeNewKey();
    assertAllOpens(backedUpElsewhere(), LIVE, 3);
  }

  private StagedStore backedUpElsewhere() throws IOException {
    backUp();
    return stage(elsewhere());
  }

  private void assertAllOpens(StagedStore restored, GrantName grant, int generation) {
    try (restored) {
      assertThat(restored.store().find(SANDBOX)).isPresent();
      assertThat(restored.store().find(grant).orElseThrow().current())
          .isEqualTo(samples.generation(grant, generation));
      assertThat(restored.store().find(grant).orElseThrow().previous())
          .isEqualTo(samples.generation(grant, generation - 1));
    }
  }

  @Test
  void aRestoredStoreWhoseKeyWentMeanwhileDoesNotTakeThePlace() throws Exception {
    backUp();
    try (StagedStore staged = stage(fixture)) {
      staged.store().append(Entry.of(fixture.clock.instant(), null, Event.RESTORED, "restored"));
      completeNewKey();

      assertThatThrownBy(() -> staged.place(step -> {}))
          .isInstanceOf(StoreException.WrongKey.class)
          .hasMessageContaining(
              "is not in the key file " + fixture.location.keyFile() + " any more")
          .hasMessageContaining("nothing was restored");
    }

    try (OpenStore store = fixture.open("run")) {
      assertThat(store.find(LIVE).orElseThrow().current()).isEqualTo(samples.generation(LIVE, 2));
    }
    assertThat(files(folder.resolve("here")))
        .noneMatch(name -> name.contains("replaced") || name.contains("restoring"));
  }

  @Test
  void noNewKeyIsMadeWhileARestoredStoreTakesItsPlace() {
    backUp();
    List<StagedStore.Step> refused = new ArrayList<>();
    try (StagedStore staged = stage(fixture)) {
      staged.store().append(Entry.of(fixture.clock.instant(), null, Event.RESTORED, "restored"));
      var unused =
          staged.place(
              step -> {
                Optional<LockFile> lock =
                    LockFile.tryLock(fixture.location.base(), LockFile.SET_UP);
                lock.ifPresentOrElse(LockFile::close, () -> refused.add(step));
              });
    }

    assertThat(refused)
        .containsExactly(
            StagedStore.Step.CLOSED,
            StagedStore.Step.REPLACED_KEPT,
            StagedStore.Step.HEAD_READY,
            StagedStore.Step.PLACED,
            StagedStore.Step.HEAD_PLACED,
            StagedStore.Step.DONE);
  }
}
