package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spool files beside a store, {@code <store>.spool-<n>}: this process's own, and those of
 * others. A file belongs to the process that has its lock; one that nobody has locked is of a dead
 * process.
 */
final class Spools implements AutoCloseable {

  /** A spool file with the lock that makes it ours. */
  record Locked(int number, SpoolFile file, LockFile lock) implements AutoCloseable {

    /** Closes the file before the lock goes: whoever gets that one then finds it at rest. */
    @Override
    public void close() throws IOException {
      file.close();
      lock.close();
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Spools.class);

  /** The file of a dead process, and what it holds. */
  record Found(SpoolFile file, List<SpoolFile.Content> contents, List<SpoolFile.Torn> torn) {}

  private final Path store;
  private final SpoolPaths paths;
  private final Disk disk;
  private int slots;
  private final List<Locked> adopted = new ArrayList<>();
  private volatile @Nullable Locked own;

  /**
   * The spool files of a store.
   *
   * @param slots how many commits this process may have to hold at once
   */
  Spools(Path store, int slots, Disk disk) {
    this.store = store;
    this.paths = new SpoolPaths(store);
    this.disk = disk;
    this.slots = slots;
  }

  /**
   * This process's own file, with its space reserved.
   *
   * @throws StoreException.Unavailable if there is no space
   */
  SpoolFile own() {
    return ownLocked().file();
  }

  /** The number of this process's own file: as long as that is locked, the process lives. */
  int ownNumber() {
    return ownLocked().number();
  }

  /** The same without a look at the disk; empty if there is none yet. */
  OptionalInt knownNumber() {
    Locked known = own;
    return known == null ? OptionalInt.empty() : OptionalInt.of(known.number());
  }

  /**
   * Whether a process is dead that had the spool file of that number, and is not this one: its lock
   * is free, or ours by now.
   */
  synchronized boolean isOfADeadProcess(int number) {
    boolean isOurs =
        (own != null && own.number() == number)
            || adopted.stream().anyMatch(one -> one.number() == number);
    if (isOurs) {
      return true;
    }
    Optional<LockFile> lock = LockFile.tryLock(store, LockFile.FIRST_SPOOL + number);
    lock.ifPresent(LockFile::close);
    return lock.isPresent();
  }

  /** The same for who may only look: without the right to lock nothing is known of anybody. */
  boolean isOfAProvablyDeadProcess(int number) {
    return LockFile.isUsable(store) && isOfADeadProcess(number);
  }

  private synchronized Locked ownLocked() {
    Locked known = own;
    if (known != null && !known.file().isGone()) {
      return known;
    }
    try {
      Locked claimed = known == null ? claim() : remade(known);
      own = claimed;
      return claimed;
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the spool beside the store "
              + store
              + " cannot be made ready ("
              + e.getMessage()
              + "); is there space left on its disk? meanwhile no redemption is spent",
          e);
    }
  }

  /**
   * Makes room for more commits than before; never for fewer, for they may be in flight.
   *
   * @throws StoreException.Unavailable if there is no space; the room is then as before
   */
  synchronized void reserve(int wanted) {
    if (own != null) {
      enlarge(own.file(), wanted, "it is as large as before");
    }
    slots = Math.max(slots, wanted);
  }

  /**
   * Makes sure that what is in flight has room beside what is held already: while the store is
   * broken grant after grant comes to be held, and none of them gives its place back.
   *
   * @param without how many are held without a place
   * @throws StoreException.Unavailable if there is no space
   */
  synchronized void reserveBeside(int without) {
    SpoolFile file = own();
    if (without > 0 || file.isAnyTaken()) {
      enlarge(file, slots + without, "no redemption is spent");
    }
  }

