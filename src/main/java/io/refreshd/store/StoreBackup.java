package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.BackupLabel;
import io.refreshd.rotation.StoreException;
import io.refreshd.store.BackupFile.HeldCommit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes a backup of a store, beside whoever uses it. The file is whole or absent, and replaces an
 * older backup, never anything else.
 */
public final class StoreBackup {

  /** A step that is done. */
  public enum Step {
    SNAPSHOT_TAKEN,
    SEALED,
    PLACED
  }

  /**
   * A backup that was made.
   *
   * @param held the grants of which a successor waited in a spool: it is in the backup too
   */
  public record Made(BackupLabel label, List<GrantName> held) {
    public Made {
      held = List.copyOf(held);
    }
  }

  private final SqliteLocation location;
  private final Path target;
  private final Clock clock;
  private final Consumer<Step> progress;
  private final StopRequest stop;
  private final Disk disk;

  private StoreBackup(
      SqliteLocation location,
      Path target,
      Clock clock,
      Consumer<Step> progress,
      StopRequest stop,
      Disk disk) {
    this.location = location;
    this.target = target.toAbsolutePath().normalize();
    this.clock = clock;
    this.progress = progress;
    this.stop = stop;
    this.disk = disk;
  }

  /**
   * Makes one.
   *
   * @param progress is told of each step; if it throws, the backup stops there
   * @param stop ends it before its time
   * @throws StoreException if there is none then; what stood at the target still does
   */
  public static Made make(
      StoreLocation location, Path target, Clock clock, Consumer<Step> progress, StopRequest stop) {
    return make(location, target, clock, progress, stop, Disk.REAL);
  }

  /** The same, on a disk of any kind. */
  static Made make(
      StoreLocation location,
      Path target,
      Clock clock,
      Consumer<Step> progress,
      StopRequest stop,
      Disk disk) {
    return new StoreBackup(SqliteLocation.of(location), target, clock, progress, stop, disk).make();
  }

  private Made make() {
    if (location.isMissing()) {
      throw new StoreException("there is no store " + location.file() + " to back up", null);
    }
    refuseOthers(target);
    refuseOwn();
    try (LockFile lock = lock()) {
      Path copy = new StoreFiles(location.file()).copy();
      Path unfinished = Path.of(target + ".unfinished");
      try {
        return make(copy, unfinished);
      } catch (IOException | GeneralSecurityException e) {
        throw new StoreException.Unavailable(
            "the backup " + target + " cannot be written (" + e + "); it was not made", e);
      } finally {
        deleteDatabase(copy);
        deleteIfOurs(unfinished);
      }
    }
  }

  private Made make(Path copy, Path unfinished) throws IOException, GeneralSecurityException {
    // what a killed one has left takes the room that this one needs
    deleteDatabase(copy);
    refuseOthers(unfinished);
    deleteIfOurs(unfinished);
    refuseWithoutRoom(StoreSnapshot.size(location.file()));
    Files.createFile(copy, WholeFile.OWNER_ONLY);
    // before and after, too: a key that seals something now may be gone from the file soon
    KeyFile keyFile = new KeyFile(location.keyFile(), disk);
    Keyring earlier = keyFile.load();
    // before and after: what leaves a spool meanwhile is in the database, but perhaps not in time
    List<HeldCommit> before = held();
    try (StoreSnapshot snapshot = StoreSnapshot.take(location.file(), copy, stop)) {
      snapshot.check();
      List<HeldCommit> held = union(before, held());
      progress.accept(Step.SNAPSHOT_TAKEN);
      Keyring keys = keyFile.load();
      StoreKey key = snapshot.key().orElseThrow(this::nothingStored);
      refuseWithout(keys, key);
      for (Keyring ring : List.of(earlier, keys)) {
        ring.numbers().stream()
            .filter(other -> other != key.number())
            .forEach(other -> refuseSealedWith(other, ring, snapshot, held));
      }
      BackupLabel label = snapshot.label(clock.instant());
      // made anew, not opened: nobody may have put a link there
      Files.createFile(unfinished, WholeFile.OWNER_ONLY);
      new BackupFile(unfinished).write(label, keys, key.number(), held, copy, stop);
      progress.accept(Step.SEALED);
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
      disk.syncFolder(target);
      progress.accept(Step.PLACED);
      return new Made(label, held.stream().map(HeldCommit::grant).distinct().toList());
    }
  }

