package io.refreshd.store;

import java.sql.SQLException;

/** Writes to a SQLite file, on one connection for as long as the store is open. */
final class SqliteSession implements Session {

  private final Statements statements;
  private String synchronous = "";

  /** Whether a transaction may be open that nobody uses: none can begin within it. */
  private boolean isDoubtful;

  SqliteSession(Statements statements) {
    this.statements = statements;
  }

  @Override
  public void write(boolean durable, Work work) throws SQLException {
    begin(durable);
    try {
      Transaction transaction = new Transaction(statements);
      work.in(transaction);
      transaction.finish();
      statements.execute(SqliteSql.COMMIT);
    } catch (SQLException | RuntimeException | Error e) {
      rollBack(e);
      throw e;
    }
  }

  private void begin(boolean durable) throws SQLException {
    String wanted = durable ? SqliteSql.DURABLE : SqliteSql.NOT_DURABLE;
    if (isDoubtful) {
      rollBack(new SQLException("the end of a transaction could not be told"));
    }
    isDoubtful = true;
    if (!wanted.equals(synchronous)) {
      synchronous = "";
      statements.execute(wanted);
      synchronous = wanted;
    }
    statements.execute(SqliteSql.BEGIN);
    isDoubtful = false;
  }

  private void rollBack(Throwable because) {
    try {
      statements.execute(SqliteSql.ROLLBACK);
    } catch (SQLException e) {
      // after some errors SQLite has rolled back by itself, and says that there is no transaction
      because.addSuppressed(e);
      isDoubtful = true;
    }
  }

  @Override
  public void close() throws SQLException {
    statements.close();
  }
}
