package io.refreshd.store;

import java.sql.SQLException;
import java.time.Duration;

/** Writes to a SQLite file, on one connection for as long as the store is open. */
final class SqliteSession implements Session {

  /** How long a transaction waits for that of another process. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Statements statements;
  private final KnownHead knownHead;
  private volatile Duration patience = PATIENCE;
  private String synchronous = "";

  /** Whether a transaction may be open that nobody uses: none can begin within it. */
  private boolean isDoubtful;

  /** Waits for other processes in turns, which {@link #hurry} can end. */
  SqliteSession(Statements statements, KnownHead knownHead) throws SQLException {
    this.statements = statements;
    this.knownHead = knownHead;
    statements.execute(SqliteSql.WAIT_A_TURN);
  }

  @Override
  public void hurry() {
    patience = Duration.ZERO;
  }

  @Override
  public void write(boolean durable, Work work) throws SQLException {
    Transaction transaction = new Transaction(statements, null);
    begin(durable);
    try {
      work.in(transaction);
      SqliteBulk.log(statements, transaction.finish());
      statements.execute(SqliteSql.COMMIT);
    } catch (SQLException | RuntimeException | Error e) {
      rollBack(e);
      throw e;
    }
    transaction.committed(knownHead);
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
    awaitTurn();
    isDoubtful = false;
  }

  private void awaitTurn() throws SQLException {
    long start = System.nanoTime();
    while (true) {
      try {
        statements.execute(SqliteSql.BEGIN);
        return;
      } catch (SQLException e) {
        boolean isLate = System.nanoTime() - start >= patience.toNanos();
        if (isLate || !SqliteTrouble.isLocked(e)) {
          throw e;
        }
      }
    }
  }

  private void rollBack(Throwable because) {
    try {
      statements.execute(SqliteSql.ROLLBACK);
    } catch (SQLException | RuntimeException | Error e) {
      // after some errors SQLite has rolled back by itself, and says that there is no transaction
      isDoubtful = true;
      because.addSuppressed(e);
    }
  }

  @Override
  public void close() throws SQLException {
    statements.close();
  }
}
