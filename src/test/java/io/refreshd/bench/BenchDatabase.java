package io.refreshd.bench;

import io.refreshd.store.PostgresLocation;
import io.refreshd.store.SqliteLocation;
import io.refreshd.store.StoreLocation;
import io.refreshd.testing.OwnPostgres;
import io.refreshd.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A database to measure on, durable as in earnest: SQLite files in a folder, or a PostgreSQL server
 * of its own (or the database that {@code -Drefreshd.test.jdbc-url} names).
 */
final class BenchDatabase implements AutoCloseable {

  private final Path folder;
  private final @Nullable OwnPostgres server;
  private final @Nullable String url;

  private BenchDatabase(Path folder, @Nullable OwnPostgres server, @Nullable String url) {
    this.folder = folder;
    this.server = server;
    this.url = url;
  }

  /**
   * Makes one ready.
   *
   * @param kind {@code sqlite} or {@code postgresql}
   */
  static BenchDatabase open(String kind, Path folder) throws IOException {
    if (kind.equals("sqlite")) {
      return new BenchDatabase(folder, null, null);
    }
    if (!kind.equals("postgresql")) {
      throw new IllegalArgumentException("sqlite or postgresql, not " + kind);
    }
    String given = System.getProperty(PostgresServer.PROPERTY, "");
    if (!given.isEmpty()) {
      return new BenchDatabase(folder, null, given + (given.contains("?") ? "" : "?a=b"));
    }
    OwnPostgres own = OwnPostgres.start(folder.resolve("postgresql"));
    return new BenchDatabase(folder, own, own.url());
  }

  boolean isPostgres() {
    return url != null;
  }

  /** A connection past the program, to a database or schema of that name, empty at first. */
  Connection connect(String name, String journalMode) throws SQLException {
    if (url == null) {
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(name));
      execute(connection, "PRAGMA journal_mode=" + journalMode, "PRAGMA synchronous=FULL");
      return connection;
    }
    makeSchema(name);
    return DriverManager.getConnection(
        url + "&reWriteBatchedInserts=true&currentSchema=bench_" + name);
  }

  /** Another connection, to one that is there. */
  Connection connectAgain(String name) throws SQLException {
    return DriverManager.getConnection(
        url == null
            ? "jdbc:sqlite:" + folder.resolve(name) + "?foreign_keys=off"
            : url + "&currentSchema=bench_" + name);
  }

  /** Where a store may be made. */
  StoreLocation store(String name) throws SQLException {
    Path file = folder.resolve(name);
    Path key = folder.resolve(name + ".key");
    if (url == null) {
      return new SqliteLocation(file, key);
    }
    makeSchema(name);
    return new PostgresLocation(url + "&currentSchema=bench_" + name, null, null, file, key);
  }

  private void makeSchema(String name) throws SQLException {
    try (Connection connection = DriverManager.getConnection(String.valueOf(url))) {
      execute(
          connection,
          "DROP SCHEMA IF EXISTS bench_" + name + " CASCADE",
          "CREATE SCHEMA bench_" + name);
    }
  }

  /**
   * The CPU time of the server's processes that are there now, as far as they are on this machine;
   * zero where there is no server.
   */
  Duration serverCpu() throws SQLException {
    return url == null ? Duration.ZERO : ServerCpu.of(url);
  }

  static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String one : List.of(statements)) {
        statement.execute(one);
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (server != null) {
      server.close();
    }
  }
}
