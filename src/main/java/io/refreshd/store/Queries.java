package io.refreshd.store;

import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks a database, on a connection or within a transaction. */
interface Queries {

  /** The first row of what is found; empty if nothing is. */
  <T> Optional<T> first(String sql, Statements.Row<T> row, @Nullable Object... values)
      throws SQLException;
}
