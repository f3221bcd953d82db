package io.refreshd.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to PostgreSQL, on one connection as long as it holds. What is sure not to have happened is
 * tried again: a transaction that was in another one's way, and one whose connection had been cut
 * while nobody used it. A connection that is cut during a commit leaves open whether it happened;
 * that is for the caller to find out by what he reads.
 */
final class PostgresSession implements Session {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresSession.class);

  private static final int TRIES = 4;

  /** Read-only SQL transaction. */
  private static final String READ_ONLY = "25006";

  /** Of the ten seconds that a stop may take, what a write under way gets to end by itself. */
  private static final Duration LAST_WAIT = Duration.ofSeconds(1);

  private final Postgres database;
  private final @Nullable String node;
  private final boolean careless;
  private volatile @Nullable Statements open;
  private @Nullable Statements compared;
  private volatile boolean hasty;

  /** Completed when nobody waits for the server any more. */
  private final CompletableFuture<Statements> givenUp = new CompletableFuture<>();

  /**
   * A session that is not connected yet.
   *
   * @param node who writes, as the rotation log is to say; {@code null} if it is no daemon
   * @param careless whether nothing that is written needs to be durable
   */
  PostgresSession(Postgres database, @Nullable String node, boolean careless) {
    this.database = database;
    this.node = node;
    this.careless = careless;
  }

  @Override
  public void write(boolean durable, Work work) throws SQLException {
    if (durable && careless) {
      throw new IllegalArgumentException("nothing is durable here");
    }
    for (int left = TRIES - 1; ; left = hasty ? 0 : left - 1) {
      Statements known = open;
      boolean wasOpen = known != null;
      Statements on = known == null ? connect() : known;
      Transaction transaction = new Transaction(on, node);
      List<@Nullable Object[]> logged;
      try {
        compare(on);
        work.in(transaction);
        logged = transaction.finish();
        if (transaction.isCommitted()) {
          return;
        }
      } catch (SQLException | RuntimeException | Error e) {
        rollBack(on, e);
        if (left > 0 && isTriedAgain(e, wasOpen)) {
          continue;
        }
        throw e;
      }
      if (commit(on, durable, logged, left)) {
        transaction.committed(database.knownHead());
        return;
      }
    }
  }

  /**
   * Nothing is tried again, and after a moment what is under way is given up: a server that hangs
   * would hold up the end of this process until that is cut short, and then a successor would not
   * even be in the spool.
   */
  @Override
  public void hurry() {
    if (!hasty) {
      hasty = true;
      CompletableFuture.delayedExecutor(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS)
          .execute(this::giveUp);
    }
  }

  private void giveUp() {
    givenUp.completeExceptionally(new SQLException("this process ends", "08006"));
    Statements known = open;
    if (known != null) {
      abort(known);
    }
  }

  /** Ends what waits for an answer on it. */
  private static void abort(Statements on) {
    try {
      on.connection().abort(Runnable::run);
    } catch (SQLException e) {
      LOG.debug("the connection cannot be cut: {}", e.toString());
    }
  }

  /** Connects on another thread, whom nobody waits for when this is given up. */
  private Statements connect() throws SQLException {
    CompletableFuture<Statements> connecting = new CompletableFuture<>();
    if (!givenUp.isDone()) {
      Thread thread = new Thread(() -> connect(connecting), "store-connecting");
      thread.setDaemon(true);
      thread.start();
    }
    try {
      Statements connected = (Statements) CompletableFuture.anyOf(connecting, givenUp).join();
      open = connected;
      if (givenUp.isDone()) {
        abort(connected);
      }
      return connected;
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      throw cause instanceof SQLException failed ? failed : new SQLException(cause);
    }
  }

  private void connect(CompletableFuture<Statements> connecting) {
    try {
      connecting.complete(database.connect(careless));
    } catch (SQLException | RuntimeException | Error e) {
      connecting.completeExceptionally(e);
    }
  }

  /** A new connection may lead to a server that lacks what the one before had confirmed. */
  private void compare(Statements on) throws SQLException {
    if (on == compared || careless) {
      return;
    }
    if (on.first(PostgresSql.IS_READ_ONLY, Columns::flag).orElse(false)) {
      // a standby may lag behind though nothing is lost, and nothing can be written on it
      throw new SQLException("it takes no writes", READ_ONLY);
    }
    database.knownHead().compare(on);
    compared = on;
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
      if (!durable && !careless) {
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
    } catch (SQLException | RuntimeException | Error e) {
      rollBack(on, e);
      if (left > 0 && PostgresTrouble.isConflict(e)) {
        return false;
      }
      throw e;
    }
  }

  private void rollBack(Statements on, Throwable because) {
    try {
      // an error of the JVM may have left the driver in the midst of an answer
      if (!(because instanceof Error) && !PostgresTrouble.isDisconnected(because)) {
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