  private void enlarge(SpoolFile file, int wanted, String meanwhile) {
    try {
      file.reserve(wanted);
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the spool beside the store "
              + store
              + " cannot be made larger ("
              + e.getMessage()
              + "); free some space on its disk. meanwhile "
              + meanwhile,
          e);
    }
  }

  /** One that somebody has deleted; its lock is kept, for it says that this process lives. */
  private Locked remade(Locked gone) throws IOException {
    LOG.error("{} was deleted; it is made anew", gone.file().path());
    SpoolFile file = SpoolFile.open(gone.file().path(), store, disk);
    try {
      file.reserve(slots);
    } catch (IOException e) {
      Files.deleteIfExists(file.path()); // still gone, as long as it has no room
      file.close();
      throw e;
    }
    gone.file().close();
    return new Locked(gone.number(), file, gone.lock());
  }

  private Locked claim() throws IOException {
    for (int number = 0; ; number++) {
      Locked locked = tryLock(number);
      if (locked == null) {
        continue;
      }
      try {
        if (isKnownBlank(locked.file())) {
          locked.file().reserve(slots);
          return locked;
        }
      } catch (IOException e) {
        locked.close();
        throw e;
      }
      // it waits to be adopted
      locked.close();
    }
  }

  private static boolean isKnownBlank(SpoolFile file) {
    try {
      return file.isBlank();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Takes over the files of dead processes that hold something; they stay ours until emptied. One
   * that cannot be read just now stays as it is: whoever it may concern is not leased meanwhile.
   */
  synchronized List<Found> adopt() {
    List<Found> found = new ArrayList<>();
    for (int number : paths.numbers()) {
      try {
        Locked dead = tryLock(number);
        Found holds = dead == null ? null : look(dead);
        if (dead != null && holds != null) {
          adopted.add(dead);
          found.add(holds);
        }
      } catch (IOException e) {
        LOG.error(
            "the spool {} cannot be read ({}); it is read as soon as that is possible. check its"
                + " disk, and do not delete it",
            paths.of(number),
            e.toString());
      }
    }
    return found;
  }

  /** What it holds; if that is nothing, or cannot be read, it is not kept locked. */
  private static @Nullable Found look(Locked dead) throws IOException {
    SpoolFile file = dead.file();
    Found found = null;
    try {
      found = file.isBlank() ? null : new Found(file, file.contents(), file.torn());
    } finally {
      if (found == null) {
        dead.close();
      }
    }
    return found;
  }

  private @Nullable Locked tryLock(int number) throws IOException {
    Optional<LockFile> lock = LockFile.tryLock(store, LockFile.FIRST_SPOOL + number);
    if (lock.isEmpty()) {
      return null;
    }
    try {
      return new Locked(number, SpoolFile.open(paths.of(number), store, disk), lock.get());
    } catch (IOException e) {
      lock.get().close();
      throw e;
    }
  }

  /** Deletes the adopted files that hold nothing any more. */
  synchronized void deleteEmptied() throws IOException {
    for (Locked one : List.copyOf(adopted)) {
      if (one.file().isBlank()) {
        Files.deleteIfExists(one.file().path());
        adopted.remove(one);
        one.close();
      }
    }
  }

  /** What stands in all spool files, those of live processes included. */
  synchronized List<SpoolFile.Content> contents() {
    return contents(List.of());
  }

  /** Whether a file that is not ours holds a commit of the grant. */
  synchronized boolean isHeldElsewhere(GrantName grant) {
    List<Path> ours = new ArrayList<>();
    adopted.forEach(one -> ours.add(one.file().path()));
    if (own != null) {
      ours.add(own.file().path());
    }
    return contents(ours).stream().anyMatch(content -> content.grant().equals(grant));
  }

  private List<SpoolFile.Content> contents(List<Path> without) {
    List<SpoolFile.Content> contents = new ArrayList<>();
    try {
      for (int number : paths.numbers()) {
        if (!without.contains(paths.of(number))) {
          contents.addAll(SpoolFile.contentsOf(paths.of(number), disk));
        }
      }
    } catch (IOException e) {
      throw paths.unreadable(e);
    }
    return contents;
  }

  @Override
  public synchronized void close() throws IOException {
    for (Locked one : adopted) {
      one.close();
    }
    adopted.clear();
    if (own != null) {
      own.close();
      own = null;
    }
  }
}
