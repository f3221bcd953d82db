package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the head of the rotation log, behind the log and at its own pace. A head that the log does
 * not have is never thrown away: it is the proof that the log was cut or rewritten. Nor is it
 * replaced before all that may be spent is withheld; then it is set aside, and the head goes on
 * with the log.
 */
final class HeadKeeping {

  private static final Logger LOG = LoggerFactory.getLogger(HeadKeeping.class);
  private static final Duration LOCK_LIMIT = Duration.ofSeconds(5);

  private final Path store;
  private final StoreReader reader;
  private final HeadFile file;

  /** What is missed, and seen to, and not yet set aside. */
  private final Set<LogHead> seenTo = new LinkedHashSet<>();

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
      if (head == null || (head.equals(last) && seenTo.isEmpty())) {
        return;
      }
      try (LockFile lock = LockFile.tryLock(store, LockFile.HEAD).orElse(null)) {
        if (lock != null) {
          setAside(head, log);
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

  /**
   * All that may be spent is withheld since that head is missed: from now on the head goes on with
   * the log, so that it tells of what is lost after this.
   *
   * @param log as somebody has it who is not behind
   */
  synchronized void settled(LogHead head, LogEnd log) {
    reader.knownHead().settled(head);
    seenTo.add(head);
    keep(log);
  }

  /**
   * The newest of the entries that the log does not have though a key of the store has sealed that
   * it had, of those that were seen to.
   *
   * @param log as somebody has it who is not behind
   */
  Optional<LogHead> findSetAside(LogEnd log) {
    try {
      return file.lost().all().stream()
          .filter(this::isSealed)
          .map(HeadFile.Kept::head)
          .filter(lost -> !log.isLogged(lost))
          .reduce((older, newer) -> newer);
    } catch (StoreException.Damaged | StoreException.Unavailable e) {
      say(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<LostHead> findKept() {
    try {
      Instant writtenAt = file.lastWritten();
      return file.find().filter(this::isSealed).map(kept -> new LostHead(kept.head(), writtenAt));
    } catch (StoreException.Damaged | StoreException.Unavailable e) {
      say(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** Durably, before the head is replaced that may be the only proof. */
  private void setAside(LogHead head, LogEnd log) {
    if (seenTo.isEmpty()) {
      return;
    }
    Optional<HeadFile.Kept> kept = file.find();
    kept.ifPresent(this::refuseIfNotSealed);
    seenTo.forEach(lost -> file.lost().add(sealed(lost)));
    // what is kept may be older than what this process has missed itself
    HeadFile.Kept missed = kept.filter(one -> !log.isLogged(one.head())).orElse(null);
    if (missed != null) {
      file.lost().add(missed);
      file.write(sealed(head));
    }
    seenTo.clear();
    last = null;
    LOG.info("what the rotation log has lost is written down in {}", file.lost().path());
  }

  private HeadFile.Kept sealed(LogHead head) {
    return new HeadFile.Kept(head, reader.sealing().seal(head));
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
      file.write(sealed(head));
    }
    last = head;
  }

  private void refuseIfNotSealed(HeadFile.Kept kept) {
    if (!isSealed(kept)) {
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
   * Seals the heads with the store's present key, and runs what makes older keys useless.
   *
   * @return false if another process is at the head for too long; then nothing was done
   */
  synchronized boolean resealBefore(Runnable removal) {
    try (LockFile lock = LockFile.waitFor(store, LockFile.HEAD, LOCK_LIMIT).orElse(null)) {
      if (lock == null) {
        return false;
      }
      file.find().filter(this::isSealed).ifPresent(kept -> file.writeDurably(sealed(kept.head())));
      List<HeadFile.Kept> lost = file.lost().all();
      if (!lost.isEmpty()) {
        file.lost()
            .replace(lost.stream().map(one -> isSealed(one) ? sealed(one.head()) : one).toList());
      }
      removal.run();
      return true;
    }
  }

  private boolean isSealed(HeadFile.Kept kept) {
    return reader.sealing().isSealed(kept.head(), kept.seal());
  }

  private void say(String message) {
    if (!message.equals(trouble)) {
      trouble = message;
      LOG.error("{}", message);
    }
  }
}
