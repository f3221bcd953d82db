package io.refreshd.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The PostgreSQL of the tests, one for all of a JVM, as durable as a real one: a server of its own,
 * or the database that {@code -Drefreshd.test.jdbc-url=…} names (with user and password in it). A
 * test that can have neither is skipped.
 */
public final class PostgresServer {

  public static final String PROPERTY = "refreshd.test.jdbc-url";

  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  private static @Nullable String url;
  private static @Nullable String trouble;

  private PostgresServer() {}

  /**
   * An empty schema of its own.
   *
   * @return the URL to it, with the user in it
   */
  public static String newSchema() {
    String schema = "test_" + ProcessHandle.current().pid() + "_" + SCHEMAS.incrementAndGet();
    execute(url(), "DROP SCHEMA IF EXISTS " + schema + " CASCADE", "CREATE SCHEMA " + schema);
    return url() + "&currentSchema=" + schema;
  }

  /** Runs SQL past the program, as somebody else would. */
  public static void execute(String on, String... sql) {
    try (Connection connection = DriverManager.getConnection(on);
        Statement statement = connection.createStatement()) {
      for (String one : sql) {
        statement.execute(one);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A URL with parameters; skips the test if there is no server. */
  public static synchronized String url() {
    if (url == null && trouble == null) {
      find();
    }
    String found = url;
    if (found == null) {
      return Assumptions.<String>abort(
          "no PostgreSQL can be started here ("
              + trouble
              + "); name one by -D"
              + PROPERTY
              + "=jdbc:postgresql://…");
    }
    return found;
  }

  private static void find() {
    String given = System.getProperty(PROPERTY, "");
    if (!given.isEmpty()) {
      url = given + (given.contains("?") ? "" : "?ApplicationName=test");
      return;
    }
    try {
      OwnPostgres server = OwnPostgres.start(Files.createTempDirectory("postgres"));
      Runtime.getRuntime().addShutdownHook(new Thread(server::closeUnchecked));
      url = server.url();
    } catch (IOException | RuntimeException e) {
      trouble = e.toString();
    }
  }
}
