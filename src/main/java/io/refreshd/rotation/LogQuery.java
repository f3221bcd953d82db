package io.refreshd.rotation;

import io.refreshd.grant.Selector;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of the rotation log are wanted.
 *
 * @param after only entries numbered above
 * @param selectors only grants that one of them matches; empty: all
 * @param since not before; {@code null}: from the beginning
 * @param until not after; {@code null}: to the end
 * @param event only this one; {@code null}: all
 * @param failedOnly only failed attempts
 * @param limit the newest so many; 0: all
 */
public record LogQuery(
    long after,
    List<Selector> selectors,
    @Nullable Instant since,
    @Nullable Instant until,
    @Nullable Event event,
    boolean failedOnly,
    int limit) {

  public LogQuery {
    selectors = List.copyOf(selectors);
  }

  /** Everything numbered above. */
  public static LogQuery after(long seq) {
    return new LogQuery(seq, List.of(), null, null, null, false, 0);
  }

  /** The newest entry alone. */
  public static LogQuery newest() {
    return new LogQuery(0, List.of(), null, null, null, false, 1);
  }

  /** The same, from another point on. */
  public LogQuery from(long seq) {
    return new LogQuery(seq, selectors, since, until, event, failedOnly, 0);
  }

  /** Whether the entry is wanted, its place and the limit aside. */
  public boolean matches(Entry entry) {
    return (selectors.isEmpty()
            || (entry.grant() != null
                && selectors.stream().anyMatch(s -> s.matches(entry.grant()))))
        && (since == null || !entry.at().isBefore(since))
        && (until == null || !entry.at().isAfter(until))
        && (event == null || entry.event() == event)
        && (!failedOnly || entry.event() == Event.REFUSED || entry.event() == Event.UNREACHABLE);
  }
}
