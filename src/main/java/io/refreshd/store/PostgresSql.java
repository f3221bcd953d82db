package io.refreshd.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The SQL of PostgreSQL. */
final class PostgresSql extends Sql {

  private static final Bulk BULK = new PostgresBulk();

  /**
   * For a new connection. A transaction whose process has come to a halt holds up the others, so
   * the server ends it; and each wait ends before the process gives up on the connection. What was
   * waited for is seen, whatever a database or a role has for its default: else two daemons would
   * give one number in the log.
   */
  static final String SETTINGS =
      """
      SELECT set_config('lock_timeout', '7s', false),
             set_config('statement_timeout', '9s', false),
             set_config('idle_in_transaction_session_timeout', '5s', false),
             set_config('default_transaction_isolation', 'read committed', false),
             set_config('synchronous_commit',
                        coalesce(nullif(current_setting('synchronous_commit'), 'off'), 'on'), false)
      """;

  /** For a new connection that is to run scripts: each takes the time that it takes. */
  static final String SCRIPTS = "SET default_transaction_isolation = 'read committed'";

  /**
   * For a new connection that is to write, as well. It goes to every row by its key, so one plan
   * for each statement will do, made once, whatever the tables' sizes are or the server knows of
   * them. (Such plans look dear, and must not be compiled for it.)
   */
  static final String WRITER =
      SETTINGS
          + """
          , set_config('plan_cache_mode', 'force_generic_plan', false),
            set_config('enable_seqscan', 'off', false),
            set_config('enable_hashjoin', 'off', false),
            set_config('enable_mergejoin', 'off', false),
            set_config('jit', 'off', false)
          """;

  /** For a new connection that is to read only, as well. */
  static final String READ_ONLY =
      SETTINGS + ", set_config('default_transaction_read_only', 'on', false)";

  /** Whether a connection leads to a standby, or may not be written on for another reason. */
  static final String IS_READ_ONLY = "SELECT current_setting('transaction_read_only')::boolean";

  /**
   * The schema in which tables are made, if there is one. Parameter: the search path for which
   * nothing is found.
   */
  static final String SCHEMA_BESIDE =
      """
      SELECT current_schema()
      WHERE current_schema() IS NOT NULL AND current_setting('search_path') <> ?
      """;

  private static final String NEVER_DURABLE = ", set_config('synchronous_commit', 'off', false)";

  /** For a new connection whose writes a power cut may undo. */
  static final String CARELESS = SETTINGS + NEVER_DURABLE;

  /** Likewise one that is to write as {@link #WRITER}. */
  static final String CARELESS_WRITER = WRITER + NEVER_DURABLE;

  /** What time it is, in microseconds. */
  static final String NOW = "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)";

  static final String TIME = "SELECT " + NOW;

  /** A node says that it is there. Parameters: owner, version, schema, skew. */
  static final String BEAT =
      """
      INSERT INTO nodes (owner, version, schema, skew, started_at, seen_at)
      VALUES (?, ?, ?, ?, NOW, NOW)
      ON CONFLICT (owner) DO UPDATE SET skew = excluded.skew, seen_at = excluded.seen_at
      """
          .replace("NOW", NOW);

  static final String LEAVE = "DELETE FROM nodes WHERE owner = ?";

  /** A node that said nothing for an hour is of no interest any more. */
  static final String FORGET_NODES =
      "DELETE FROM nodes WHERE seen_at < NOW - 3600000000".replace("NOW", NOW);

  static final String NODES =
      "SELECT owner, version, schema, skew, started_at, seen_at, NOW - seen_at FROM nodes ORDER BY owner"
          .replace("NOW", NOW);

  /** For one transaction: a power cut may undo it. */
  static final String NOT_DURABLE = "SET LOCAL synchronous_commit = off";

  static final String COMMIT = "COMMIT";

  /** Numbers of their own for the locks of a store, made of its own tables' numbers. */
  static final String ALONE =
      "SELECT pg_advisory_xact_lock(1919247976, CAST(CAST('TABLE' AS regclass) AS oid)::int)";

  private static final String ALONE_WITH_ALERTS =
      ALONE.replace("pg_advisory", "pg_try_advisory").replace("TABLE", "deliveries");

  /** Waits for everybody who has read, in a transaction that goes on, with which key to seal. */
  private static final String ALONE_WITH_KEY = "LOCK TABLE meta IN ACCESS EXCLUSIVE MODE";

  private static final String ALONE_WITH_EVERYTHING =
      "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0;"
          + " SET LOCAL lock_timeout = '60s';"
          + " LOCK TABLE "
          + Stream.of(StoreTable.values()).map(StoreTable::table).collect(Collectors.joining(", "))
          + " IN SHARE MODE";

  private static final String COUNT_ON =
      "SELECT setval(pg_get_serial_sequence('deliveries', 'id'),"
          + " (SELECT coalesce(max(id), 0) + 1 FROM deliveries), false)";

  private static final Rows BEGINNINGS = new Rows("beginning text");

  /** In an order, so that the index is taken, which has it, for each of them. */
  private static final String FIND_CIRCUITS =
      "SELECT found.* FROM "
          + BEGINNINGS
          + " CROSS JOIN LATERAL (SELECT "
          + CIRCUIT_COLUMNS
          + " FROM circuits WHERE "
          + BEGINS
          + " ORDER BY circuit) found";

  @Override
  List<String> countOn() {
    return List.of(COUNT_ON);
  }

  /**
   * Without a schema that is there and may be used (a misspelt {@code currentSchema}, a role
   * without USAGE) nothing is found in it; that is no empty store, and whoever goes on to read it
   * is told so.
   */
  @Override
  String findHistory() {
    return "SELECT 1 WHERE to_regclass('" + HISTORY + "') IS NOT NULL OR current_schema() IS NULL";
  }

  /** As the index {@code grants_due} has it, and {@link io.refreshd.rotation.Partition}. */
  @Override
  String isInPartition() {
    return "(get_byte(sha256(CAST(g.tenant AS bytea)), 0) & 63) = ?";
  }

  @Override
  Optional<String> nodes() {
    return Optional.of(NODES);
  }

  @Override
  String silenceOfHolder() {
    return "(SELECT NOW - n.seen_at FROM nodes n WHERE n.owner = leases.owner)".replace("NOW", NOW);
  }

  /** By its own clock, whatever the one who asks has for his. */
  @Override
  String now() {
    return "coalesce(" + NOW + ", ?)";
  }

  @Override
  void findCircuits(Statements on, Collection<String> beginnings, Statements.Taker taker)
      throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    beginnings.forEach(one -> rows.add(new Object[] {one}));
    on.each(FIND_CIRCUITS, taker, BEGINNINGS.columns(on, rows));
  }

  @Override
  Bulk bulk() {
    return BULK;
  }

  @Override
  Optional<String> aloneWithAlerts() {
    return Optional.of(ALONE_WITH_ALERTS);
  }

  @Override
  void allowLong(Connection connection) throws SQLException {
    connection.setNetworkTimeout(
        Runnable::run, (int) TimeUnit.SECONDS.toMillis(Postgres.MOST_AT_ONCE));
  }

  @Override
  Optional<String> alone(Alone what) {
    return Optional.of(
        switch (what) {
          case KEY -> ALONE_WITH_KEY;
          case EVERYTHING -> ALONE_WITH_EVERYTHING;
        });
  }
}
