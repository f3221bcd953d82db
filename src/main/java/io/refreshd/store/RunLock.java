package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;

/**
 * The right to be the one daemon on a SQLite file, or on a machine's own files of a PostgreSQL
 * store. It ends with {@link #close()}, or with the process, however that dies.
 */
public final class RunLock implements AutoCloseable {

  /** Who looks whether it is taken has it for a moment; that must keep no daemon from starting. */
  private static final Duration A_LOOK = Duration.ofMillis(200);

  private final LockFile lock;
  private final Ownership ownership;

  private RunLock(LockFile lock, Ownership ownership) {
    this.lock = lock;
    this.ownership = ownership;
  }

  /**
   * Takes it.
   *
   * @throws StoreException if another daemon has it
   */
  public static RunLock acquire(StoreLocation location) {
    WholeFile.createFolder(location.base());
    LockFile lock =
        LockFile.waitFor(location.base(), LockFile.RUN, A_LOOK).orElseThrow(() -> taken(location));
    try {
      return new RunLock(lock, Ownership.of(location));
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static StoreException taken(StoreLocation location) {
    String next =
        location instanceof SqliteLocation
            ? "; stop that one first"
            : ", with the files "
                + location.base()
                + ".* of this machine; stop that one, or give this one another folder (store.directory)";
    return new StoreException(
        "another `refreshd run` is at work on the store " + location + next, null);
  }

  /**
   * Whether a daemon is at work on the store, with the files of this location. To ask leaves none
   * behind.
   */
  public static boolean isTaken(StoreLocation location) {
    if (!Files.exists(LockFile.path(location.base()))) {
      return false;
    }
    Optional<LockFile> lock = LockFile.tryLock(location.base(), LockFile.RUN);
    lock.ifPresent(LockFile::close);
    return lock.isEmpty();
  }

  /** By which name this daemon leases; no other process that lives goes by it. */
  public String owner() {
    return ownership.owner();
  }

  /** By which name the daemon before this one leased, if that is dead for sure. */
  public Optional<String> predecessor() {
    return Optional.ofNullable(ownership.predecessor());
  }

  @Override
  public void close() {
    lock.close();
  }
}
