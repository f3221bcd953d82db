package io.refreshd.store;

import io.refreshd.testing.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

/** A store in PostgreSQL, and the ways to do it harm. */
final class PostgresFixture extends StoreFixture {

  private static final String EMPTY =
      """
      DO $$ BEGIN
        IF to_regclass('meta') IS NOT NULL THEN
          TRUNCATE grants, leases, rotation_log, circuits, open_alerts, deliveries,
                   told_causes, nodes;
          UPDATE meta SET primary_key = NULL, key_check = NULL;
        END IF;
      END $$
      """;

  private static final String BROKEN =
      """
      CREATE OR REPLACE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql
      AS $$ BEGIN RAISE 'broken'; END $$
      """;

  /** Making a schema takes long: the tests take turns on one. */
  private static String shared = "";

  private final String url;

  /** An empty store, and the files of a machine in a folder. */
  PostgresFixture(Path folder) {
    this(emptied(), folder);
  }

  /** A store at a URL that has the user in it, and the files of a machine in a folder. */
  PostgresFixture(String url, Path folder) {
    super(at(url, folder));
    this.url = url;
  }

  /** The same store with the files of another machine. */
  PostgresFixture onAnotherMachine(Path folder) {
    return new PostgresFixture(url, folder);
  }

  static PostgresLocation at(String url, Path folder) {
    return new PostgresLocation(
        url, null, null, folder.resolve("refreshd"), folder.resolve("refreshd.key"));
  }

  private static synchronized String emptied() {
    PostgresServer.url(); // or the test is skipped
    if (shared.isEmpty()) {
      shared = PostgresServer.newSchema();
    } else {
      PostgresServer.execute(shared, EMPTY);
    }
    return shared;
  }

  /** All leases were taken so much earlier. */
  void age(Duration time) throws SQLException {
    execute("UPDATE leases SET until = until - " + time.toNanos() / 1_000);
  }

  @Override
  void breakCommits() throws SQLException {
    execute(
        BROKEN,
        "CREATE TRIGGER broken BEFORE INSERT OR UPDATE OF token ON grants FOR EACH ROW EXECUTE FUNCTION"
            + " broken()");
  }

  @Override
  void breakCommitsOf(String name) throws SQLException {
    execute(
        BROKEN,
        "CREATE TRIGGER broken BEFORE UPDATE OF current ON grants FOR EACH ROW WHEN (NEW.name = '"
            + name
            + "') EXECUTE FUNCTION broken()");
  }

  @Override
  void mendCommits() throws SQLException {
    execute("DROP FUNCTION IF EXISTS broken() CASCADE");
  }

  @Override
  Connection connection() throws SQLException {
    return DriverManager.getConnection(url);
  }
}
