package io.refreshd.store;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes to PostgreSQL, on one connection as long as it holds. What is sure not to have happened is
 * tried again: a transaction that was in another one's way, and one whose connection had been cut
 * while nobody used it. A connection that is cut during a commit leaves open whether it happened;
 * that is for the caller to find out by what he reads.
 */
final class PostgresSession implements Session {

  private static final int TRIES = 4;

  private final Postgres database;
  private final @Nullable String node;
  private @Nullable Statements open;
  private volatile boolean hasty;

  /**
   * A session that is not connected yet.
   *
   * @param node who writes, as the rotation log is to say; {@code null} if it is no daemon
   */
  PostgresSession(Postgres database, @Nullable String node) {
    this.database = database;
    this.node = node;
  }

  @Override
  public void write(boolean durable, Work work) throws SQLException {
    for (int left = TRIES - 1; ; left = hasty ? 0 : left - 1) {
      Statements known = open;
      boolean wasOpen = known != null;
      Statements on = known == null ? connect() : known;
      List<@Nullable Object[]> logged;
      try {
        Transaction transaction = new Transaction(on, node);
        work.in(transaction);
        logged = transaction.finish();
      } catch (SQLException | RuntimeException | Error e) {
        rollBack(on, e);
        if (left > 0 && isTriedAgain(e, wasOpen)) {
          continue;
        }
        throw e;
      }
      if (commit(on, durable, logged, left)) {
        return;
      }
    }
  }

  /** Nothing is tried again; the first try has the time limits of the connection. */
  @Override
  public void hurry() {
    hasty = true;
  }

  private Statements connect() throws SQLException {
    Statements connected = database.connect();
    open = connected;
    return connected;
  }

  private static boolean isTriedAgain(Throwable failed, boolean wasOpen) {
    return PostgresTrouble.isConflict(failed)
        || (wasOpen && PostgresTrouble.isDisconnected(failed));
  }

  /**
   * Whether it is committed; else it is rolled back, and may be tried again. In one round trip with
   * the log's rows: if they fail, the server does not come to the commit.
   */
  private boolean commit(Statements on, boolean durable, List<@Nullable Object[]> logged, int left)
      throws SQLException {
    try {
      RoundTrip end = new RoundTrip();
      if (!durable) {
        end.with(PostgresSql.NOT_DURABLE);
      }
      if (!logged.isEmpty()) {
        PostgresBulk.log(end, on, logged);
      }
      if (end.isEmpty()) {
        on.connection().commit();
      } else {
        end.with(PostgresSql.COMMIT).run(on);
      }
      return true;
    } catch (SQLException e) {
      rollBack(on, e);
      if (left > 0 && PostgresTrouble.isConflict(e)) {
        return false;
      }
      throw e;
    }
  }

  private void rollBack(Statements on, Throwable because) {
    try {
      if (!PostgresTrouble.isDisconnected(because)) {
        on.connection().rollback();
        return;
      }
    } catch (SQLException e) {
      because.addSuppressed(e);
    }
    open = null;
    try {
      on.close();
    } catch (SQLException e) {
      because.addSuppressed(e);
    }
  }

  @Override
  public void close() throws SQLException {
    if (open != null) {
      open.close();
    }
  }
}
