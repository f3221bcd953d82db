package io.refreshd.store;

import io.refreshd.grant.Generation;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.Identity;
import io.refreshd.grant.RefreshToken;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Puts grants into an empty store, many at a time and past the rotation log: for benches, which do
 * not want to wait for a million imports. Each has been rotated once, for that doubles what it
 * takes up; the first is due in a day, the last in a week, as after a week of work.
 */
public final class BulkLoad {

  private static final int AT_ONCE = 5_000;
  private static final Duration FIRST_DUE = Duration.ofDays(1);
  private static final Duration LAST_DUE = Duration.ofDays(7);
  private static final Duration LIFETIME = Duration.ofDays(90);
  private static final Duration APART = Duration.ofDays(7);
  private static final String TOKEN = "x".repeat(1_199);

  private static final String INSERT_GRANT =
      """
      INSERT INTO grants (tenant, name, current, fingerprint, issued_at, expires_at, previous,
                          previous_fingerprint, previous_issued_at, previous_expires_at,
                          next_attempt_at, identity_tenant, identity_subject, failures, verdicts,
                          last_attempt_at, last_outcome, token, previous_token)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, 'rotated', ?, ?)
      """;

  /** Whoever it is: a row that knows nobody grows with its first rotation, and its page splits. */
  private static final Identity IDENTITY =
      new Identity(
          "11111111-2222-3333-4444-555555555555", "oid:66666666-7777-8888-9999-000000000000");

  private final StoreLocation location;
  private final Clock clock;

  public BulkLoad(StoreLocation location, Clock clock) {
    this.location = location;
    this.clock = clock;
  }

  /**
   * Where a store is by its URL.
   *
   * @param folder of its key, and of what else a machine keeps
   */
  public static StoreLocation location(String url, Path folder) {
    Path key = folder.resolve("refreshd.key");
    return url.startsWith("jdbc:sqlite:")
        ? new SqliteLocation(Path.of(url.substring("jdbc:sqlite:".length())), key)
        : new PostgresLocation(url, null, null, folder.resolve("refreshd"), key);
  }

  public StoreLocation location() {
    return location;
  }

  /** Makes the store, and fills it with so many grants, due one after the other. */
  public void fill(int grants, IntFunction<GrantName> names) {
    fill(grants, names, number -> number);
  }

  /**
   * The same, due in an order of its own: neighbours in the store are no neighbours in time.
   *
   * @param turns for each grant, how many come before it
   */
  public void fill(int grants, IntFunction<GrantName> names, IntUnaryOperator turns) {
    JdbcTokenStore store = TokenStores.connect(inBulk(), "bulk", clock, Disk.REAL);
    try {
      for (int from = 0; from < grants; from += AT_ONCE) {
        int to = Math.min(grants, from + AT_ONCE);
        put(store, from, to, names, number -> wait(turns.applyAsInt(number), grants));
      }
    } finally {
      store.close();
    }
  }

  /** The driver of PostgreSQL makes one statement of many rows, if it is told to. */
  private StoreLocation inBulk() {
    return location instanceof PostgresLocation database
        ? new PostgresLocation(
            database.url() + "&reWriteBatchedInserts=true",
            database.username(),
            database.password(),
            database.base(),
            database.keyFile())
        : location;
  }

  private static Duration wait(int turn, int grants) {
    return FIRST_DUE.plus(LAST_DUE.minus(FIRST_DUE).multipliedBy(turn).dividedBy(grants));
  }

  private void put(
      JdbcTokenStore store,
      int from,
      int to,
      IntFunction<GrantName> names,
      IntFunction<Duration> waits) {
    Sealing sealing = store.reader().sealing();
    int key = sealing.keys().primary();
    Instant now = clock.instant();
    Generation current = generation(2, now);
    Generation previous = generation(1, now.minus(APART));
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int number = from; number < to; number++) {
      GrantName name = names.apply(number);
      @Nullable Object[] row = row(name, current, previous, now.plus(waits.apply(number)), now);
      row[row.length - 2] = sealing.seal(key, name, current).bytes();
      row[row.length - 1] = sealing.seal(key, name, previous).bytes();
      rows.add(row);
    }
    store
        .writer()
        .write(
            true,
            transaction -> {
              transaction.insert(INSERT_GRANT, rows);
              return true;
            });
  }

  private static Generation generation(int number, Instant issuedAt) {
    return new Generation(
        number, RefreshToken.of(TOKEN + number), issuedAt, issuedAt.plus(LIFETIME));
  }

  private static @Nullable Object[] row(
      GrantName name, Generation current, Generation previous, Instant nextAttemptAt, Instant now) {
    return new Object[] {
      name.tenant(),
      name.name(),
      current.number(),
      current.token().fingerprint(),
      Micros.ofNullable(current.issuedAt()),
      Micros.ofNullable(current.expiresAt()),
      previous.number(),
      previous.token().fingerprint(),
      Micros.ofNullable(previous.issuedAt()),
      Micros.ofNullable(previous.expiresAt()),
      Micros.of(nextAttemptAt),
      IDENTITY.tenantId(),
      IDENTITY.subject(),
      Micros.of(now),
      null,
      null
    };
  }
}
