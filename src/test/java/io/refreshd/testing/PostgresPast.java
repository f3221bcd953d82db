package io.refreshd.testing;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A store's schema whose server can go back to an older state, as one does that fails over to a
 * standby that lagged behind. Its sessions are those of a role of its own, so that they alone can
 * be ended.
 */
public final class PostgresPast implements AutoCloseable {

  private static final List<String> TABLES =
      List.of("grants", "leases", "rotation_log", "circuits");
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String role =
      "going_back_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet();
  private final String direct;

  /**
   * A schema of the tests' server.
   *
   * @param url as {@link PostgresServer#newSchema} gives it
   */
  public PostgresPast(String url) {
    direct = url;
    PostgresServer.execute(direct, "CREATE ROLE " + role + " LOGIN SUPERUSER");
  }

  /** For those whose server goes back. */
  public String url() {
    return direct.replace("user=postgres", "user=" + role);
  }

  public String role() {
    return role;
  }

  /** What is there now is what it goes back to. */
  public void remember() {
    keep("past");
  }

  private void keep(String state) {
    TABLES.forEach(
        table ->
            PostgresServer.execute(
                direct,
                "DROP TABLE IF EXISTS " + state + "_" + table,
                "CREATE TABLE " + state + "_" + table + " AS TABLE " + table));
  }

  /** Ends all sessions; the next ones come to a standby that is not yet as far as the primary. */
  public void leadToStandby() {
    keep("present");
    PostgresServer.execute(
        direct, "ALTER ROLE " + role + " SET default_transaction_read_only = on");
    failOver();
  }

  /** The next sessions come to the primary, which has lost nothing. */
  public void leadToPrimary() {
    PostgresServer.execute(direct, "ALTER ROLE " + role + " RESET ALL");
    putIn("present");
  }

  /** Ends all sessions; the next ones find what is remembered. */
  public void failOver() {
    cut();
    putIn();
  }

  /** Ends all sessions, and changes nothing. */
  public void cut() {
    PostgresServer.execute(
        direct,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '"
            + role
            + "'");
  }

  /** Puts in what is remembered, beneath the sessions that there are. */
  public void putIn() {
    putIn("past");
  }

  private void putIn(String state) {
    StringBuilder all = new StringBuilder("TRUNCATE " + String.join(", ", TABLES) + ";");
    TABLES.forEach(
        table ->
            all.append("INSERT INTO " + table + " SELECT * FROM " + state + "_" + table + ";"));
    PostgresServer.execute(direct, "DO $$ BEGIN " + all + " END $$");
  }

  @Override
  public void close() {
    PostgresServer.execute(direct, "DROP OWNED BY " + role + " CASCADE", "DROP ROLE " + role);
  }
}
