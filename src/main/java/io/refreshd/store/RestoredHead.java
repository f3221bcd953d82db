package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The head of the log of a store that is being restored, in {@code <store>.restoring.head}. It is
 * sealed and there before the store takes its place, and the head of the log from that moment on: a
 * process that dies in between leaves no store whose head is another's.
 */
final class RestoredHead {

  private static final Duration LOCK_LIMIT = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(RestoredHead.class);

  private RestoredHead() {}

  /** Where the database of a store is made ready to take its place. */
  static Path stagedFor(Path store) {
    return Path.of(store + ".restoring");
  }

  /** The file that holds the head of the log as it is now. */
  static HeadFile inForce(Path store, StoreReader reader) {
    HeadFile restored = new HeadFile(stagedFor(store), Disk.REAL);
    return isOf(restored, reader) ? restored : new HeadFile(store, Disk.REAL);
  }

  /** Completes what a restore did not come to: the head of the restored log becomes the head. */
  static void settle(Path store, StoreReader reader) {
    HeadFile restored = new HeadFile(stagedFor(store), Disk.REAL);
    if (!isOf(restored, reader)) {
      return;
    }
    try (LockFile lock = LockFile.waitFor(store, LockFile.HEAD, LOCK_LIMIT).orElse(null)) {
      if (lock != null) {
        moveOver(store);
      }
    }
  }

  /** The same, for who restores over a store that nobody has open. */
  static void settle(SqliteLocation location, Clock clock) {
    Path store = location.file();
    if (!Files.exists(new HeadFile(stagedFor(store), Disk.REAL).path()) || !Files.exists(store)) {
      return;
    }
    Database database = Database.at(location, StoreMode.READ, Disk.REAL);
    KeyFile keyFile = new KeyFile(location.keyFile(), Disk.REAL);
    StoreReader reader = new StoreReader(database, keyFile, clock);
    try {
      settle(store, reader);
      reader.close();
    } catch (SQLException | StoreException e) {
      LOG.debug("{} cannot be asked for the head of its log: {}", store, e.getMessage());
    }
  }

  /**
   * For who restores. What the log had lost before is told by the replaced store; it goes first, so
   * that whatever dies in between is completed by the next open.
   */
  static void moveOver(Path store) {
    HeadFile restored = new HeadFile(stagedFor(store), Disk.REAL);
    HeadFile head = new HeadFile(store, Disk.REAL);
    try {
      Files.deleteIfExists(head.lost().path());
      Files.move(restored.path(), head.path(), StandardCopyOption.ATOMIC_MOVE);
      Disk.REAL.syncFolder(head.path());
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the head of the restored log cannot take its place as "
              + head.path()
              + " ("
              + e
              + "); the next start tries again",
          e);
    }
  }

  /** Whether the log has that head, and the store's key has sealed it. */
  private static boolean isOf(HeadFile restored, StoreReader reader) {
    if (!Files.exists(restored.path())) {
      return false;
    }
    Optional<HeadFile.Kept> kept;
    try {
      kept = restored.find();
    } catch (StoreException.Damaged e) {
      return false;
    }
    return kept.filter(
            found ->
                reader.isLogged(found.head())
                    && reader.sealing().isSealed(found.head(), found.seal()))
        .isPresent();
  }
}
