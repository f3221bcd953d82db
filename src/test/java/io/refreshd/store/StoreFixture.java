package io.refreshd.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A store in a folder, and the ways to do it harm. */
final class StoreFixture {

  /** Makes every commit fail, and leaves leases alone. */
  private static final String BREAK =
      "CREATE TRIGGER broken BEFORE INSERT ON generations BEGIN SELECT RAISE(ABORT, 'broken'); END";

  final MutableClock clock = new MutableClock();
  final Samples samples = new Samples(clock);
  final StoreLocation location;

  StoreFixture(Path folder) {
    location = new StoreLocation(folder.resolve("refreshd.db"), folder.resolve("refreshd.key"));
  }

  OpenStore open(String owner) {
    return TokenStores.openToWrite(location, owner, 3, clock);
  }

  OpenStore openToRead() {
    return TokenStores.openToRead(location, clock);
  }

  void breakCommits() throws SQLException {
    execute(BREAK);
  }

  void mendCommits() throws SQLException {
    execute("DROP TRIGGER broken");
  }

  /** Runs SQL past the store, as another program would. */
  void execute(String... sql) throws SQLException {
    try (Connection connection = connection();
        Statement statement = connection.createStatement()) {
      for (String one : sql) {
        statement.execute(one);
      }
    }
  }

  Connection connection() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:sqlite:" + location.file() + "?foreign_keys=on&busy_timeout=5000");
  }

  Path spool(int number) {
    return Path.of(location.file() + ".spool-" + number);
  }
}
