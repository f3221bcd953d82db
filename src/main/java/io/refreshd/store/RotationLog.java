package io.refreshd.store;

import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LogRestore;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.Trigger;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The rotation log: appended to within one transaction, read page by page. */
final class RotationLog {

  private RotationLog() {}

  /**
   * Entries that are to be appended.
   *
   * @param rows in the order of {@link Sql#LOGGED}
   * @param end where the log ends with them
   */
  record Appended(List<@Nullable Object[]> rows, LogHead end) {}

  /**
   * Makes the rows of entries that are to be appended.
   *
   * @param last what they follow
   * @param node who writes them, as in {@link LoggedEntry}
   */
  static Appended append(LogHead last, List<LogLine> lines, @Nullable String node) {
    List<@Nullable Object[]> rows = new ArrayList<>(lines.size());
    byte[] nodeFields = HashedFields.ofNode(node);
    LogHead head = last;
    for (LogLine line : lines) {
      head = line.after(head, nodeFields);
      rows.add(line.at(head, node));
    }
    return new Appended(rows, head);
  }

  /** Whether a row lacks what only a refusal has, as most do: {@link Sql#LOGGED_WELL} will do. */
  static boolean isWell(@Nullable Object[] row) {
    return Arrays.stream(row).skip(Sql.LOGGED_WELL_COLUMNS).allMatch(Objects::isNull);
  }

  /**
   * One page of what a query may want, in the order that its limit asks for; {@link
   * LogQuery#matches} decides.
   *
   * @param above only entries numbered above
   * @param through only entries numbered so or below
   */
  static List<LoggedEntry> page(
      Statements statements, LogQuery query, long above, long through, int size) {
    Event event = query.event();
    LogFilter filter = LogFilter.of(query);
    // not closed: that would close the connection, which is the store's; its statement is closed
    Handle handle = Jdbi.open(statements.connection());
    return handle
        .createQuery(
            query.limit() > 0 ? Sql.loggedNewestFirst(filter) : Sql.loggedOldestFirst(filter))
        .bindMap(filter.values())
        .bind("above", above)
        .bind("through", through)
        .bind("since", query.since() == null ? Long.MIN_VALUE : Micros.of(query.since()))
        .bind("until", query.until() == null ? Long.MAX_VALUE : Micros.of(query.until()))
        .bind("event", event == null ? null : event.word())
        .bind("size", size)
        .map((row, context) -> logged(new Columns(row)))
        .list();
  }

  /** A row as its bytes stand, whether or not they make an entry. */
  static ChainRun.Row row(Columns row) throws SQLException {
    Columns again = row.again();
    return new ChainRun.Row(row.number(), HashedFields.of(row), row.text(), findRestore(again));
  }

  /** Of the store: those of a grant say that its token is withheld. */
  private static @Nullable LogRestore findRestore(Columns row) throws SQLException {
    Columns again = row.again();
    row.skip(4);
    if (!Event.RESTORED.word().equals(row.findText())) {
      return null;
    }
    long seq = again.number();
    Instant at = again.instant();
    byte[] tenant = again.findBytes();
    byte[] name = again.findBytes();
    again.skip(13);
    return tenant == null && name == null ? new LogRestore(seq, at, again.findText()) : null;
  }

  private static LoggedEntry logged(Columns row) throws SQLException {
    return new LoggedEntry(
        row.number(),
        new Entry(
            row.instant(),
            row.findName(),
            row.word(Event.class),
            row.findWord(Trigger.class),
            row.findInteger(),
            row.findInstant(),
            row.findInstant(),
            row.findDuration(),
            row.findInteger(),
            row.findRefusal(),
            row.findText(),
            row.findText(),
            row.findText(),
            row.findText()),
        row.findText(),
        row.text());
  }
}
