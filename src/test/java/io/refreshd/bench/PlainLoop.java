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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;

/**
 * The least that keeps a token: post it, find the new one, store it and a log row in one durable
 * transaction. No lease, no sealing, no checks.
 */
final class PlainLoop implements AutoCloseable {

  private static final Pattern TOKEN = Pattern.compile("\"refresh_token\"\\s*:\\s*\"([^\"]+)\"");

  private final URI endpoint;
  private final CloseableHttpClient http = HttpClients.createDefault();
  private final Connection database;
  private final PreparedStatement update;
  private final PreparedStatement insert;
  private String token = "1.first-token";

  PlainLoop(Path file, URI endpoint) throws SQLException {
    this.endpoint = endpoint.resolve("/tenant/oauth2/v2.0/token");
    database = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = database.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("PRAGMA synchronous=FULL");
      statement.execute("CREATE TABLE token (id INTEGER PRIMARY KEY, token TEXT, issued TEXT)");
      statement.execute("CREATE TABLE log (id INTEGER PRIMARY KEY, at TEXT, message TEXT)");
      statement.execute("INSERT INTO token VALUES (1, 'first', 'now')");
    }
    database.setAutoCommit(false);
    update = database.prepareStatement("UPDATE token SET token = ?, issued = ? WHERE id = 1");
    insert = database.prepareStatement("INSERT INTO log (at, message) VALUES (?, ?)");
  }

  Void rotate(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      HttpPost post = new HttpPost(endpoint);
      post.setEntity(new StringEntity(form(), ContentType.APPLICATION_FORM_URLENCODED));
      String answer =
          http.execute(
              post, response -> EntityUtils.toString(response.getEntity(), StandardCharsets.UTF_8));
      Matcher found = TOKEN.matcher(answer);
      if (!found.find()) {
        throw new IllegalStateException("no token in the answer");
      }
      token = found.group(1);
      update.setString(1, token);
      update.setString(2, "2026-11-22T00:00:00Z");
      update.executeUpdate();
      insert.setString(1, "2026-11-22T00:00:00Z");
      insert.setString(2, "rotated");
      insert.executeUpdate();
      database.commit();
    }
    return null;
  }

  private String form() {
    return "grant_type=refresh_token&client_id=66666666-7777-8888-9999-000000000000"
        + "&client_secret=bench-client-secret&scope=openid+profile+offline_access&refresh_token="
        + URLEncoder.encode(token, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws Exception {
    database.close();
    http.close();
  }
}
