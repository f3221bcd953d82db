package io.refreshd.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one connection, each prepared once: the way of everything that runs in each
 * rotation. For one thread at a time.
 */
final class Statements implements AutoCloseable, Queries {

  /** Turns the row that a result stands on into a value. */
  @FunctionalInterface
  interface Row<T> {
    T read(Columns row) throws SQLException;
  }

  @FunctionalInterface
  private interface Use<T> {
    T of(PreparedStatement statement) throws SQLException;
  }

  private final Connection connection;
  private final Sql sql;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  Statements(Connection connection, Sql sql) {
    this.connection = connection;
    this.sql = sql;
  }

  Connection connection() {
    return connection;
  }

  /** What is the database's own in SQL. */
  Sql sql() {
    return sql;
  }

  void execute(String sql) throws SQLException {
    with(sql, PreparedStatement::execute);
  }

  /** Runs a statement that changes rows, and returns how many. */
  int update(String sql, @Nullable Object... values) throws SQLException {
    return with(sql, PreparedStatement::executeUpdate, values);
  }

  /** The first row of a query, or of a statement with RETURNING. */
  @Override
  public <T> Optional<T> first(String sql, Row<T> row, @Nullable Object... values)
      throws SQLException {
    return with(
        sql,
        statement -> {
          try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? Optional.of(row.read(new Columns(rows))) : Optional.empty();
          }
        },
        values);
  }

  /** All rows of a query. */
  <T> List<T> list(String sql, Row<T> row, @Nullable Object... values) throws SQLException {
    return with(
        sql,
        statement -> {
          List<T> list = new ArrayList<>();
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              list.add(row.read(new Columns(rows)));
            }
          }
          return list;
        },
        values);
  }

  /** Hands over all rows of a query. */
  void each(String sql, Taker taker, @Nullable Object... values) throws SQLException {
    with(
        sql,
        statement -> {
          hand(statement.executeQuery(), taker);
          return true;
        },
        values);
  }

  /** Takes one row of a result. */
  @FunctionalInterface
  interface Taker {
    void take(Columns row) throws SQLException;
  }

  /**
   * Runs several statements that stand in one text, in one go.
   *
   * @param takers for the rows of those that have any, in their order
   */
  void all(String sql, List<Taker> takers, @Nullable Object... values) throws SQLException {
    with(
        sql,
        statement -> {
          Iterator<Taker> next = takers.iterator();
          boolean hasRows = statement.execute();
          while (hasRows || statement.getUpdateCount() >= 0) {
            if (hasRows) {
              hand(statement.getResultSet(), next.next());
            }
            hasRows = statement.getMoreResults();
          }
          return true;
        },
        values);
  }

  private static void hand(ResultSet rows, Taker taker) throws SQLException {
    try (rows) {
      while (rows.next()) {
        taker.take(new Columns(rows));
      }
    }
  }

  /** A value of many elements, where a database knows such. */
  Array array(String type, @Nullable Object[] elements) throws SQLException {
    for (int i = 0; i < elements.length; i++) {
      elements[i] = storable(elements[i]);
    }
    return connection.createArrayOf(type, elements);
  }

  /** Takes rows as they stand: numbers, texts, bytes. */
  @FunctionalInterface
  interface Page {
    void take(List<@Nullable Object[]> rows) throws SQLException;
  }

  /** Hands over all rows of a query, so many at a time. */
  void pages(String sql, int size, Page page) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      // within a transaction that is also how many the driver keeps in memory
      statement.setFetchSize(size);
      try (ResultSet rows = statement.executeQuery()) {
        int columns = rows.getMetaData().getColumnCount();
        List<@Nullable Object[]> taken = new ArrayList<>();
        while (rows.next()) {
          @Nullable Object[] row = new Object[columns];
          for (int i = 0; i < columns; i++) {
            row[i] = rows.getObject(i + 1);
          }
          taken.add(row);
          if (taken.size() == size) {
            page.take(taken);
            taken.clear();
          }
        }
        page.take(taken);
      }
    }
  }

  /** Runs a statement for each row, all in one go. */
  void insert(String sql, List<@Nullable Object[]> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (@Nullable Object[] row : rows) {
        bind(statement, row);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static void bind(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, storable(values[i]));
    }
  }

  private <T> T with(String sql, Use<T> use, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = prepare(sql);
    try {
      bind(statement, values);
      return use.of(statement);
    } catch (SQLException e) {
      // the driver closes a statement that has failed
      prepared.remove(sql);
      statement.close();
      throw e;
    }
  }

  /** No database keeps a NUL in a text; nothing of ours has one, but a server may send it. */
  private static @Nullable Object storable(@Nullable Object value) {
    return value instanceof String text && text.indexOf('\0') >= 0
        ? text.replace('\0', '\uFFFD')
        : value;
  }

  private PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement known = prepared.get(sql);
    if (known != null) {
      return known;
    }
    PreparedStatement statement = connection.prepareStatement(sql);
    prepared.put(sql, statement);
    return statement;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
