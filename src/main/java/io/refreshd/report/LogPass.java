package io.refreshd.report;

import io.refreshd.rotation.LoggedEntry;
import java.io.IOException;
import java.nio.file.Path;

/** One pass over the store's log: appends what the files do not have yet, and rolls as it goes. */
final class LogPass implements AutoCloseable {

  /**
   * What a line takes up, in bytes: that of a rotation has 560 or so. Longer ones cost a file more
   * than was meant to be lost, shorter ones leave room.
   */
  private static final int LINE = 600;

  private final Path path;
  private final RolledLogs rolled;
  private final long limit;
  private LockedLog log;
  private LogMark last;

  LogPass(Path path, long limit) throws IOException {
    this.path = path;
    this.rolled = new RolledLogs(path);
    this.limit = limit;
    this.log = LockedLog.open(path);
    this.last = last();
  }

  /** The last entry that is written, whether or not it was rolled away since. */
  LogMark mark() {
    return last;
  }

  /** Writes the entry unless it is there. Called with rising numbers. */
  void append(LoggedEntry entry) {
    try {
      if (log.size() >= limit) {
        roll();
        last = last();
      }
      if (entry.seq() > last.seq()) {
        log.write(LogLine.of(entry));
        last = LogMark.of(entry);
      }
    } catch (IOException e) {
      throw RotationLogException.of(path, e);
    }
  }

  /** About how many entries all files together hold. */
  long mostEntries() {
    return entries(RolledLogs.KEPT);
  }

  /** About how many entries can be written now before a file is lost. */
  long entriesThatFit() {
    return entries(rolled.free());
  }

  /** A file has one line at least, however small it is to be. */
  private long entries(int rolledFiles) {
    long files = rolledFiles + 1L;
    return Math.max(files, files * limit / LINE);
  }

  /** Rolls what is there out of the way of another log, or of a later part of the same. */
  void startAnew() throws IOException {
    if (log.size() > 0) {
      roll();
    }
    last = log.mark();
  }

  void flush() throws IOException {
    log.flush();
  }

  @Override
  public void close() throws IOException {
    log.close();
  }

  private void roll() throws IOException {
    log.flush();
    rolled.roll();
    log.close();
    log = LockedLog.open(path);
  }

  private LogMark last() throws IOException {
    return log.size() == 0 ? rolled.mark() : log.mark();
  }
}
