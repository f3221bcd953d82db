package io.refreshd.bench;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The least that keeps tokens: post one, read the answer, store the new one and a log row in one
 * durable transaction. No lease, no sealing, no checks, no second look.
 */
final class PlainLoop implements AutoCloseable {

  private static final int GRANTS = 64;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI endpoint;
  private final CloseableHttpClient http = HttpClients.createDefault();
  private final Connection database;
  private final PreparedStatement update;
  private final PreparedStatement insert;
  private final String[] tokens = new String[GRANTS];
  private long commitNanos;

  /**
   * Opens a new database.
   *
   * @param journalMode {@code DELETE}, SQLite's default, or {@code WAL}; both with synchronous=FULL
   */
  PlainLoop(Path file, URI endpoint, String journalMode) throws SQLException {
    this.endpoint = endpoint.resolve("/tenant/oauth2/v2.0/token");
    Arrays.fill(tokens, "1.first-token");
    database = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = database.createStatement()) {
      statement.execute("PRAGMA journal_mode=" + journalMode);
      statement.execute("PRAGMA synchronous=FULL");
      statement.execute(
          "CREATE TABLE token (id INTEGER PRIMARY KEY, token TEXT, issued INTEGER, generation INTEGER)");
      statement.execute(
          "CREATE TABLE log (id INTEGER PRIMARY KEY, at INTEGER, grant_id INTEGER, event TEXT,"
              + " generation INTEGER, status INTEGER, duration INTEGER, scope TEXT)");
      for (int id = 0; id < GRANTS; id++) {
        statement.execute("INSERT INTO token VALUES (" + id + ", 'first', 0, 0)");
      }
    }
    database.setAutoCommit(false);
    update =
        database.prepareStatement(
            "UPDATE token SET token = ?, issued = ?, generation = generation + 1 WHERE id = ?");
    insert =
        database.prepareStatement(
            "INSERT INTO log (at, grant_id, event, generation, status, duration, scope)"
                + " VALUES (?, ?, 'rotated', ?, 200, ?, ?)");
  }

  Void rotate(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      int id = i % GRANTS;
      long at = System.nanoTime();
      HttpPost post = new HttpPost(endpoint);
      post.setEntity(new StringEntity(form(id), ContentType.APPLICATION_FORM_URLENCODED));
      byte[] answer = http.execute(post, response -> EntityUtils.toByteArray(response.getEntity()));
      JsonNode json = JSON.readTree(answer);
      tokens[id] = json.get("refresh_token").asString();
      update.setString(1, tokens[id]);
      update.setLong(2, at);
      update.setInt(3, id);
      update.executeUpdate();
      insert.setLong(1, at);
      insert.setInt(2, id);
      insert.setInt(3, i);
      insert.setLong(4, System.nanoTime() - at);
      insert.setString(5, json.path("scope").asString(""));
      insert.executeUpdate();
      long commit = System.nanoTime();
      database.commit();
      commitNanos = System.nanoTime() - commit;
    }
    return null;
  }

  /** What the last durable commit took, in microseconds: how fast the disk is. */
  long commitMicros() {
    return commitNanos / 1_000;
  }

  private String form(int id) {
    return "grant_type=refresh_token&client_id=66666666-7777-8888-9999-000000000000"
        + "&client_secret=bench-client-secret&scope=openid+profile+offline_access&refresh_token="
        + URLEncoder.encode(tokens[id], StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws Exception {
    database.close();
    http.close();
  }
}
