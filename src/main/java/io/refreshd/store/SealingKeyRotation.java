package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.StoreException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;

/**
 * Gives a store a new sealing key, beside processes that use it. Each step leaves a store that
 * works, and running it again after an interruption completes what was begun:
 *
 * <ol>
 *   <li>the key file gets a new key, and keeps the old one;
 *   <li>the store names the new key, from then on every writer seals with it;
 *   <li>what the old key sealed is sealed anew, but for what it does not open any more;
 *   <li>when nothing that the old key sealed is left, in no other store of this machine that is
 *       found beside it or the key either, the key file loses it. Where other machines share the
 *       store, this one does not know what their spools and heads still need: there it is done on
 *       each of them, when a person asks for it.
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
    /** A spool, the head of the log or a damaged token needs one of them: ask again later. */
    NEEDED,
    /** Other stores of this machine need one of them: they are named. */
    LEFT_FOR_STORES,
    /** Other machines may need them. */
    LEFT_FOR_OTHERS
  }

  /**
   * How it ended.
   *
   * @param isNewKey whether a key was made; else it went on with the one that was new before
   * @param resealed how many tokens were sealed anew
   * @param damaged the grants whose current token no key opens: it was not sealed anew
   * @param damagedBefore the other grants of which the token before the current one is so
   * @param neededBy the files of other stores for which an old key is left
   */
  public record Result(
      boolean isNewKey,
      int resealed,
      OldKeys oldKeys,
      List<GrantName> damaged,
      List<GrantName> damagedBefore,
      List<Path> neededBy) {

    public Result {
      damaged = List.copyOf(damaged);
      damagedBefore = List.copyOf(damagedBefore);
      neededBy = List.copyOf(neededBy);
    }

    private static Result of(boolean isNewKey, Resealing.Done done, OldKeys oldKeys) {
      return of(isNewKey, done, oldKeys, List.of());
    }

    private static Result of(
        boolean isNewKey, Resealing.Done done, OldKeys oldKeys, List<Path> neededBy) {
      return new Result(
          isNewKey, done.tokens(), oldKeys, done.damaged(), done.damagedBefore(), neededBy);
    }
  }

  private final StoreLocation location;
  private final KeyFile keyFile;
  private final StoresBeside beside;
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
    this.beside = new StoresBeside(location);
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
      Resealing.Done resealed = isBegun ? putInForce(keys, progress) : Resealing.Done.NOTHING;
      boolean isDone = isNamed && resealed.tokens() == 0 && areOldKeysLeft(keys);
      boolean isNewKey = !isBegun || isDone;
      if (isNewKey) {
        keys = addKey(keys);
        progress.done(Step.KEY_ADDED, 0);
        resealed = putInForce(keys, progress);
      }
      return sealing.isShared()
          ? Result.of(isNewKey, resealed, OldKeys.LEFT_FOR_OTHERS)
          : removeOldKeys(isNewKey, keys, resealed, progress);
    }
  }

  /** Whether the last rotation had to leave them, though it was complete. */
  private boolean areOldKeysLeft(Keyring keys) {
    return sealing.isShared() || !beside.needingOld(keys).isEmpty();
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
      if (keys.numbers().size() == 1) {
        return Result.of(false, Resealing.Done.NOTHING, OldKeys.REMOVED);
      }
      Resealing.Done resealed = putInForce(keys, progress);
      return removeOldKeys(false, keys, resealed, progress);
    }
  }

  private Keyring load() {
    keyFile.removeHalves();
    return sealing.reload();
  }

  private boolean isNamed(Keyring keys) {
    return writer.write(false, transaction -> transaction.storeKey().number() == keys.primary());
  }

  private Resealing.Done putInForce(Keyring keys, Progress progress) {
    nameKey(keys);
    progress.done(Step.KEY_NAMED, 0);
    return new Resealing(sealing, writer, keys.primary()).run(progress);
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
      replace(keys, keys.withNewPrimary());
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
   * Only when nothing needs them: neither the store, nor a spool, nor the head of the log, nor
   * another store.
   */
  private Result removeOldKeys(
      boolean isNewKey, Keyring keys, Resealing.Done resealed, Progress progress) {
    boolean isSpooled =
        spools.contents().stream().anyMatch(content -> !content.sealed().isOf(keys.primary()));
    if (isSpooled || !resealed.isAll()) {
      return Result.of(isNewKey, resealed, OldKeys.NEEDED);
    }
    List<Path> neededBy = beside.needingOld(keys);
    if (!neededBy.isEmpty()) {
      return Result.of(isNewKey, resealed, OldKeys.LEFT_FOR_STORES, neededBy);
    }
    if (!head.resealBefore(() -> keepPrimaryOnly(keys))) {
      return Result.of(isNewKey, resealed, OldKeys.NEEDED);
    }
    progress.done(Step.OLD_KEYS_REMOVED, resealed.tokens());
    return Result.of(isNewKey, resealed, OldKeys.REMOVED);
  }

  /** Another store's rotation may have been at the same file: its new key must stay. */
  private void replace(Keyring known, Keyring other) {
    if (!keyFile.load().numbers().equals(known.numbers())) {
      throw new StoreException(
          "the key file "
              + keyFile.path()
              + " was changed by another process meanwhile, as for another store that it seals; let"
              + " that finish, then run `refreshd key rotate` again",
          null);
    }
    keyFile.replace(other);
  }

  private void keepPrimaryOnly(Keyring keys) {
    try {
      replace(keys, keys.primaryOnly());
    } catch (GeneralSecurityException e) {
      throw new StoreException("the old keys cannot be removed: " + e.getMessage(), e);
    }
    sealing.reload();
  }
}
