package io.refreshd.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How long SQLite takes here to change one row of 1.2 KB durably (a write-ahead log, {@code
 * synchronous} FULL): what the disk makes of everything else that is measured.
 */
final class DurableCommit {

  private static final int COMMITS = 2_000;

  private DurableCommit() {}

  /**
   * Measures it in a process of its own.
   *
   * @param environment to start that with
   * @return microseconds, the median
   */
  static long micros(Path folder, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    DurableCommit.class.getName(),
                    folder.resolve("durable-commit.db").toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0 || !said.matches("[0-9]+")) {
      throw new IOException("no figure but \"" + said + "\"");
    }
    return Long.parseLong(said);
  }

  /** The process itself: {@code FILE}; prints the figure. */
  public static void main(String[] args) throws SQLException {
    try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + args[0])) {
      try (Statement statement = database.createStatement()) {
        statement.execute("PRAGMA journal_mode=WAL");
        statement.execute("PRAGMA synchronous=FULL");
        statement.execute("CREATE TABLE token (id INTEGER PRIMARY KEY, token TEXT)");
        statement.execute("INSERT INTO token VALUES (1, 'first')");
      }
      database.setAutoCommit(false);
      System.out.println(median(database) / 1_000);
    }
  }

  private static long median(Connection database) throws SQLException {
    long[] nanos = new long[COMMITS];
    try (PreparedStatement update =
        database.prepareStatement("UPDATE token SET token = ? WHERE id = 1")) {
      for (int i = 0; i < COMMITS; i++) {
        update.setString(1, Integer.toString(i % 10).repeat(1_200));
        long start = System.nanoTime();
        update.executeUpdate();
        database.commit();
        nanos[i] = System.nanoTime() - start;
      }
    }
    Arrays.sort(nanos);
    return nanos[COMMITS / 2];
  }
}
