package io.refreshd.store;

import io.refreshd.rotation.Level;
import io.refreshd.rotation.OpenAlert;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of the open alerts, and writes what makes those before into those after. A cause may
 * have a million subjects: what it takes to encode them is done before the writer's transaction,
 * which rotations share.
 */
final class AlertRows {

  private final Set<Mark> before;
  private final List<@Nullable Object[]> removed = new ArrayList<>();
  private final List<@Nullable Object[]> written = new ArrayList<>();

  /** What is ready to be written in place of what is remembered. */
  AlertRows(List<OpenAlert> before, List<OpenAlert> after) {
    this.before = before.stream().map(Mark::of).collect(Collectors.toSet());
    Map<String, OpenAlert> left = new HashMap<>();
    before.forEach(one -> left.put(one.cause(), one));
    for (OpenAlert one : after) {
      if (!one.equals(left.remove(one.cause()))) {
        written.add(row(one));
      }
    }
    left.keySet().forEach(cause -> removed.add(new @Nullable Object[] {cause}));
  }

  private static @Nullable Object[] row(OpenAlert one) {
    return new @Nullable Object[] {
      one.cause(),
      Micros.of(one.since()),
      Micros.of(one.raisedAt()),
      Micros.of(one.lastToldAt()),
      one.level().word(),
      one.rung(),
      AlertCodec.encode(one.subjects())
    };
  }

  static OpenAlert open(Columns row) throws SQLException {
    return new OpenAlert(
        row.text(),
        row.instant(),
        row.instant(),
        row.instant(),
        row.word(Level.class),
        row.integer(),
        AlertCodec.subjects(row.bytes()));
  }

  /** Whether just those before are remembered. */
  boolean areStill(Transaction transaction) throws SQLException {
    return Set.copyOf(transaction.list(Sql.OPEN_ALERT_MARKS, Mark::read)).equals(before);
  }

  /** Writes what differs, within the writer's transaction. */
  void write(Transaction transaction) throws SQLException {
    transaction.insert(Sql.REMOVE_OPEN_ALERT, removed);
    transaction.insert(Sql.WRITE_OPEN_ALERT, written);
  }

  /** What changes with each change of an open alert; of the subjects how long they are. */
  private record Mark(
      String cause,
      long since,
      long raisedAt,
      long lastToldAt,
      Level level,
      int rung,
      int subjects) {

    static Mark of(OpenAlert one) {
      return new Mark(
          one.cause(),
          Micros.of(one.since()),
          Micros.of(one.raisedAt()),
          Micros.of(one.lastToldAt()),
          one.level(),
          one.rung(),
          AlertCodec.encode(one.subjects()).length);
    }

    static Mark read(Columns row) throws SQLException {
      return new Mark(
          row.text(),
          row.number(),
          row.number(),
          row.number(),
          row.word(Level.class),
          row.integer(),
          row.integer());
    }
  }
}
