package io.refreshd.store;

import io.refreshd.rotation.Entry;
import io.refreshd.rotation.StoreException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One transaction of the writer, which many writes may share. It remembers what all of them ask and
 * nobody else can change before it ends: the key of the store and the end of the log. It is thrown
 * away with its end; what a rollback undid is not remembered by the next one.
 */
final class Transaction {

  private final Statements statements;
  private final RotationLog log;
  private final List<Entry> entries = new ArrayList<>();
  private @Nullable StoreKey key;

  Transaction(Statements statements) {
    this.statements = statements;
    this.log = new RotationLog(statements);
  }

  int update(String sql, @Nullable Object... values) throws SQLException {
    return statements.update(sql, values);
  }

  <T> Optional<T> first(String sql, Statements.Row<T> row, @Nullable Object... values)
      throws SQLException {
    return statements.first(sql, row, values);
  }

  <T> List<T> list(String sql, Statements.Row<T> row, @Nullable Object... values)
      throws SQLException {
    return statements.list(sql, row, values);
  }

  /** Hands over all rows of a query, as they stand, so many at a time. */
  void pages(String sql, int size, Statements.Page page) throws SQLException {
    statements.pages(sql, size, page);
  }

  /** Puts rows in, all in one go. */
  void insert(String sql, List<@Nullable Object[]> rows) throws SQLException {
    statements.insert(sql, rows);
  }

  /** After rows were put in with numbers of their own. */
  void countOn() throws SQLException {
    for (String one : statements.sql().countOn()) {
      statements.execute(one);
    }
  }

  /** Appends to the rotation log, in {@link #finish}. */
  void append(List<Entry> appended) {
    entries.addAll(appended);
  }

  /** Waits until this is the one transaction that does that; it is so until its end. */
  void alone(Sql.Alone what) throws SQLException {
    Optional<String> query = statements.sql().alone(what);
    if (query.isPresent()) {
      statements.execute(query.get());
    }
  }

  /**
   * Writes what was left for the end, because other processes wait for this one from then on. To be
   * called once, before the commit.
   */
  void finish() throws SQLException {
    if (!entries.isEmpty()) {
      alone(Sql.Alone.LOG);
      log.append(entries);
    }
  }

  /** The key that seals the store now. */
  StoreKey storeKey() throws SQLException {
    StoreKey known = key;
    if (known == null) {
      known =
          StoreKey.find(statements)
              .orElseThrow(
                  () -> new StoreException.Damaged("the store has lost its key's number", null));
      key = known;
    }
    return known;
  }

  /** Makes another key the one that seals the store. */
  void setStoreKey(StoreKey other) throws SQLException {
    other.write(statements);
    key = other;
  }
}
