package io.refreshd.store;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Circuit;
import io.refreshd.rotation.CircuitChanges;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.Reach;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes rows of the circuits table. */
final class CircuitRows {

  private CircuitRows() {}

  static Circuit circuit(Columns row) throws SQLException {
    String key = row.text();
    Reach reach = row.word(Reach.class);
    Instant nextAttemptAt = row.instant();
    return new Circuit(key, reach, GrantRows.standing(row), nextAttemptAt);
  }

  static boolean isAnyOpen(Queries on) throws SQLException {
    return on.first("SELECT " + Sql.IS_ANY_CIRCUIT_OPEN, Columns::flag).orElse(false);
  }

  /** Those that the grants may stand behind. */
  static List<Circuit> of(Statements on, Collection<Grant> grants) throws SQLException {
    List<Circuit> found = new ArrayList<>();
    on.sql().findCircuits(on, Circuits.beginnings(grants), row -> found.add(circuit(row)));
    return found;
  }

  /** Writes what becomes of the circuits, within the writer's transaction. */
  static void write(Transaction transaction, CircuitChanges changes) throws SQLException {
    for (String key : changes.closed()) {
      transaction.update(Sql.CLOSE_CIRCUIT, key);
    }
    for (Circuit circuit : changes.opened()) {
      List<@Nullable Object> values = new ArrayList<>();
      values.addAll(
          Arrays.asList(circuit.key(), circuit.reach().word(), Micros.of(circuit.nextAttemptAt())));
      GrantRows.addTo(values, circuit.standing());
      transaction.update(Sql.OPEN_CIRCUIT, values.toArray());
    }
  }
}
