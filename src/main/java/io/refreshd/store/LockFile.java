package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Locks between processes, which end with the process that holds them: bytes of the file {@code
 * <store>.lock}. A process opens that file once for all its locks, because POSIX drops every lock
 * of a process on a file when the process closes any descriptor of it.
 */
final class LockFile implements AutoCloseable {

  /** The byte of the one daemon on a store. */
  static final long RUN = 0;

  /** The byte of who makes the schema or changes the sealing key. */
  static final long SET_UP = 1;

  /** The byte of the first spool file; the next ones follow. */
  static final long FIRST_SPOOL = 2;

  /** The byte of who writes the head of the rotation log; no store has so many spool files. */
  static final long HEAD = 1L << 32;

  /** The byte of who makes a backup. */
  static final long BACKUP = HEAD + 1;

  /** The byte of who restores one. */
  static final long RESTORE = HEAD + 2;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
  private static final Map<Path, Shared> OPEN = new HashMap<>();

  private static final class Shared {
    private final Path path;
    private final FileChannel channel;
    private int users;

    Shared(Path path, FileChannel channel) {
      this.path = path;
      this.channel = channel;
    }
  }

  private final Shared shared;
  private final FileLock lock;

  private LockFile(Shared shared, FileLock lock) {
    this.shared = shared;
    this.lock = lock;
  }

  /** Whether there is one, and this process may lock it. */
  static boolean isUsable(Path store) {
    return Files.isWritable(path(store));
  }

  /** The file of a store's locks. */
  static Path path(Path store) {
    return Path.of(store.toAbsolutePath().normalize() + ".lock");
  }

  /** Takes the lock on a byte; empty if somebody has it, in this process or another. */
  static Optional<LockFile> tryLock(Path store, long position) {
    synchronized (OPEN) {
      Path path = path(store);
      try {
        return tryLock(open(path, store), position);
      } catch (IOException e) {
        throw new StoreException.Unavailable(
            "the lock file "
                + path
                + " cannot be used ("
                + Reason.of(e)
                + "); check its folder, and who owns it",
            e);
      }
    }
  }

  /** Takes the lock on a byte as soon as it is free; empty if that takes longer than the limit. */
  static Optional<LockFile> waitFor(Path store, long position, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    Optional<LockFile> lock = tryLock(store, position);
    while (lock.isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
      lock = tryLock(store, position);
    }
    return lock;
  }

  private static Optional<LockFile> tryLock(Shared shared, long position) throws IOException {
    try {
      FileLock lock = shared.channel.tryLock(position, 1, false);
      if (lock != null) {
        shared.users++;
        return Optional.of(new LockFile(shared, lock));
      }
    } catch (OverlappingFileLockException e) {
      // this very process has it: as empty an answer as another's
      return Optional.empty();
    } finally {
      closeUnused(shared);
    }
    return Optional.empty();
  }

  private static Shared open(Path path, Path store) throws IOException {
    Shared known = OPEN.get(path);
    if (known != null) {
      return known;
    }
    // locked by its bytes, not by its being there: it stays for good
    WholeFile.createEmpty(
        path, Files.exists(store) ? store : StoreLocation.folderOf(store), Disk.REAL);
    Shared opened = new Shared(path, FileChannel.open(path, StandardOpenOption.WRITE));
    OPEN.put(path, opened);
    return opened;
  }

  private static void closeUnused(Shared shared) throws IOException {
    if (shared.users == 0) {
      OPEN.remove(shared.path);
      shared.channel.close();
    }
  }

  @Override
  public void close() {
    synchronized (OPEN) {
      if (!lock.isValid()) {
        return;
      }
      try {
        lock.release();
        shared.users--;
        closeUnused(shared);
      } catch (IOException e) {
        throw new StoreException.Unavailable(
            "the lock file " + shared.path + " cannot be released: " + e, e);
      }
    }
  }
}
