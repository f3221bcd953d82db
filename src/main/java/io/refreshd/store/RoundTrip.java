package io.refreshd.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statements that go to the server together, each seeing what those before it did. */
final class RoundTrip {

  private final List<String> statements = new ArrayList<>();
  private final List<Statements.Taker> takers = new ArrayList<>();
  private final List<@Nullable Object> values = new ArrayList<>();

  /** One that has no rows. */
  RoundTrip with(String sql, @Nullable Object... parameters) {
    statements.add(sql);
    values.addAll(Arrays.asList(parameters));
    return this;
  }

  /** One that has rows. */
  RoundTrip asking(String sql, Statements.Taker rows, @Nullable Object... parameters) {
    takers.add(rows);
    return with(sql, parameters);
  }

  boolean isEmpty() {
    return statements.isEmpty();
  }

  void run(Statements on) throws SQLException {
    on.all(String.join(";", statements), takers, values.toArray());
  }
}
