package io.refreshd.store;

import io.refreshd.rotation.Level;
import io.refreshd.rotation.OpenAlert;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Reads and writes rows of the open alerts. */
final class AlertRows {

  private AlertRows() {}

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

  /** Whether just these are remembered. */
  static boolean areStill(Transaction transaction, List<OpenAlert> before) throws SQLException {
    return Set.copyOf(transaction.list(Sql.OPEN_ALERTS, AlertRows::open))
        .equals(Set.copyOf(before));
  }

  /** Writes all of them anew, within the writer's transaction: they are few. */
  static void replace(Transaction transaction, List<OpenAlert> open) throws SQLException {
    transaction.update(Sql.REMOVE_OPEN_ALERTS);
    for (OpenAlert one : open) {
      transaction.update(
          Sql.INSERT_OPEN_ALERT,
          one.cause(),
          Micros.of(one.since()),
          Micros.of(one.raisedAt()),
          Micros.of(one.lastToldAt()),
          one.level().word(),
          one.rung(),
          AlertCodec.encode(one.subjects()));
    }
  }
}
