package io.refreshd.store;

import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LoggedEntry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a query wants of the rotation log, in pages: a slow reader of a long log holds up nobody.
 */
final class LogPages {

  /** Reads a page that may hold what is wanted; one that is not full is the last. */
  @FunctionalInterface
  interface Source {
    List<LoggedEntry> page(long above, long below);
  }

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

  /** Hands over the entries that are wanted, oldest first. */
  void read(Consumer<LoggedEntry> reader) {
    if (query.limit() > 0) {
      newest().forEach(reader);
      return;
    }
    long above = query.after();
    List<LoggedEntry> page;
    do {
      page = source.page(above, Long.MAX_VALUE);
      page.stream().filter(logged -> query.matches(logged.entry())).forEach(reader);
      above = page.isEmpty() ? above : page.get(page.size() - 1).seq();
    } while (page.size() == size);
  }

  private Deque<LoggedEntry> newest() {
    Deque<LoggedEntry> newest = new ArrayDeque<>();
    long below = Long.MAX_VALUE;
    List<LoggedEntry> page;
    do {
      page = source.page(query.after(), below);
      Iterator<LoggedEntry> wanted =
          page.stream().filter(logged -> query.matches(logged.entry())).iterator();
      while (wanted.hasNext() && newest.size() < query.limit()) {
        newest.addFirst(wanted.next());
      }
      below = page.isEmpty() ? below : page.get(page.size() - 1).seq();
    } while (page.size() == size && newest.size() < query.limit());
    return newest;
  }
}
