package io.refreshd.crash;

import io.refreshd.grant.GrantName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;

/** Harm that is done to a store from outside. */
public final class Sabotage {

  private final Path store;

  public Sabotage(Path store) {
    this.store = store;
  }

  /** From now on the store takes leases and no generation. */
  public void breakCommits() throws SQLException {
    execute(
        "CREATE TRIGGER broken BEFORE UPDATE OF token ON grants BEGIN SELECT RAISE(ABORT, 'broken'); END");
  }

  public void mendCommits() throws SQLException {
    execute("DROP TRIGGER IF EXISTS broken");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + store + "?busy_timeout=10000");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * Leaves of a grant's place in the spool what a write leaves that was cut: its beginning.
   *
   * @throws IOException if the grant has no place there
   */
  void tearSpool(GrantName grant) throws IOException {
    byte[] name = grant.toString().getBytes(StandardCharsets.UTF_8);
    try (DirectoryStream<Path> spools =
        Files.newDirectoryStream(store.getParent(), store.getFileName() + ".spool-*")) {
      for (Path spool : spools) {
        byte[] bytes = Files.readAllBytes(spool);
        for (int at = 0; at + name.length + 200 < bytes.length; at++) {
          if (Arrays.equals(bytes, at, at + name.length, name, 0, name.length)) {
            // behind the name the sealed commit begins, and it is longer than that
            Arrays.fill(bytes, at + name.length + 100, at + name.length + 200, (byte) 0);
            Files.write(spool, bytes);
            return;
          }
        }
      }
    }
    throw new IOException(grant + " has no place in the spool");
  }
}
