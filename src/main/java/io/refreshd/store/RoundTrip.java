package io.refreshd.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Statements that go to the server together, each seeing what those before it did. */
final class RoundTrip {

  /** Made once for each of the few ways that statements go together. */
  private static final Map<List<String>, String> TEXTS = new ConcurrentHashMap<>();

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

  /**
   * Runs them as a transaction of their own, where none has begun: what goes to the server together
   * is one by itself.
   */
  void runAlone(Statements on) throws SQLException {
    on.connection().setAutoCommit(true);
    try {
      run(on);
    } catch (SQLException | RuntimeException | Error e) {
      backToTransactions(on, e);
      throw e;
    }
    on.connection().setAutoCommit(false);
  }

  private static void backToTransactions(Statements on, Throwable because) {
    try {
      on.connection().setAutoCommit(false);
    } catch (SQLException e) {
      because.addSuppressed(e);
    }
  }

  void run(Statements on) throws SQLException {
    String text = TEXTS.computeIfAbsent(List.copyOf(statements), all -> String.join(";", all));
    on.all(text, takers, values.toArray());
  }
}
