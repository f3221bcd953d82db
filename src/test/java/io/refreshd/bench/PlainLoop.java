package io.refreshd.bench;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The least that keeps tokens: post one, read the answer, store the new one and a log row durably.
 * No lease, no sealing, no checks, no second look. With one thread a transaction for each; with
 * several, one writer takes along what waits, in one transaction and one batch for each statement:
 * the limit of what this HTTP client and this database can do.
 */
final class PlainLoop implements AutoCloseable {

  private static final int GRANTS = 64;
  private static final int MOST_THREADS = 64;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What one exchange brought, on its way to the database. */
  private static final class Row {
    private final int id;
    private final String token;
    private final String scope;
    private final long at;
    private final long took;
    private final Condition changed;
    private boolean done;

    Row(int id, String token, String scope, long at, long took, Condition changed) {
      this.id = id;
      this.token = token;
      this.scope = scope;
      this.at = at;
      this.took = took;
      this.changed = changed;
    }
  }

  private final URI endpoint;
  private final CloseableHttpClient http =
      HttpClients.custom()
          .setConnectionManager(
              PoolingHttpClientConnectionManagerBuilder.create()
                  .setMaxConnPerRoute(MOST_THREADS)
                  .setMaxConnTotal(MOST_THREADS)
                  .build())
          .build();
  private final Connection database;
  private final PreparedStatement update;
  private final PreparedStatement insert;
  private final String[] tokens = new String[GRANTS];
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Row> queue = new ArrayDeque<>();
  private boolean writing;
  private long logged;
  private long commitNanos;

  /** Makes its tables in an empty database. */
  PlainLoop(Connection database, URI endpoint) throws SQLException {
    this.database = database;
    this.endpoint = endpoint.resolve("/tenant/oauth2/v2.0/token");
    Arrays.fill(tokens, "1.first-token");
    BenchDatabase.execute(
        database,
        "CREATE TABLE token (id BIGINT PRIMARY KEY, token TEXT, issued BIGINT, generation BIGINT)",
        "CREATE TABLE log (id BIGINT PRIMARY KEY, at BIGINT, grant_id BIGINT, event TEXT,"
            + " generation BIGINT, status BIGINT, duration BIGINT, scope TEXT)");
    for (int id = 0; id < GRANTS; id++) {
      BenchDatabase.execute(database, "INSERT INTO token VALUES (" + id + ", 'first', 0, 0)");
    }
    database.setAutoCommit(false);
    update =
        database.prepareStatement(
            "UPDATE token SET token = ?, issued = ?, generation = generation + 1 WHERE id = ?");
    insert =
        database.prepareStatement(
            "INSERT INTO log (id, at, grant_id, event, generation, status, duration, scope)"
                + " VALUES (?, ?, ?, 'rotated', ?, 200, ?, ?)");
  }

  Void rotate(int threads, int count) throws Exception {
    if (threads == 1) {
      exchanges(0, 1, count);
      return null;
    }
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        int first = thread;
        running.add(
            pool.submit(
                () -> {
                  exchanges(first, threads, count);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      pool.shutdown();
    }
    return null;
  }

  private void exchanges(int first, int step, int count) throws Exception {
    Condition changed = lock.newCondition();
    for (int i = first; i < count; i += step) {
      int id = i % GRANTS;
      long at = System.nanoTime();
      HttpPost post = new HttpPost(endpoint);
      post.setEntity(new StringEntity(form(id), ContentType.APPLICATION_FORM_URLENCODED));
      byte[] answer = http.execute(post, response -> EntityUtils.toByteArray(response.getEntity()));
      JsonNode json = JSON.readTree(answer);
      tokens[id] = json.get("refresh_token").asString();
      String scope = json.path("scope").asString("");
      store(new Row(id, tokens[id], scope, at, System.nanoTime() - at, changed));
    }
  }

  /**
   * Returns when it is durable: whoever finds nobody writing writes, and takes along the others.
   */
  private void store(Row mine) throws SQLException {
    List<Row> batch;
    lock.lock();
    try {
      queue.add(mine);
      while (!mine.done && (writing || queue.peek() != mine)) {
        mine.changed.awaitUninterruptibly();
      }
      if (mine.done) {
        return;
      }
      writing = true;
      batch = List.copyOf(queue);
      queue.clear();
    } finally {
      lock.unlock();
    }
    write(batch);
    lock.lock();
    try {
      writing = false;
      for (Row one : batch) {
        one.done = true;
        one.changed.signal();
      }
      Row next = queue.peek();
      if (next != null) {
        next.changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void write(List<Row> batch) throws SQLException {
    for (Row row : batch) {
      update.setString(1, row.token);
      update.setLong(2, row.at);
      update.setLong(3, row.id);
      update.addBatch();
      insert.setLong(1, ++logged);
      insert.setLong(2, row.at);
      insert.setLong(3, row.id);
      insert.setLong(4, logged);
      insert.setLong(5, row.took);
      insert.setString(6, row.scope);
      insert.addBatch();
    }
    update.executeBatch();
    insert.executeBatch();
    long commit = System.nanoTime();
    database.commit();
    commitNanos = System.nanoTime() - commit;
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
