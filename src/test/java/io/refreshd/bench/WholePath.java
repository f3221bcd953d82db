package io.refreshd.bench;

import io.refreshd.entra.EntraTokenRedeemer;
import io.refreshd.grant.Cadence;
import io.refreshd.grant.Client;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.RefreshTokens;
import io.refreshd.grant.Secret;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.store.OpenStore;
import io.refreshd.store.TokenStores;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** The program's own parts, put together as the daemon does, on a store of any size. */
final class WholePath implements AutoCloseable {

  private static final String STORE = "whole";

  /** So many are rotated in turn; what else a large store has are copies of the first. */
  private static final int MOST_ROTATED = 2_048;

  private final Clock clock = Clock.systemUTC();
  private final OpenStore store;
  private final EntraTokenRedeemer redeemer = new EntraTokenRedeemer(clock);
  private final Rotator rotator;
  private final URI endpoint;
  private final List<Grant> grants = new ArrayList<>();

  /** Makes the store and fills it; the grants that are rotated lie evenly among the others. */
  WholePath(BenchDatabase database, URI endpoint, int size) throws SQLException {
    this.endpoint = endpoint;
    store = TokenStores.openToWrite(database.store(STORE), "bench", 64, clock);
    RotationPolicy policy = new RotationPolicy((cron, after) -> Instant.MAX);
    rotator = new Rotator(store, redeemer, policy, (entry, kept) -> {}, clock);
    int rotated = Math.min(size, MOST_ROTATED);
    for (int i = 0; i < rotated; i++) {
      int number = (int) ((long) i * size / rotated);
      int next = (int) ((long) (i + 1) * size / rotated);
      bringIn(grant(number));
      if (next - number > 1) {
        copyFirst(database, number + 1, next);
      }
    }
    settle(database, size);
  }

  private void bringIn(Grant grant) {
    RefreshToken first = RefreshToken.of("1.first-token-of-" + grant.name().name());
    expectRotated(rotator.bringIn(grant, new Import(first, clock.instant(), null, true, false)));
    grants.add(grant);
  }

  /** Copies do for the size of tables and indexes; none of them is ever opened. */
  private void copyFirst(BenchDatabase database, int from, int until) throws SQLException {
    String first = " FROM grants g WHERE g.name = '" + grant(0).name().name() + "'";
    try (Connection connection = database.connectAgain(STORE)) {
      connection.setAutoCommit(false);
      String numbers =
          String.format(
              Locale.ROOT,
              "WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %d) ",
              from,
              until);
      List<String> columns = columns(connection);
      String copied =
          String.join(", ", columns)
              .replace("tenant, name", "'tenant-' || (n.i / 2), " + nameOf(database));
      BenchDatabase.execute(
          connection,
          "INSERT INTO grants ("
              + String.join(", ", columns)
              + ") "
              + numbers
              + "SELECT "
              + copied
              + first.replace(" WHERE", ", n WHERE"));
      connection.commit();
    }
  }

  private static String nameOf(BenchDatabase database) {
    return database.isPostgres()
        ? "'grant-' || lpad(CAST(n.i AS TEXT), 8, '0')"
        : "printf('grant-%08d', n.i)";
  }

  private static List<String> columns(Connection connection) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM grants WHERE 1 = 0")) {
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        columns.add(rows.getMetaData().getColumnName(i));
      }
    }
    return columns;
  }

  private static void settle(BenchDatabase database, int size) throws SQLException {
    try (Connection connection = database.connectAgain(STORE)) {
      if (database.isPostgres()) {
        BenchDatabase.execute(connection, "VACUUM ANALYZE", "CHECKPOINT");
      } else {
        BenchDatabase.execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
      }
      long there = number(connection, "SELECT count(*) FROM grants");
      if (there != size) {
        throw new IllegalStateException(there + " grants, not " + size);
      }
    }
  }

  private static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** Rotates so many times, one grant after the other, with so many threads. */
  Void rotate(int threads, int count) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        int first = thread;
        running.add(
            pool.submit(
                () -> {
                  Iterator<Integer> turns =
                      IntStream.iterate(first, i -> i < count, i -> i + threads).iterator();
                  return new InTurn(
                          rotator,
                          () -> turns.hasNext() ? grants.get(turns.next() % grants.size()) : null)
                      .rotate();
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

  private static void expectRotated(Outcome outcome) {
    if (!(outcome instanceof Outcome.Rotated)) {
      throw new IllegalStateException("not rotated: " + outcome);
    }
  }

  private Grant grant(int number) {
    return new Grant(
        new GrantName("tenant-" + number / 2, String.format(Locale.ROOT, "grant-%08d", number)),
        new TokenEndpoint.V2(
            endpoint,
            "11111111-2222-3333-4444-555555555555",
            List.of("https://api.partnercenter.microsoft.com/user_impersonation")),
        new Client(
            "66666666-7777-8888-9999-000000000000",
            new Client.ClientSecret(Secret.of("bench-client-secret"))),
        RefreshTokens.REUSABLE,
        new Cadence.Every(Duration.ofDays(7)),
        Duration.ofDays(90),
        null,
        null);
  }

  @Override
  public void close() {
    redeemer.close();
    store.close();
  }
}
