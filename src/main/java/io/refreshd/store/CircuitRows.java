package io.refreshd.store;

import io.refreshd.rotation.Circuit;
import io.refreshd.rotation.CircuitChanges;
import io.refreshd.rotation.Reach;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads and writes rows of the circuits table. */
final class CircuitRows {

  private CircuitRows() {}

  static Circuit circuit(ResultSet row) throws SQLException {
    return new Circuit(
        row.getString("circuit"),
        Objects.requireNonNull(Rows.findWord(row, "reach", Reach.class)),
        GrantRows.standing(row),
        Rows.instant(row, "next_attempt_at"));
  }

  /** Writes what becomes of the circuits, within the writer's transaction. */
  static void write(Transaction transaction, CircuitChanges changes) throws SQLException {
    for (String key : changes.closed()) {
      transaction.update(SqliteSql.CLOSE_CIRCUIT, key);
    }
    for (Circuit circuit : changes.opened()) {
      List<@Nullable Object> values = new ArrayList<>();
      values.addAll(
          Arrays.asList(circuit.key(), circuit.reach().word(), Micros.of(circuit.nextAttemptAt())));
      GrantRows.addTo(values, circuit.standing());
      transaction.update(SqliteSql.OPEN_CIRCUIT, values.toArray());
    }
  }
}
