package io.refreshd.store;

import io.refreshd.rotation.BackupLabel;
import io.refreshd.rotation.Commit;
import io.refreshd.rotation.Sighting;
import io.refreshd.rotation.Sightings;
import io.refreshd.rotation.StaleGenerationException;
import io.refreshd.rotation.StoreException;
import io.refreshd.store.BackupFile.HeldCommit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a backup into a store beside the place that it may take. */
public final class StoreRestore {

  private static final Logger LOG = LoggerFactory.getLogger(StoreRestore.class);

  /** Whoever held a lease when the backup was made holds it no more. */
  private static final String END_LEASES = "UPDATE leases SET until = ? WHERE until > ?";

  /**
   * What withholding writes of a grant, an entry of the log and its standing, is less than that.
   */
  private static final long WITHHELD = 1_024;

  private final SqliteLocation location;
  private final Path staged;
  private final Path backup;
  private final Clock clock;
  private final Consumer<StagedStore.Step> progress;
  private final StopRequest stop;
  private final Disk disk;

  private StoreRestore(
      SqliteLocation location,
      Path backup,
      Clock clock,
      Consumer<StagedStore.Step> progress,
      StopRequest stop,
      Disk disk) {
    this.location = location;
    this.staged = RestoredHead.stagedFor(location.file());
    this.backup = backup;
    this.clock = clock;
    this.progress = progress;
    this.stop = stop;
    this.disk = disk;
  }

  /**
   * Verifies the whole backup, unpacks it, and brings into it what spools hold. Nothing else is
   * touched.
   *
   * @param progress is told of each step
   * @param stop ends it before its time
   * @throws StoreException if the backup, its key or the place is not as it must be
   */
  public static StagedStore stage(
      StoreLocation location,
      Path backup,
      Clock clock,
      Consumer<StagedStore.Step> progress,
      StopRequest stop) {
    return stage(location, backup, clock, progress, stop, Disk.REAL);
  }

  /** The same, on a disk of any kind. */
  static StagedStore stage(
      StoreLocation location,
      Path backup,
      Clock clock,
      Consumer<StagedStore.Step> progress,
      StopRequest stop,
      Disk disk) {
    return new StoreRestore(SqliteLocation.of(location), backup, clock, progress, stop, disk)
        .stage();
  }

  /**
   * Looks whether the file is a backup that could take that place; proves nothing, changes nothing.
   *
   * @throws StoreException if it is not
   */
  public static void requireBackup(StoreLocation location, Path backup, Clock clock) {
    var unused =
        new StoreRestore(
                SqliteLocation.of(location),
                backup,
                clock,
                step -> {},
                new StopRequest(),
                Disk.REAL)
            .label();
  }

  private BackupLabel label() {
    refuseLink();
    refuseOwn();
    BackupLabel label = new BackupFile(backup).label();
    refuseNewer(label);
    return label;
  }

  private StagedStore stage() {
    BackupLabel label = label();
    WholeFile.createFolder(location.file());
    LockFile lock = lock();
    try {
      RestoredHead.settle(location, clock);
      clear(location.file());
      refuseWithoutRoom(label);
      BackupFile.Unsealed unsealed = unpack();
      progress.accept(StagedStore.Step.UNPACKED);
      return open(unsealed, lock);
    } catch (RuntimeException | Error e) {
      clear(location.file());
      lock.close();
      throw e;
    }
  }

  private void refuseWithoutRoom(BackupLabel label) {
    try {
      new Room(disk, "the backup " + backup + " was not restored")
          .wantBesideStore(
              StoreLocation.folderOf(staged),
              Files.size(backup) + label.grants() * WITHHELD,
              "make room there");
    } catch (IOException e) {
      throw cannotUnpack(e);
    }
  }

  private StoreException cannotUnpack(IOException e) {
    return new StoreException.Unavailable(
        "the backup cannot be unpacked to "
            + staged
            + " ("
            + Reason.of(e)
            + "); nothing was restored",
        e);
  }

  private BackupFile.Unsealed unpack() {
    try {
      boolean isThere = Files.exists(location.file());
      WholeFile.createEmpty(
          staged, isThere ? location.file() : StoreLocation.folderOf(staged), disk);
    } catch (IOException e) {
      throw cannotUnpack(e);
    }
    BackupFile.Unsealed unsealed =
        new BackupFile(backup).unseal(keys(), location.keyFile(), staged, stop);
    try (StoreSnapshot snapshot = StoreSnapshot.open(staged, stop)) {
      snapshot.check();
    }
    return unsealed;
  }

