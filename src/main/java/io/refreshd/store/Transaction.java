package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Entry;
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
final class Transaction implements Queries {

  private final Statements statements;
  private final @Nullable String node;
  private final List<LogLine> lines = new ArrayList<>();
  private final Gathering<Bulk.Move, Boolean> moves = new Gathering<>();
  private final Gathering<Bulk.Take, @Nullable Seen> takes = new Gathering<>();
  private @Nullable LogHead end;
  private @Nullable LogHead from;
  private @Nullable LogHead to;
  private boolean hasOthers;
  private boolean committed;
  private @Nullable StoreKey key;

  /**
   * A transaction that was just begun.
   *
   * @param node which daemon writes, as the rotation log is to say; {@code null} if there is
   *     nothing to say
   */
  Transaction(Statements statements, @Nullable String node) {
    this.node = node;
    this.statements = statements;
  }

  /** Leases a grant that nobody has, in {@link #settle}; {@code null} if somebody has it. */
  GroupCommit.Answer<@Nullable Seen> take(Bulk.Take take) throws SQLException {
    GrantName grant = take.terms().grant();
    if (takes.concerns(grant)) {
      settle();
    }
    return takes.add(grant, take);
  }

  /** Moves a grant on, in {@link #settle}; {@code false} if another generation was current. */
  GroupCommit.Answer<Boolean> moveOn(Bulk.Move move) throws SQLException {
    GrantName grant = move.grant();
    if (moves.concerns(grant)) {
      settle();
    }
    return moves.add(grant, move);
  }

  /** Does what was gathered, because something else is about to be done. */
  void settle() throws SQLException {
    hasOthers = true;
    settle(false, false);
  }

  /**
   * Does what was gathered and not yet done; from now on nothing but the log is written in this
   * transaction. Leases alone are committed with it: taken twice they are as if taken once.
   */
  void settleLast(boolean durable) throws SQLException {
    settle(!moves.isEmpty(), !durable && !hasOthers && moves.isEmpty());
  }

  /** First what ends leases, then what takes some. */
  private void settle(boolean locksLog, boolean ends) throws SQLException {
    if (!moves.isEmpty() || !takes.isEmpty()) {
      Bulk.Asked asked = new Bulk.Asked(moves.asked(), takes.asked(), locksLog, ends);
      Bulk.Done done = statements.sql().bulk().all(statements, asked);
      moves.answer(done.moved());
      takes.answer(done.seen());
      end = done.end();
      committed = done.committed();
    }
  }

  /** Whether it is over already. */
  boolean isCommitted() {
    return committed;
  }

  /** What the database understands. */
  Sql sql() {
    return statements.sql();
  }

  int update(String sql, @Nullable Object... values) throws SQLException {
    return statements.update(sql, values);
  }

  @Override
  public <T> Optional<T> first(String sql, Statements.Row<T> row, @Nullable Object... values)
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

  /** Runs a statement for each row, all in one go. */
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
  void append(List<Entry> entries) {
    appendLines(LogLine.of(entries));
  }

  /** The same, of what was made ready before. */
  void appendLines(List<LogLine> ready) {
    lines.addAll(ready);
  }

  /** Waits until this is the one transaction that does that; it is so until its end. */
  void alone(Sql.Alone what) throws SQLException {
    if (what == Sql.Alone.EVERYTHING) {
      statements.sql().allowLong(statements.connection());
    }
    Optional<String> query = statements.sql().alone(what);
    if (query.isPresent()) {
      statements.execute(query.get());
    }
  }

  /** Whether this is the one transaction that may change what people are told, until its end. */
  boolean isAloneWithAlerts() throws SQLException {
    Optional<String> query = statements.sql().aloneWithAlerts();
    return query.isEmpty() || statements.first(query.get(), Columns::flag).orElse(false);
  }

  /**
   * What is left to be written, as the last thing before the commit, because other processes wait
   * for this one from now on. To be called once.
   *
   * @return rows of the rotation log
   */
  List<@Nullable Object[]> finish() throws SQLException {
    if (lines.isEmpty()) {
      return List.of();
    }
    LogHead last = end == null ? statements.sql().bulk().lockLog(statements) : end;
    RotationLog.Appended appended = RotationLog.append(last, lines, node);
    from = last;
    to = appended.end();
    return appended.rows();
  }

  /** Tells what it has added to the log; to be called once that is there for good. */
  void committed(KnownHead head) {
    if (from != null && to != null) {
      head.wrote(from, to);
    }
  }

  /** The key that seals the store now. */
  StoreKey storeKey() throws SQLException {
    StoreKey known = key;
    if (known == null) {
      known = StoreKey.get(statements);
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
