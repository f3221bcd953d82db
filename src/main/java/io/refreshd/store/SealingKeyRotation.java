package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.StoreException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;

/**
 * Gives a store a new sealing key, beside processes that use it. Each step leaves a store that
 * works, and running it again after an interruption completes what was begun:
 *
 * <ol>
 *   <li>the key file gets a new key, and keeps the old one;
 *   <li>the store names the new key, from then on every writer seals with it;
 *   <li>what the old key sealed is sealed anew;
 *   <li>when nothing that the old key sealed is left, the key file loses it.
 * </ol>
 */
public final class SealingKeyRotation {

  /** A step that is done. */
  public enum Step {
    KEY_ADDED,
    KEY_NAMED,
    SOME_RESEALED,
    OLD_KEYS_REMOVED
  }

  /** Is told of each step. If it throws, the rotation stops there. */
  @FunctionalInterface
  public interface Progress {

    /**
     * Takes note.
     *
     * @param step that was done
     * @param resealed how many tokens have been sealed anew so far
     */
    void done(Step step, int resealed);
  }

  /**
   * How it ended.
   *
   * @param resealed how many tokens were sealed anew
   * @param oldKeysRemoved whether the key file holds the new key alone; not while a spool or the
   *     head of the log still needs an old one: run it again later
   */
  public record Result(int resealed, boolean oldKeysRemoved) {}

  private static final int BATCH = 100;

  private record Row(GrantName grant, int number, Sealed sealed, boolean isPrevious) {}

  private final StoreLocation location;
  private final KeyFile keyFile;
  private final Sealing sealing;
  private final GroupCommit writer;
  private final Spools spools;
  private final HeadKeeping head;
  private final Clock clock;

  SealingKeyRotation(
      StoreLocation location,
      Sealing sealing,
      GroupCommit writer,
      Spools spools,
      HeadKeeping head,
      Clock clock,
      Disk disk) {
    this.location = location;
    this.keyFile = new KeyFile(location.keyFile(), disk);
    this.sealing = sealing;
    this.writer = writer;
    this.spools = spools;
    this.head = head;
    this.clock = clock;
  }

  /**
   * Rotates the key, or completes a rotation that was interrupted.
   *
   * @throws StoreException if another process is at it
   */
  public Result run(Progress progress) {
    try (LockFile lock = lock()) {
      keyFile.removeHalves();
      Keyring keys = sealing.reload();
      if (keys.numbers().size() == 1) {
        keys = addKey(keys);
        progress.done(Step.KEY_ADDED, 0);
      }
      int primary = keys.primary();
      nameKey(keys);
      progress.done(Step.KEY_NAMED, 0);
      int resealed = resealAll(primary, progress);
      boolean removed = removeOldKeys(keys);
      if (removed) {
        progress.done(Step.OLD_KEYS_REMOVED, resealed);
      }
      return new Result(resealed, removed);
    }
  }

  private LockFile lock() {
    return LockFile.tryLock(location.base(), LockFile.SET_UP)
        .orElseThrow(
            () ->
                new StoreException(
                    "another process changes the sealing key of " + location + "; let it finish",
                    null));
  }

  private Keyring addKey(Keyring keys) {
    try {
      keyFile.replace(keys.withNewPrimary());
      return sealing.reload();
    } catch (GeneralSecurityException e) {
      throw new StoreException("no new key can be made: " + e.getMessage(), e);
    }
  }

  private void nameKey(Keyring keys) {
    StoreKey key = StoreKey.primaryOf(keys);
    Entry entry =
        Entry.of(
            clock.instant(),
            null,
            Event.KEY_ROTATED,
            "sealed with key " + Integer.toUnsignedString(key.number()) + " from now on");
    writer.write(
        true,
        transaction -> {
          transaction.alone(Sql.Alone.KEY);
          boolean isNamed = transaction.storeKey().number() == key.number();
          if (!isNamed && !transaction.storeKey().isIn(keys)) {
            throw sealing.wrongKey();
          }
          if (!isNamed) {
            transaction.setStoreKey(key);
            transaction.append(List.of(entry));
          }
          return isNamed;
        });
  }

  private int resealAll(int primary, Progress progress) {
    int resealed = 0;
    int some;
    do {
      some = writer.write(true, transaction -> resealSome(transaction, primary));
      resealed += some;
      if (some > 0) {
        progress.done(Step.SOME_RESEALED, resealed);
      }
    } while (some > 0);
    return resealed;
  }

  private int resealSome(Transaction transaction, int primary) throws SQLException {
    List<Row> rows =
        transaction.list(
            Sql.FIND_SEALED_OTHERWISE,
            SealingKeyRotation::row,
            Sealed.prefixOf(primary),
            Sealed.prefixOf(primary),
            BATCH);
    for (Row row : rows) {
      Sealed sealed = sealing.reseal(primary, row.grant(), row.number(), row.sealed());
      transaction.update(
          row.isPrevious() ? Sql.RESEAL_PREVIOUS : Sql.RESEAL_CURRENT,
          sealed.bytes(),
          row.grant().tenant(),
          row.grant().name());
    }
    return rows.size();
  }

  private static Row row(Columns row) throws SQLException {
    return new Row(row.name(), row.integer(), row.sealed(), row.flag());
  }

  /** Only when nothing needs them: neither the store, nor a spool, nor the head of the log. */
  private boolean removeOldKeys(Keyring keys) {
    boolean isSpooled =
        spools.contents().stream().anyMatch(content -> !content.sealed().isOf(keys.primary()));
    return !isSpooled && head.resealBefore(() -> keepPrimaryOnly(keys));
  }

  private void keepPrimaryOnly(Keyring keys) {
    try {
      keyFile.replace(keys.primaryOnly());
    } catch (GeneralSecurityException e) {
      throw new StoreException("the old keys cannot be removed: " + e.getMessage(), e);
    }
    sealing.reload();
  }
}
