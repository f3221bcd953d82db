package io.refreshd.store;

import io.refreshd.testing.MutableClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A store in a folder, and the ways to do it harm. */
class StoreFixture {

  /** Make every commit fail, and leave leases alone. */
  private static final String[] BREAK = {
    "CREATE TRIGGER broken BEFORE INSERT ON grants BEGIN SELECT RAISE(ABORT, 'broken'); END",
    "CREATE TRIGGER broken_too BEFORE UPDATE OF token ON grants BEGIN SELECT RAISE(ABORT, 'broken'); END"
  };

  final MutableClock clock = Samples.turnedByHand();
  final Samples samples = new Samples(clock);
  final StoreLocation location;

  StoreFixture(Path folder) {
    this(new SqliteLocation(folder.resolve("refreshd.db"), folder.resolve("refreshd.key")));
  }

  StoreFixture(StoreLocation location) {
    this.location = location;
  }

  OpenStore open(String owner) {
    return TokenStores.openToWrite(location, owner, 3, clock, Samples.nanosOf(clock), Disk.REAL);
  }

  OpenStore openToRead() {
    return TokenStores.openToRead(location, clock);
  }

  void breakCommits() throws SQLException {
    execute(BREAK);
  }

  void breakCommitsOf(String name) throws SQLException {
    execute(
        "CREATE TRIGGER broken BEFORE UPDATE OF current ON grants WHEN NEW.name = '"
            + name
            + "' BEGIN SELECT RAISE(ABORT, 'broken'); END");
  }

  void mendCommits() throws SQLException {
    execute("DROP TRIGGER IF EXISTS broken", "DROP TRIGGER IF EXISTS broken_too");
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
        "jdbc:sqlite:" + location.base() + "?foreign_keys=on&busy_timeout=5000");
  }

  Path spool(int number) {
    return Path.of(location.base() + ".spool-" + number);
  }
}
