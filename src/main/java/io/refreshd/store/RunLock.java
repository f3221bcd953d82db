package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.util.Optional;

/**
 * The right to be the one daemon on a SQLite file. It ends with {@link #close()}, or with the
 * process, however that dies.
 */
public final class RunLock implements AutoCloseable {

  private final LockFile lock;

  private RunLock(LockFile lock) {
    this.lock = lock;
  }

  /**
   * Takes it.
   *
   * @throws StoreException if another daemon has it
   */
  public static RunLock acquire(StoreLocation location) {
    WholeFile.createFolder(location.base());
    return LockFile.tryLock(location.base(), LockFile.RUN)
        .map(RunLock::new)
        .orElseThrow(
            () ->
                new StoreException(
                    "another `refreshd run` is at work on the store "
                        + location
                        + "; stop that one first",
                    null));
  }

  /** Whether a daemon is at work on the store. */
  public static boolean isTaken(StoreLocation location) {
    Optional<LockFile> lock = LockFile.tryLock(location.base(), LockFile.RUN);
    lock.ifPresent(LockFile::close);
    return lock.isEmpty();
  }

  @Override
  public void close() {
    lock.close();
  }
}
