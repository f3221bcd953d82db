package io.refreshd.store;

import io.refreshd.rotation.Entry;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LoggedEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What a query wants of the rotation log, stretch by stretch and page by page: a slow reader of a
 * long log holds up nobody, and no statement looks through more of the log than a stretch, however
 * little of it is wanted. The log is never pruned, and the numbers are its only index.
 */
final class LogPages {

  /** What a store tells of its log. */
  interface Source {

    /**
     * Reads a page of what may be wanted of the entries numbered above the one and up to the other,
     * in the order that the query's limit asks for. One that is not full is the last of them.
     */
    List<LoggedEntry> page(long above, long through);

    /** The number of the newest entry that is numbered so or below. */
    Optional<Long> findNewest(long through);

    /** The number of the oldest entry that is numbered above. */
    Optional<Long> findOldest(long above);

    /** The latest instant of the entries numbered above the one and up to the other. */
    Optional<Instant> findLatest(long above, long through);
  }

  /** So many numbers a stretch has: read in far less than a statement may take. */
  static final int STRETCH = 50_000;

  /**
   * How far the clocks of those who write may be apart. Daemons bear 5 seconds, but one that is
   * alone goes on with any clock, and so does a command; the commonest wrong clock shows the local
   * time, which is up to 14 hours off.
   */
  private static final Duration CLOCKS_APART = Duration.ofDays(1);

  private final LogQuery query;
  private final int size;
  private final Source source;

  /**
   * Pages of a log.
   *
   * @param size how many entries a full page has
   */
  LogPages(LogQuery query, int size, Source source) {
    this.query = query;
    this.size = size;
    this.source = source;
  }

  /**
   * Hands over the entries that are wanted of those that are there now, oldest first.
   *
   * @return up to which number the log was looked at
   */
  long read(Consumer<LoggedEntry> reader) {
    long newest = newest(Long.MAX_VALUE);
    if (query.limit() > 0) {
      newestFirst(newest, query.limit(), query::matches).forEach(reader);
    } else {
      oldestFirst(newest, reader);
    }
    return newest;
  }

  /**
   * The newest of the entries that the query wants, its limit aside, of which something more is
   * true. Nothing is looked at beyond it.
   */
  Optional<LoggedEntry> findNewest(Predicate<Entry> isIt) {
    Deque<LoggedEntry> found =
        newestFirst(newest(Long.MAX_VALUE), 1, entry -> query.matches(entry) && isIt.test(entry));
    return Optional.ofNullable(found.peek());
  }

  private void oldestFirst(long newest, Consumer<LoggedEntry> reader) {
    long above = start(newest);
    while (above < newest) {
      long through = above + Math.min(newest - above, STRETCH);
      List<LoggedEntry> page = source.page(above, through);
      page.stream().filter(logged -> query.matches(logged.entry())).forEach(reader);
      if (page.size() == size) {
        above = page.get(size - 1).seq();
      } else {
        above = page.isEmpty() ? beforeNext(through) : through;
      }
    }
  }

  private Deque<LoggedEntry> newestFirst(long newest, int limit, Predicate<Entry> isWanted) {
    Deque<LoggedEntry> found = new ArrayDeque<>();
    long through = newest;
    while (through > query.after() && found.size() < limit) {
      long above = below(through);
      List<LoggedEntry> page = source.page(above, through);
      Iterator<LoggedEntry> wanted =
          page.stream().filter(logged -> isWanted.test(logged.entry())).iterator();
      while (wanted.hasNext() && found.size() < limit) {
        found.addFirst(wanted.next());
      }
      if (page.size() == size) {
        through = page.get(size - 1).seq() - 1;
      } else if (page.isEmpty() && isTooOld(above, through)) {
        through = query.after();
      } else {
        through = newest(above);
      }
    }
    return found;
  }

  /**
   * Behind which number what is wanted begins. Entries stand in the order in which they were
   * written, and their times come from several clocks: so it goes back until a whole stretch is too
   * old, not one entry, by more than clocks are apart. A log of one stretch is read whole. What
   * stands before a stretch that a clock dated back by days is not found that way; to find that
   * too, every reader of the last hour would have to go through the log of years.
   */
  private long start(long newest) {
    long through = newest;
    while (query.since() != null && through - query.after() > STRETCH) {
      long above = below(through);
      if (isTooOld(above, through)) {
        return through;
      }
      through = newest(above);
    }
    return query.after();
  }

  private boolean isTooOld(long above, long through) {
    Instant since = query.since();
    return since != null
        && source
            .findLatest(above, through)
            .filter(latest -> latest.plus(CLOCKS_APART).isBefore(since))
            .isPresent();
  }

  private long below(long through) {
    return Math.max(query.after(), through - STRETCH);
  }

  /** A log that somebody changed may have a gap of any width, which is passed over in one step. */
  private long newest(long through) {
    return Math.max(query.after(), source.findNewest(through).orElse(0L));
  }

  private long beforeNext(long above) {
    return source.findOldest(above).map(next -> next - 1).orElse(Long.MAX_VALUE);
  }
}
