package io.refreshd.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The SQL of SQLite. */
final class SqliteSql extends Sql {

  private static final Bulk BULK = new SqliteBulk();

  /**
   * A grant that nobody has, or that lease already: a transaction may be run again. Its current
   * generation is marked. Parameters: tenant, name, lease, owner, until; tenant, name.
   */
  static final String LEASE_MARKED =
      """
      INSERT INTO leases (tenant, name, lease, owner, until, presented)
      VALUES (?, ?, ?, ?, ?, (SELECT current FROM grants WHERE tenant = ? AND name = ?))
      ON CONFLICT (tenant, name) DO UPDATE
      SET lease = excluded.lease, owner = excluded.owner, until = excluded.until,
          presented = excluded.presented
      WHERE leases.until IS NULL OR leases.lease = excluded.lease
      """;

  static final String BEGIN = "BEGIN IMMEDIATE";

  /** How long SQLite itself waits for another process's write before its caller thinks again. */
  static final String WAIT_A_TURN = "PRAGMA busy_timeout = 100";

  static final String COMMIT = "COMMIT";
  static final String ROLLBACK = "ROLLBACK";

  /** In WAL mode: a commit is durable when it returns. */
  static final String DURABLE = "PRAGMA synchronous = FULL";

  /** In WAL mode: a power cut may undo the newest commits, never tear one. */
  static final String NOT_DURABLE = "PRAGMA synchronous = NORMAL";

  private static final ManyRows FIND_CIRCUITS =
      new ManyRows(
          "WITH w (beginning) AS (VALUES ",
          1,
          ") SELECT " + CIRCUIT_COLUMNS + " FROM w CROSS JOIN circuits ON " + BEGINS);

  @Override
  String findHistory() {
    return "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '" + HISTORY + "'";
  }

  /** It does by itself. */
  @Override
  List<String> countOn() {
    return List.of();
  }

  /** There is only the one that holds everything. */
  @Override
  String isInPartition() {
    return "? = 0";
  }

  /** There is one daemon only. */
  @Override
  Optional<String> nodes() {
    return Optional.empty();
  }

  @Override
  String silenceOfHolder() {
    return "NULL";
  }

  @Override
  String now() {
    return "?";
  }

  @Override
  void findCircuits(Statements on, Collection<String> beginnings, Statements.Taker taker)
      throws SQLException {
    FIND_CIRCUITS.ask(on, beginnings.stream().map(one -> new Object[] {one}).toList(), taker);
  }

  @Override
  Bulk bulk() {
    return BULK;
  }

  @Override
  Optional<String> aloneWithAlerts() {
    return Optional.empty();
  }

  /** It gives up nothing but the wait for a lock. */
  @Override
  void allowLong(Connection connection) {}

  @Override
  Optional<String> alone(Alone what) {
    return Optional.empty();
  }
}
