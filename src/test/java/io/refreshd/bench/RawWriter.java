package io.refreshd.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One thread that writes for all: whatever waits goes into one durable transaction, an updated
 * token and a row of a log for each.
 */
final class RawWriter {

  private final Connection database;
  private final PreparedStatement update;
  private final PreparedStatement insert;
  private final BlockingQueue<Write> queue = new LinkedBlockingQueue<>();

  private record Write(int grant, String token, long nanos, CompletableFuture<Void> done) {}

  private RawWriter(Connection database) throws SQLException {
    this.database = database;
    update =
        database.prepareStatement(
            "UPDATE token SET token = ?, issued = ?, generation = generation + 1 WHERE id = ?");
    insert =
        database.prepareStatement(
            "INSERT INTO log (at, grant_id, event, status, duration) VALUES (?, ?, ?, ?, ?)");
  }

  /** Opens a database that is empty, and fills it. */
  static RawWriter open(String url, int grants) throws SQLException {
    Connection database = DriverManager.getConnection(url);
    boolean sqlite = url.startsWith("jdbc:sqlite:");
    try (Statement statement = database.createStatement()) {
      if (sqlite) {
        statement.execute("PRAGMA journal_mode=WAL");
        statement.execute("PRAGMA synchronous=FULL");
      }
      statement.execute(
          "CREATE TABLE token (id INTEGER PRIMARY KEY, token TEXT, issued BIGINT,"
              + " generation INTEGER)");
      statement.execute(
          "CREATE TABLE log (id "
              + (sqlite ? "INTEGER PRIMARY KEY" : "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY")
              + ", at BIGINT, grant_id INTEGER, event TEXT, status INTEGER, duration BIGINT)");
    }
    database.setAutoCommit(false);
    try (PreparedStatement fill =
        database.prepareStatement("INSERT INTO token VALUES (?, 'first', 0, 0)")) {
      for (int grant = 0; grant < grants; grant++) {
        fill.setInt(1, grant);
        fill.addBatch();
      }
      fill.executeBatch();
    }
    database.commit();
    RawWriter writer = new RawWriter(database);
    Thread thread = new Thread(writer::writeAll, "writer");
    thread.setDaemon(true);
    thread.start();
    return writer;
  }

  /** Returns when it is durable. */
  void write(int grant, String token, long nanos) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    queue.add(new Write(grant, token, nanos, done));
    done.join();
  }

  private void writeAll() {
    List<Write> batch = new ArrayList<>();
    try {
      while (true) {
        batch.add(queue.take());
        queue.drainTo(batch);
        write(batch);
        batch.forEach(one -> one.done().complete(null));
        batch.clear();
      }
    } catch (InterruptedException | SQLException e) {
      batch.forEach(one -> one.done().completeExceptionally(e));
    }
  }

  private void write(List<Write> batch) throws SQLException {
    for (Write one : batch) {
      update.setString(1, one.token());
      update.setLong(2, one.nanos());
      update.setInt(3, one.grant());
      update.addBatch();
      insert.setLong(1, one.nanos());
      insert.setInt(2, one.grant());
      insert.setString(3, "rotated");
      insert.setInt(4, 200);
      insert.setLong(5, one.nanos());
      insert.addBatch();
    }
    update.executeBatch();
    insert.executeBatch();
    database.commit();
  }
}
