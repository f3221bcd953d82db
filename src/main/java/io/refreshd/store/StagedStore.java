package io.refreshd.store;

import io.refreshd.rotation.BackupLabel;
import io.refreshd.rotation.Sightings;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.TokenStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A store out of a backup, beside the place that it may take: verified, open, and nobody's yet. If
 * it is closed without taking its place, nothing has happened.
 */
public final class StagedStore implements AutoCloseable {

  /** A step that is done. */
  public enum Step {
    UNPACKED,
    OPENED,
    CLOSED,
    REPLACED_KEPT,
    HEAD_READY,
    PLACED,
    HEAD_PLACED,
    DONE
  }

  private final Path place;
  private final Path keyFile;
  private final Path staged;
  private final BackupLabel label;
  private final JdbcTokenStore store;
  private final Sightings spooled;
  private final SpooledAhead ahead;
  private final LockFile lock;
  private final Clock clock;
  private boolean closed;
  private boolean placed;

  StagedStore(
      SqliteLocation location,
      BackupLabel label,
      JdbcTokenStore store,
      Sightings spooled,
      SpooledAhead ahead,
      LockFile lock,
      Clock clock) {
    this.place = location.file();
    this.keyFile = location.keyFile();
    this.staged = RestoredHead.stagedFor(place);
    this.label = label;
    this.store = store;
    this.spooled = spooled;
    this.ahead = ahead;
    this.lock = lock;
    this.clock = clock;
  }

  public BackupLabel label() {
    return label;
  }

  /** What it holds, and the way to write to it. */
  public TokenStore store() {
    return store;
  }

  /** Takes note of what stands beside the place, and of what it tells. */
  public PastStore lookAround(Sightings sightings) {
    return PastStore.at(place, label, store.reader().sealing(), spooled, sightings);
  }

  /**
   * Brings in the new tokens that wait in spools, of grants that were rotated between the backup
   * and them: each where it is the newest of its grant.
   *
   * @param sightings all that is known of what came after the backup
   */
  public void bringInSpooled(Sightings sightings) {
    ahead.bringIn(sightings);
  }

  /**
   * Takes the place, in one step. Nobody else may be at work on the store there; whoever calls has
   * the {@link RunLock}.
   *
   * @param progress is told of each step; if it throws, the restore stops there
   * @return under which name the store is kept that stood there; empty if none did
   * @throws StoreException if that cannot be; then what stands there is as it was
   */
  public Optional<Path> place(Consumer<Step> progress) {
    try (LockFile setUp = lockKey()) {
      refuseLostKey();
      return placeLocked(progress);
    }
  }

  /** Nobody makes a new key meanwhile, for the one store or the other. */
  private LockFile lockKey() {
    return LockFile.tryLock(place, LockFile.SET_UP)
        .orElseThrow(
            () ->
                new StoreException(
                    "another process sets up the store "
                        + place
                        + ", or changes its sealing key; let it finish. nothing was restored",
                    null));
  }

  private void refuseLostKey() {
    try {
      store.reader().sealing().reload();
    } catch (StoreException.WrongKey e) {
      throw new StoreException.WrongKey(
          "the key that seals the backup is not in the key file "
              + keyFile
              + " any more: it was changed while the backup was unpacked, as by `refreshd key"
              + " rotate`. nothing was restored; bring back the key file of that day, or make a new"
              + " backup",
          e);
    }
  }

  private Optional<Path> placeLocked(Consumer<Step> progress) {
    HeadFile.Kept head = head();
    closeStore();
    progress.accept(Step.CLOSED);
    try (ReplacedStore replaced = new ReplacedStore(place, clock.instant())) {
      Optional<Path> kept = replaced.keep();
      progress.accept(Step.REPLACED_KEPT);
      new HeadFile(staged, Disk.REAL).write(head);
      Disk.REAL.syncFolder(place);
      progress.accept(Step.HEAD_READY);
      Files.move(staged, place, StandardCopyOption.ATOMIC_MOVE);
      placed = true;
      replaced.replaced();
      Disk.REAL.syncFolder(place);
      progress.accept(Step.PLACED);
      RestoredHead.moveOver(place);
      progress.accept(Step.HEAD_PLACED);
      replaced.clearSpools();
      progress.accept(Step.DONE);
      return kept;
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the restored store cannot take its place as " + place + " (" + Reason.of(e) + ")", e);
    }
  }

  private HeadFile.Kept head() {
    LogHead head =
        store
            .reader()
            .findLogHead()
            .orElseThrow(() -> new IllegalStateException("a restore is logged"));
    return new HeadFile.Kept(head, store.reader().sealing().seal(head));
  }

  private void closeStore() {
    closed = true;
    store.close();
    try {
      if (Files.exists(Path.of(staged + "-wal"))) {
        throw new StoreException.Unavailable(
            "the restored store " + staged + " cannot be made a single file", null);
      }
      WholeFile.sync(staged);
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the restored store " + staged + " cannot be made durable (" + Reason.of(e) + ")", e);
    }
  }

  @Override
  public void close() {
    try {
      if (!closed) {
        store.close();
      }
      if (!placed) {
        StoreRestore.clear(place);
      }
    } finally {
      lock.close();
    }
  }
}
