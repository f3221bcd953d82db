package io.refreshd.store;

import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.Trigger;
import java.sql.SQLException;
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
   * The rows of entries that are to be appended, in the order of {@link Sql#LOGGED}.
   *
   * @param last what they follow
   * @param node who writes them, as in {@link LoggedEntry}
   */
  static List<@Nullable Object[]> rows(LogHead last, List<LogLine> lines, @Nullable String node) {
    List<@Nullable Object[]> rows = new ArrayList<>(lines.size());
    byte[] nodeFields = HashedFields.ofNode(node);
    LogHead head = last;
    for (LogLine line : lines) {
      head = line.after(head, nodeFields);
      rows.add(line.at(head, node));
    }
    return rows;
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
   * @param below only entries numbered below
   */
  static List<LoggedEntry> page(
      Statements statements, LogQuery query, long above, long below, int size) {
    Event event = query.event();
    // not closed: that would close the connection, which is the store's; its statement is closed
    Handle handle = Jdbi.open(statements.connection());
    return handle
        .createQuery(query.limit() > 0 ? Sql.LOGGED_NEWEST_FIRST : Sql.LOGGED_OLDEST_FIRST)
        .bind("above", above)
        .bind("below", below)
        .bind("since", query.since() == null ? Long.MIN_VALUE : Micros.of(query.since()))
        .bind("until", query.until() == null ? Long.MAX_VALUE : Micros.of(query.until()))
        .bind("event", event == null ? null : event.word())
        .bind("size", size)
        .map((row, context) -> logged(new Columns(row)))
        .list();
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