  private StagedStore open(BackupFile.Unsealed unsealed, LockFile lock) {
    JdbcTokenStore store =
        TokenStores.connect(new SqliteLocation(staged, location.keyFile()), "restore", clock, disk);
    try {
      store.reader().sealing().keys();
      Sightings spooled = new Sightings();
      SpooledAhead ahead = bringIn(store, unsealed, spooled);
      long over = Micros.of(LeaseEnds.BY_WORD);
      store.writer().write(true, changes -> changes.update(END_LEASES, over, over));
      progress.accept(StagedStore.Step.OPENED);
      return new StagedStore(location, unsealed.label(), store, spooled, ahead, lock, clock);
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  /**
   * What waited when the backup was made, and what waits beside the place now.
   *
   * @param spooled takes note of all of it
   * @return what does not follow what is restored
   */
  private SpooledAhead bringIn(
      JdbcTokenStore store, BackupFile.Unsealed unsealed, Sightings spooled) {
    SpooledAhead ahead = new SpooledAhead(store, unsealed.label());
    for (HeldCommit one : unsealed.held()) {
      bringIn(store, one, spooled).ifPresent(left -> ahead.add(left, "the backup " + backup));
    }
    String spool = "a spool beside " + location.file() + ", which is kept with the replaced store,";
    for (SpoolFile.Content one : new Spools(location.file(), 0, disk).contents()) {
      bringIn(store, new HeldCommit(one.grant(), one.sealed()), spooled)
          .ifPresent(left -> ahead.add(left, spool));
    }
    return ahead;
  }

  /** What does not follow; empty if it does, and is stored, or cannot be read. */
  private static Optional<CommitCodec.Waiting> bringIn(
      JdbcTokenStore store, HeldCommit held, Sightings spooled) {
    try {
      CommitCodec.Waiting waiting =
          CommitCodec.decode(store.reader().sealing().openFromSpool(held.grant(), held.sealed()));
      Commit commit = waiting.commit();
      spooled.add(
          new Sighting(
              commit.grant(),
              commit.current().number(),
              commit.current().token().fingerprint(),
              false,
              "a spool"));
      return isStored(store, waiting) ? Optional.empty() : Optional.of(waiting);
    } catch (IOException | StoreException.Damaged e) {
      LOG.warn("{}: what a spool held of it cannot be read: {}", held.grant(), e.getMessage());
      return Optional.empty();
    }
  }

  private static boolean isStored(JdbcTokenStore store, CommitCodec.Waiting waiting) {
    try {
      store.commit(waiting.lease(), waiting.commit());
      return true;
    } catch (StaleGenerationException e) {
      return false;
    }
  }

  private Keyring keys() {
    if (!Files.exists(location.keyFile())) {
      throw new StoreException.WrongKey(
          "the key file "
              + location.keyFile()
              + " is missing, and without it the backup cannot be read; bring back the copy that"
              + " was kept apart",
          null);
    }
    return new KeyFile(location.keyFile(), disk).load();
  }

  private LockFile lock() {
    return LockFile.tryLock(location.file(), LockFile.RESTORE)
        .orElseThrow(
            () ->
                new StoreException(
                    "another process restores " + location.file() + "; let it finish", null));
  }

  private void refuseLink() {
    if (Files.isSymbolicLink(location.file())) {
      throw new StoreException(
          "the store "
              + location.file()
              + " is a symbolic link; name the file itself in store.url. nothing was restored",
          null);
    }
  }

  /** What a restore clears away must not be what it is to read. */
  private void refuseOwn() {
    try {
      if (new StoreFiles(location.file()).have(backup)) {
        throw new StoreException(
            "the backup "
                + backup
                + " has a name that refreshd gives to the store's own files; move it to another"
                + " name first. nothing was restored",
            null);
      }
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the backup " + backup + " cannot be read (" + Reason.of(e) + "); nothing was restored",
          e);
    }
  }

  private static void refuseNewer(BackupLabel label) {
    if (label.schema() > Migrations.NEWEST) {
      throw new StoreException(
          "the backup was made by a newer refreshd (schema "
              + label.schema()
              + ", this one knows "
              + Migrations.NEWEST
              + "); restore it with that one",
          null);
    }
  }

  /** Removes what a restore leaves behind that did not come to its end. */
  static void clear(Path place) {
    Path staged = RestoredHead.stagedFor(place);
    StoreBackup.deleteDatabase(staged);
    try {
      Files.deleteIfExists(Path.of(staged + ".head"));
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "what an earlier restore left, " + staged + ".head, cannot be removed: " + e, e);
    }
  }
}
