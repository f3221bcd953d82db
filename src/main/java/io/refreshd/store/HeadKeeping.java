package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the head of the rotation log, behind the log and at its own pace. A head that the log does
 * not have is never replaced: it is the proof that the log was cut or rewritten.
 */
final class HeadKeeping {

  private static final Logger LOG = LoggerFactory.getLogger(HeadKeeping.class);
  private static final Duration LOCK_LIMIT = Duration.ofSeconds(5);

  private final Path store;
  private final StoreReader reader;
  private final HeadFile file;
  private @Nullable LogHead last;
  private @Nullable String trouble;

  HeadKeeping(Path store, StoreReader reader, Disk disk) {
    this.store = store;
    this.reader = reader;
    this.file = new HeadFile(store, disk);
  }

  HeadFile file() {
    return file;
  }

  /**
   * Writes the head if the log has grown. What keeps it from that is said once, not thrown.
   *
   * @param log as somebody has it who is not behind
   */
  synchronized void keep(LogEnd log) {
    try {
      // what is lost comes first: to the next process it is the only proof
      LogHead head = reader.knownHead().findLost().or(log::findLogHead).orElse(null);
      if (head == null || head.equals(last)) {
        return;
      }
      try (LockFile lock = LockFile.tryLock(store, LockFile.HEAD).orElse(null)) {
        if (lock != null) {
          advance(head, log);
        }
      }
      if (trouble != null) {
        trouble = null;
        LOG.info("{} is kept again", file.path());
      }
    } catch (StoreException.Unavailable e) {
      say(
          e.getMessage()
              + ". until that is over the head of the rotation log is not kept up to date;"
              + " rotations go on if the store itself answers");
    } catch (StoreException e) {
      say(e.getMessage() + ". its head is not kept until that is settled: refreshd log verify");
    }
  }

  /**
   * An entry that the log does not have, though this process knew it to, or though the head tells
   * of it that a key of the store has sealed. A head that cannot be read tells nothing; that is
   * said, and keeps nobody from rotating.
   *
   * @param log as somebody has it who is not behind
   */
  Optional<LostHead> findLost(LogEnd log) {
    Optional<LogHead> known = reader.knownHead().findLost();
    return known.isPresent()
        ? known.map(head -> new LostHead(head, null))
        : findKept().filter(kept -> !log.isLogged(kept.head()));
  }

  private Optional<LostHead> findKept() {
    try {
      Instant writtenAt = file.lastWritten();
      return file.find()
          .filter(kept -> reader.sealing().isSealed(kept.head(), kept.seal()))
          .map(kept -> new LostHead(kept.head(), writtenAt));
    } catch (StoreException.Damaged | StoreException.Unavailable e) {
      say(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void advance(LogHead head, LogEnd log) {
    Optional<HeadFile.Kept> kept = file.find();
    kept.ifPresent(this::refuseIfNotSealed);
    Optional<LogHead> known = kept.map(HeadFile.Kept::head).or(() -> Optional.ofNullable(last));
    known.ifPresent(before -> refuseIfNotLogged(before, log));
    if (known.isEmpty()) {
      LOG.info("the head of the rotation log is kept from entry {} on", head.seq());
    }
    if (kept.isEmpty() || kept.get().head().seq() < head.seq()) {
      file.write(new HeadFile.Kept(head, reader.sealing().seal(head)));
    }
    last = head;
  }

  private void refuseIfNotSealed(HeadFile.Kept kept) {
    if (!reader.sealing().isSealed(kept.head(), kept.seal())) {
      throw new StoreException.Damaged(
          file.path() + " was not written by refreshd with the key of this store", null);
    }
  }

  private static void refuseIfNotLogged(LogHead head, LogEnd log) {
    if (!log.isLogged(head)) {
      throw new StoreException.Damaged(
          "the rotation log does not have entry "
              + head.seq()
              + " as it was written: it was cut or rewritten, or the store restored",
          null);
    }
  }

  /**
   * Seals the head with the store's present key, and runs what makes older keys useless.
   *
   * @return false if another process is at the head for too long; then nothing was done
   */
  synchronized boolean resealBefore(Runnable removal) {
    try (LockFile lock = LockFile.waitFor(store, LockFile.HEAD, LOCK_LIMIT).orElse(null)) {
      if (lock == null) {
        return false;
      }
      file.find()
          .filter(kept -> reader.sealing().isSealed(kept.head(), kept.seal()))
          .ifPresent(
              kept ->
                  file.writeDurably(
                      new HeadFile.Kept(kept.head(), reader.sealing().seal(kept.head()))));
      removal.run();
      return true;
    }
  }

  private void say(String message) {
    if (!message.equals(trouble)) {
      trouble = message;
      LOG.error("{}", message);
    }
  }
}
