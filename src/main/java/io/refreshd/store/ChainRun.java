package io.refreshd.store;

import io.refreshd.rotation.LogRestore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run of entries in the order of the log, each of which follows the one before it. It remembers
 * its first entry and the hashes of its last ones; the rest may be a million.
 */
final class ChainRun {

  /** How far behind a run's end an entry that follows is looked for. */
  private static final int REMEMBERED = 16;

  /** An entry as its bytes stand in the log. */
  static final class Row {
    private final long seq;
    private final byte[] fields;
    private final String hash;
    private final @Nullable LogRestore restore;

    /**
     * A row.
     *
     * @param restore what it says, if that is that the store became another
     */
    Row(long seq, byte[] fields, String hash, @Nullable LogRestore restore) {
      this.seq = seq;
      this.fields = fields;
      this.hash = hash;
      this.restore = restore;
    }

    long seq() {
      return seq;
    }

    byte[] fields() {
      return fields;
    }

    String hash() {
      return hash;
    }

    Optional<LogRestore> restore() {
      return Optional.ofNullable(restore);
    }

    boolean follows(String before) {
      return HashChain.next(before, fields).equals(hash);
    }
  }

  private final Row first;
  private final long before;
  private final String computed;
  private final Deque<String> hashes = new ArrayDeque<>();
  private long last;

  /**
   * A run that begins.
   *
   * @param before the number of the entry before it
   * @param computed what the hash of its first entry would be after that one
   */
  ChainRun(Row first, long before, String computed) {
    this.first = first;
    this.before = before;
    this.computed = computed;
    add(first);
  }

  /** What every log begins with: nothing, numbered 0. */
  static ChainRun start() {
    return new ChainRun(new Row(0, new byte[0], HashChain.START, null), -1, HashChain.START);
  }

  void add(Row row) {
    if (hashes.size() == REMEMBERED) {
      hashes.removeLast();
    }
    hashes.addFirst(row.hash());
    last = row.seq();
  }

  Row first() {
    return first;
  }

  long last() {
    return last;
  }

  long length() {
    return last - first.seq() + 1;
  }

  /** The number of the entry before the run. */
  long before() {
    return before;
  }

  boolean isBehindGap() {
    return first.seq() != before + 1;
  }

  String lastHash() {
    return hashes.getFirst();
  }

  /** Whether the row follows the run's first entry as its content says, not as its hash does. */
  boolean isFollowedByContent(Row row) {
    return row.follows(computed);
  }

  /** The number of the entry of this run that the row follows; -1 if there is none. */
  long findFollowed(Row row) {
    long seq = last;
    for (Iterator<String> hash = hashes.iterator(); hash.hasNext(); seq--) {
      if (row.follows(hash.next())) {
        return seq;
      }
    }
    return -1;
  }
}