  /** The copy takes its room beside the store, and what is made of it beside the target. */
  private void refuseWithoutRoom(long size) throws IOException {
    Path home = StoreLocation.folderOf(location.file());
    Path there = StoreLocation.folderOf(target);
    Room room = new Room(disk, "the backup " + target + " was not made");
    String elsewhere = "make room there, or name a file on another disk";
    if (room.isShared(home, there)) {
      room.wantBesideStore(home, 2 * size, elsewhere);
    } else {
      room.wantBesideStore(home, size, "make room there");
      room.want(there, size, elsewhere);
    }
  }

  private StoreException nothingStored() {
    return new StoreException("the store " + location.file() + " was never set up", null);
  }

  private void refuseWithout(Keyring keys, StoreKey key) {
    if (!key.isIn(keys)) {
      throw new StoreException.WrongKey(
          "the key file "
              + location.keyFile()
              + " does not hold the key that the store is sealed with; no backup was made, for"
              + " nobody could read it. if the key is being rotated just now, try again",
          null);
    }
  }

  /** Nobody keeps the key file of the short time in which it holds two keys. */
  private void refuseSealedWith(
      int other, Keyring ring, StoreSnapshot snapshot, List<HeldCommit> held) {
    Optional<GrantName> found =
        snapshot
            .findSealedWith(other, ring)
            .or(
                () ->
                    held.stream()
                        .filter(one -> one.sealed().isOf(other))
                        .map(HeldCommit::grant)
                        .findFirst());
    if (found.isPresent()) {
      throw new StoreException(
          found.get()
              + ": the key that seals "
              + location.file()
              + " has not sealed it yet, and a backup that needs two keys might be of no use; run"
              + " `refreshd key rotate` to its end first. no backup was made",
          null);
    }
  }

  private LockFile lock() {
    return LockFile.tryLock(location.file(), LockFile.BACKUP)
        .orElseThrow(
            () ->
                new StoreException(
                    "another process makes a backup of " + location.file() + "; let it finish",
                    null));
  }

  private List<HeldCommit> held() {
    return new Spools(location.file(), 0, disk)
        .contents().stream()
            .map(content -> new HeldCommit(content.grant(), content.sealed()))
            .toList();
  }

  private static List<HeldCommit> union(List<HeldCommit> before, List<HeldCommit> after) {
    Set<ByteBuffer> known = new HashSet<>();
    List<HeldCommit> union = new ArrayList<>(before);
    union.addAll(after);
    union.removeIf(one -> !known.add(ByteBuffer.wrap(one.sealed().bytes())));
    return union;
  }

  /** Also where the store has none just now, or an empty one. */
  private void refuseOwn() {
    try {
      if (new StoreFiles(location.file()).have(target)) {
        throw new StoreException(
            target
                + " is a name that refreshd gives to the store's own files; name another file. no"
                + " backup was made",
            null);
      }
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the backup " + target + " cannot be written (" + e + "); it was not made", e);
    }
  }

  /** A slip of the pen must not cost the store, nor any other file. */
  private static void refuseOthers(Path file) {
    try {
      if (Files.isSymbolicLink(file)) {
        throw new StoreException(
            file + " is a symbolic link; name the file that is meant. no backup was made", null);
      }
      if (Files.isDirectory(file)) {
        throw new StoreException(
            file + " is a folder; name a file in it. no backup was made", null);
      }
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !isOurs(file)) {
        throw new StoreException(
            file + " is no backup of refreshd, and stays as it is; name another file", null);
      }
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the backup " + file + " cannot be replaced (" + e + "); it was not made", e);
    }
  }

  private static boolean isOurs(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] first = in.readNBytes(64);
      return first.length == 0 || BackupText.isBackup(BackupText.text(first));
    }
  }

  private static void deleteIfOurs(Path file) {
    try {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && isOurs(file)) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the unfinished backup " + file + " cannot be removed: " + e, e);
    }
  }

  /** The copy, which is of no use to anybody, with what SQLite may have put beside it. */
  static void deleteDatabase(Path file) {
    try {
      for (String suffix : List.of("", "-journal", "-wal", "-shm", ".lock")) {
        Files.deleteIfExists(Path.of(file + suffix));
      }
    } catch (IOException e) {
      throw new StoreException.Unavailable("the copy " + file + " cannot be removed: " + e, e);
    }
  }
}
