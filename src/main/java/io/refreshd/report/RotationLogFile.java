package io.refreshd.report;

import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.TokenStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rolling file of {@link LogLine}s. It follows the store's log: each catch-up reads from the
 * file how far it got and appends what the store has beyond, so that nothing is missing or doubled
 * after a crash, however many processes write it. Many threads may share it.
 *
 * <p>A line that was torn is cut off and written again. A full file becomes {@code NAME.1}, and so
 * on to {@code NAME.5}. If the store's log is not the one that the file holds (another store, or
 * one restored from a backup), or is further ahead than all files hold, the file is rolled away and
 * begun anew: with the newest entries that fit without another file being lost. What came before
 * them is in the store.
 */
public final class RotationLogFile {

  /** Where a file is rolled unless said otherwise, in bytes: 10 MiB. */
  public static final long DEFAULT_LIMIT = 10L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(RotationLogFile.class);

  /**
   * The JDK refuses a second lock on a file within one process, instead of waiting for it. Fair, so
   * that those who wait find their entries written by the first of them.
   */
  private static final Lock IN_THIS_PROCESS = new ReentrantLock(true);

  private final Path file;
  private final TokenStore store;
  private final long limit;
  private final AtomicLong asked = new AtomicLong();
  private long answered;
  private boolean isNear;

  /**
   * A file and the store that it follows.
   *
   * @param file made with mode 0600 when first needed; its folder must exist
   * @param limit the size at which it is rolled, in bytes; a line is never split
   */
  public RotationLogFile(Path file, TokenStore store, long limit) {
    this.file = file.toAbsolutePath();
    this.store = store;
    this.limit = limit;
  }

  /**
   * Appends what the store has and the file has not. When it returns, everything that was in the
   * store when it was called is in the file; calls that meet are answered by one pass.
   *
   * @throws RotationLogException if the file cannot be written
   * @throws StoreException if the store cannot be read
   */
  public void catchUp() {
    long turn = asked.incrementAndGet();
    IN_THIS_PROCESS.lock();
    try {
      if (answered < turn) {
        long turns = asked.get();
        follow();
        answered = turns;
      }
    } catch (IOException e) {
      throw RotationLogException.of(file, e);
    } finally {
      IN_THIS_PROCESS.unlock();
    }
  }

  /**
   * Why a catch-up could not write the file, as far as a look at it tells; empty if nothing seems
   * to keep it. Changes nothing, and makes nothing.
   */
  public static Optional<String> findTrouble(Path file) {
    IN_THIS_PROCESS.lock(); // a look at a file that this process has locked would unlock it
    try {
      LockedLog.inspect(file.toAbsolutePath());
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(RotationLogException.why(e));
    } finally {
      IN_THIS_PROCESS.unlock();
    }
  }

  private void follow() throws IOException {
    try (LogPass pass = new LogPass(file, limit)) {
      if (isFarBehind(pass) || !continues(pass)) {
        beginAnew(pass);
      }
      pass.flush();
      isNear = true;
    }
  }

  /** Once it has caught up it stays near. */
  private boolean isFarBehind(LogPass pass) {
    LogMark last = pass.mark();
    if (isNear || last.equals(LogMark.BEGINNING) || newest() - last.seq() <= pass.mostEntries()) {
      return false;
    }
    LOG.warn(
        "rotation log {}: its last entry, {}, is further behind the store than its files hold; the"
            + " file is rolled away and begun anew",
        file,
        last.seq());
    return true;
  }

  /** Appends what follows the file's last entry, if the store has that entry. */
  private boolean continues(LogPass pass) {
    LogMark last = pass.mark();
    if (last.equals(LogMark.BEGINNING)) {
      return false;
    }
    Following following = new Following(last, pass);
    store.read(LogQuery.after(last.seq() - 1), following);
    if (!following.found) {
      LOG.warn(
          "rotation log {}: its last entry, {}, is not in the store; the store was replaced or"
              + " restored. the file is rolled away and begun anew",
          file,
          last.seq());
    }
    return following.found;
  }

  /** The log may have millions of entries, of which the files would keep the last of all. */
  private void beginAnew(LogPass pass) throws IOException {
    pass.startAnew();
    long before = Math.max(0, newest() - pass.entriesThatFit());
    if (before > 0) {
      LOG.info(
          "rotation log {}: begins with entry {}; those before it are in the store: refreshd log",
          file,
          before + 1);
    }
    store.read(LogQuery.after(before), pass::append);
  }

  /** The number of the store's newest entry; 0 if there is none. */
  private long newest() {
    AtomicLong newest = new AtomicLong();
    store.read(LogQuery.newest(), entry -> newest.set(entry.seq()));
    return newest.get();
  }

  /** Passes entries on from behind a mark, if the first is that of the mark. */
  private static final class Following implements Consumer<LoggedEntry> {
    private final LogMark mark;
    private final LogPass pass;
    private boolean found;

    Following(LogMark mark, LogPass pass) {
      this.mark = mark;
      this.pass = pass;
    }

    @Override
    public void accept(LoggedEntry entry) {
      if (found) {
        pass.append(entry);
      } else {
        found = LogMark.of(entry).equals(mark);
      }
    }
  }
}
