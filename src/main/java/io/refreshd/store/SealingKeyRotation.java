package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.StoreException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives a store a new sealing key, beside processes that use it. Each step leaves a store that
 * works, and running it again after an interruption completes what was begun:
 *
 * <ol>
 *   <li>the key file gets a new key, and keeps the old one;
 *   <li>the store names the new key, from then on every writer seals with it;
 *   <li>what the old key sealed is sealed anew;
 *   <li>when nothing that the old key sealed is left, the key file loses it. Where other machines
 *       share the store, this one does not know what their spools and heads still need: there it is
 *       done on each of them, when a person asks for it.
 * </ol>
 */
public final class SealingKeyRotation {

  /** A step that is done. */
  public enum Step {
    KEY_ADDED,
    KEY_NAMED,
    SOME_RESEALED,
    /** A batch of grants was gone over that had nothing left to seal anew. */
    SOME_PASSED,
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

  /** What became of the keys before the present one. */
  public enum OldKeys {
    /** The key file holds the present one alone. */
    REMOVED,
    /** A spool or the head of the log needs one of them: ask again later. */
    NEEDED,
    /** Other machines may need them. */
    LEFT_FOR_OTHERS
  }

  /**
   * How it ended.
   *
   * @param resealed how many tokens were sealed anew
   */
  public record Result(int resealed, OldKeys oldKeys) {}

  /** How many grants in a transaction: a daemon that rotates one of them waits for its end. */
  private static final int BATCH = 100;

  /** The tokens of a grant as they are sealed, and the numbers of their generations. */
  private record Row(
      GrantName grant, int number, Sealed token, int previous, @Nullable Sealed previousToken) {}

  /**
   * Some grants that were gone over.
   *
   * @param last the last one of them; {@code null} if there was none
   * @param resealed how many tokens were sealed anew
   * @param missed how many grants a daemon changed meanwhile
   */
  private record Batch(@Nullable GrantName last, int resealed, int missed) {}

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
      Keyring keys = load();
      boolean isBegun = keys.numbers().size() > 1;
      boolean isNamed = isBegun && isNamed(keys);
      int resealed = isBegun ? putInForce(keys, progress) : 0;
      boolean isDone = sealing.isShared() && isNamed && resealed == 0;
      if (!isBegun || isDone) {
        keys = addKey(keys);
        progress.done(Step.KEY_ADDED, 0);
        resealed = putInForce(keys, progress);
      }
      return sealing.isShared()
          ? new Result(resealed, OldKeys.LEFT_FOR_OTHERS)
          : removeOldKeys(keys, resealed, progress);
    }
  }

  /**
   * Removes from the key file of this machine all keys but the present one, and completes a
   * rotation that was interrupted; makes no new key. Where other machines share the store, each of
   * them must have the present key by then.
   *
   * @throws StoreException if another process is at it
   */
  public Result dropOldKeys(Progress progress) {
    try (LockFile lock = lock()) {
      Keyring keys = load();
      return keys.numbers().size() == 1
          ? new Result(0, OldKeys.REMOVED)
          : removeOldKeys(keys, putInForce(keys, progress), progress);
    }
  }

  private Keyring load() {
    keyFile.removeHalves();
    return sealing.reload();
  }

  private boolean isNamed(Keyring keys) {
    return writer.write(false, transaction -> transaction.storeKey().number() == keys.primary());
  }

  private int putInForce(Keyring keys, Progress progress) {
    nameKey(keys);
    progress.done(Step.KEY_NAMED, 0);
    return resealAll(keys.primary(), progress);
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

  /**
   * Goes over all grants, each once, until there was nothing to do all the way: what a daemon
   * changed meanwhile is seen the next time.
   */
  private int resealAll(int primary, Progress progress) {
    int resealed = 0;
    boolean isDone;
    do {
      isDone = true;
      for (Batch batch = reseal(null, primary);
          batch.last() != null;
          batch = reseal(batch.last(), primary)) {
        resealed += batch.resealed();
        isDone &= batch.resealed() == 0 && batch.missed() == 0;
        progress.done(batch.resealed() > 0 ? Step.SOME_RESEALED : Step.SOME_PASSED, resealed);
      }
    } while (!isDone);
    return resealed;
  }

  private Batch reseal(@Nullable GrantName after, int primary) {
    return writer.write(true, transaction -> reseal(transaction, after, primary));
  }

  private Batch reseal(Transaction transaction, @Nullable GrantName after, int primary)
      throws SQLException {
    List<Row> rows =
        transaction.list(
            Sql.SEALED_AFTER,
            SealingKeyRotation::row,
            after == null ? "" : after.tenant(),
            after == null ? "" : after.name(),
            BATCH);
    int resealed = 0;
    int missed = 0;
    for (Row row : rows) {
      int stale = countStale(row, primary);
      if (stale > 0 && reseal(transaction, row, primary)) {
        resealed += stale;
      } else if (stale > 0) {
        missed++;
      }
    }
    return new Batch(rows.isEmpty() ? null : rows.get(rows.size() - 1).grant(), resealed, missed);
  }

  private static int countStale(Row row, int primary) {
    Sealed previous = row.previousToken();
    return (row.token().isOf(primary) ? 0 : 1)
        + (previous == null || previous.isOf(primary) ? 0 : 1);
  }

  /** {@code false} if a daemon has changed it. */
  private boolean reseal(Transaction transaction, Row row, int primary) throws SQLException {
    GrantName grant = row.grant();
    Sealed token = sealing.reseal(primary, grant, row.number(), row.token());
    Sealed previous = row.previousToken();
    byte[] before = previous == null ? null : previous.bytes();
    byte[] after =
        previous == null ? null : sealing.reseal(primary, grant, row.previous(), previous).bytes();
    return transaction.update(
            Sql.RESEAL,
            token.bytes(),
            after,
            grant.tenant(),
            grant.name(),
            row.token().bytes(),
            before)
        == 1;
  }

  private static Row row(Columns row) throws SQLException {
    return new Row(row.name(), row.integer(), row.sealed(), row.integer(), row.findSealed());
  }

  /** Only when nothing needs them: neither the store, nor a spool, nor the head of the log. */
  private Result removeOldKeys(Keyring keys, int resealed, Progress progress) {
    boolean isSpooled =
        spools.contents().stream().anyMatch(content -> !content.sealed().isOf(keys.primary()));
    if (isSpooled || !head.resealBefore(() -> keepPrimaryOnly(keys))) {
      return new Result(resealed, OldKeys.NEEDED);
    }
    progress.done(Step.OLD_KEYS_REMOVED, resealed);
    return new Result(resealed, OldKeys.REMOVED);
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
