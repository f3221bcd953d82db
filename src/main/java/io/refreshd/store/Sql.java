package io.refreshd.store;

import io.refreshd.rotation.Event;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.RefusalKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Every statement that the store runs: what every database understands stands here as it is, what
 * each says in its own way is a method.
 */
abstract class Sql {

  /** What one transaction at a time may do, where a database lets several write at once. */
  enum Alone {
    /** Change the key that seals the store; nothing may be sealed meanwhile. */
    KEY,
    /** Change anything at all; it may take long. */
    EVERYTHING
  }

  /** Finds a row if the table of the schema's history is there. */
  abstract String findHistory();

  /**
   * A statement that waits until nobody else is at it, and keeps others from it until the
   * transaction ends; empty where only one transaction writes anyway.
   */
  abstract Optional<String> alone(Alone what);

  /** For a transaction that takes the time that it takes: this process does not give it up. */
  abstract void allowLong(Connection connection) throws SQLException;

  /**
   * A query whether this transaction is the one that may change what people are told, until it
   * ends; waits for nobody. Empty where only one transaction writes anyway.
   */
  abstract Optional<String> aloneWithAlerts();

  /** Makes the numbers that a table gives by itself go on behind those that are there. */
  abstract List<String> countOn();

  /** The condition that the tenant of {@code g} is in a partition. Parameter: its number. */
  abstract String isInPartition();

  /** Finds all daemons that share the store; empty where only one can. */
  abstract Optional<String> nodes();

  /** How long ago the daemon said that it is there that has the lease in {@code leases}. */
  abstract String silenceOfHolder();

  /**
   * What time it is for all who share the store. Parameter: what time it is for the one who asks,
   * which counts where all of them are on one machine.
   */
  abstract String now();

  /**
   * Finds the circuits whose keys begin so, without a look at the others: there may be as many as
   * grants.
   */
  abstract void findCircuits(Statements on, Collection<String> beginnings, Statements.Taker taker)
      throws SQLException;

  /** How what every rotation writes is written quickest. */
  abstract Bulk bulk();

  // the schema

  static final String HISTORY = "schema_history";

  static final String SCHEMA_VERSION =
      "SELECT max(CAST(version AS INTEGER)) FROM " + HISTORY + " WHERE success";

  // the sealing key

  static final String FIND_STORE_KEY =
      "SELECT primary_key, key_check FROM meta WHERE primary_key IS NOT NULL";

  static final String SET_STORE_KEY = "UPDATE meta SET primary_key = ?, key_check = ?";

  static final String SET_FIRST_STORE_KEY = SET_STORE_KEY + " WHERE primary_key IS NULL";

  /** Parameters: tenant and name of the one before the first; how many. */
  static final String SEALED_AFTER =
      """
      SELECT tenant, name, current, token, previous, previous_token
      FROM grants WHERE (tenant, name) > (?, ?) ORDER BY tenant, name LIMIT ?
      """;

  /**
   * So many grants with a token of a key, after one by name. Parameters: what it sealed starts so,
   * twice; tenant, name; how many.
   */
  static final String SEALED_WITH =
      """
      SELECT tenant, name, current, token, previous, previous_token FROM grants
      WHERE (substr(token, 1, 5) = ? OR substr(previous_token, 1, 5) = ?)
        AND (tenant, name) > (?, ?) ORDER BY tenant, name LIMIT ?
      """;

  /**
   * On condition that the tokens are those that were read: a daemon may have stored a newer one
   * since. Parameters: the new ones; tenant, name; those that were read.
   */
  static final String RESEAL =
      """
      UPDATE grants SET token = ?, previous_token = ?
      WHERE tenant = ? AND name = ?
        AND token = ? AND coalesce(previous_token, token) = coalesce(?, token)
      """;

  // leases

  /**
   * A grant whose lease is over without an outcome: its mark is left over. Parameters: lease,
   * owner, now, how long it lasts; whether to mark the current generation; tenant, name; tenant,
   * name, the lease before.
   */
  final String leaseAfter() {
    return LEASE_AFTER.replace("NOW", now());
  }

  private static final String LEASE_AFTER =
      """
      UPDATE leases
      SET lease = ?, owner = ?, until = NOW + ?,
          unanswered = coalesce(presented, unanswered),
          presented = CASE WHEN ?
                      THEN (SELECT current FROM grants WHERE tenant = ? AND name = ?) END
      WHERE tenant = ? AND name = ? AND lease = ?
      """;

  /** Parameters: now; tenant, name. */
  final String findLease() {
    return "SELECT lease, until, until - "
        + now()
        + ", "
        + silenceOfHolder()
        + " FROM leases WHERE tenant = ? AND name = ? AND until IS NOT NULL";
  }

  /** Parameters: now; an instant beyond which none ends that was taken by now. */
  static final String FIND_LIVE_LEASE =
      """
      SELECT tenant, name, owner FROM leases
      WHERE until > ? AND until <= ? ORDER BY tenant, name LIMIT 1
      """;

  /** The grants whose current generation was presented, and whose outcome nobody has told. */
  static final String PRESENTED =
      """
      SELECT g.tenant, g.name
      FROM grants g JOIN leases l ON l.tenant = g.tenant AND l.name = g.name
      WHERE l.unanswered = g.current OR l.presented = g.current
      ORDER BY g.tenant, g.name
      """;

  /** The outcome is written: the lease is over, and its marks with it. */
  static final String END_LEASE = "DELETE FROM leases WHERE tenant = ? AND name = ? AND lease = ?";

  /** Nothing was done under it: its own mark goes, one left over from before stays. */
  static final String RELEASE_MARKED =
      """
      UPDATE leases SET lease = NULL, owner = NULL, until = NULL, presented = NULL
      WHERE tenant = ? AND name = ? AND lease = ? AND unanswered IS NOT NULL
      """;

  static final String END_LEASES_OF = "UPDATE leases SET until = ? WHERE owner = ? AND until > ?";

  // grants

  /**
   * What {@link GrantRows#record} reads of a grant that was just leased: the lease's own mark is no
   * lost answer, whatever time it is.
   */
  static final String LEASED_COLUMNS =
      """
      g.tenant, g.name, g.current, g.fingerprint, g.issued_at, g.expires_at,
      g.signed_in_at, g.next_attempt_at, g.identity_tenant, g.identity_subject,
      g.issue_code, g.issue_learned_at, g.issue_limit,
      g.sign_in_code, g.sign_in_learned_at, g.sign_in_limit,
      g.failures, g.verdicts, g.failing_since, g.last_attempt_at, g.last_outcome,
      g.kind, g.error, g.code, g.suberror, g.message,
      coalesce(l.unanswered = g.current, FALSE)
      """;

  /** What it reads of any other. Parameter: now. */
  private static final String SELECT_RECORD =
      "SELECT "
          + LEASED_COLUMNS
          + "  OR coalesce(l.presented = g.current AND l.until <= ?, FALSE)\n";

  /** What {@link GrantRows#record(Columns, java.util.function.Predicate)} reads. */
  private static final String SEE_RECORD =
      SELECT_RECORD + ", CASE WHEN l.presented = g.current THEN l.lease END\n";

  private static final String FROM_GRANTS =
      """
      FROM grants g
      LEFT JOIN leases l ON l.tenant = g.tenant AND l.name = g.name
      """;

  static final String FIND_RECORD = SEE_RECORD + FROM_GRANTS + "WHERE g.tenant = ? AND g.name = ?";

  static final String FIND_WITH_TOKEN =
      SELECT_RECORD + ", g.token\n" + FROM_GRANTS + "WHERE g.tenant = ? AND g.name = ?";

  /** Under its lease. Parameters: tenant, name. */
  static final String FIND_LEASED =
      "SELECT "
          + LEASED_COLUMNS
          + ", g.token\n"
          + FROM_GRANTS
          + "WHERE g.tenant = ? AND g.name = ?";

  /** Parameters: tenant; name; the generation that is expected to be current. */
  static final String FIND_PREVIOUS =
      """
      SELECT previous, previous_token, previous_issued_at, previous_expires_at FROM grants
      WHERE tenant = ? AND name = ? AND current = ? AND previous IS NOT NULL
      """;

  /** Parameters: now; tenant and name of each. */
  static String findRecords(int grants) {
    return SEE_RECORD + FROM_GRANTS + "WHERE (g.tenant, g.name) " + inNames(grants);
  }

  /** The current tokens alone. Parameters: tenant and name of each. */
  static String findSealed(int grants) {
    return "SELECT tenant, name, current, token, 0, NULL FROM grants WHERE (tenant, name) "
        + inNames(grants);
  }

  private static String inNames(int grants) {
    return "IN (VALUES (?, ?)" + ", (?, ?)".repeat(grants - 1) + ")";
  }

  /** Parameters: now; tenant and name of the one before the first; how many. */
  static final String RECORDS_AFTER =
      SEE_RECORD
          + FROM_GRANTS
          + "WHERE (g.tenant, g.name) > (?, ?) ORDER BY g.tenant, g.name LIMIT ?";

  /** Parameters: tenant and name of the one before the first; how many. */
  static final String NAMES_AFTER =
      "SELECT tenant, name FROM grants WHERE (tenant, name) > (?, ?) ORDER BY tenant, name LIMIT ?";

  /**
   * Parameters: now; the partition's number; now; instant, tenant and name of the one before the
   * first; how many.
   */
  final String due() {
    return SEE_RECORD
        + FROM_GRANTS
        + "WHERE "
        + isInPartition()
        + """
         AND g.next_attempt_at <= ? AND (g.next_attempt_at, g.tenant, g.name) > (?, ?, ?)
        ORDER BY g.next_attempt_at, g.tenant, g.name LIMIT ?
        """;
  }

  /** Parameters: the partition's number; an instant. */
  final String nextAttempt() {
    return "SELECT g.next_attempt_at FROM grants g WHERE "
        + isInPartition()
        + " AND g.next_attempt_at > ? ORDER BY g.next_attempt_at LIMIT 1";
  }

  static final String INSERT_GRANT =
      """
      INSERT INTO grants (current, fingerprint, issued_at, expires_at, previous,
                          previous_fingerprint, previous_issued_at, previous_expires_at,
                          signed_in_at, next_attempt_at, identity_tenant, identity_subject,
                          failures, verdicts, last_attempt_at, last_outcome, issue_code,
                          issue_learned_at, issue_limit, sign_in_code, sign_in_learned_at,
                          sign_in_limit, token, previous_token, tenant, name)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING
      """;

  static final String ADVANCE_GRANT =
      """
      UPDATE grants
      SET current = ?, fingerprint = ?, issued_at = ?, expires_at = ?, previous = ?,
          previous_fingerprint = ?, previous_issued_at = ?, previous_expires_at = ?,
          signed_in_at = ?, next_attempt_at = ?, identity_tenant = ?, identity_subject = ?,
          failures = 0, verdicts = 0, failing_since = NULL, last_attempt_at = ?, last_outcome = ?,
          issue_code = ?, issue_learned_at = ?, issue_limit = ?, sign_in_code = ?,
          sign_in_learned_at = ?, sign_in_limit = ?, token = ?, previous_token = ?,
          kind = NULL, error = NULL, code = NULL, suberror = NULL, message = NULL
      WHERE tenant = ? AND name = ? AND current = ? AND fingerprint = coalesce(?, fingerprint)
      """;

  /** The same where the current token becomes the previous one: what is stored stays as sealed. */
  static final String SHIFT_GRANT =
      ADVANCE_GRANT.replace("token = ?, previous_token = ?", "previous_token = token, token = ?");

  static final String FIND_GENERATION =
      """
      SELECT 1 FROM grants
      WHERE tenant = ? AND name = ?
        AND (current = ? AND fingerprint = ? OR previous = ? AND previous_fingerprint = ?)
      """;

  /**
   * An attempt, by what was known when it began. If its lease was lost since, somebody else may
   * have presented the same generation: then a lost answer of his stands, which no other outcome
   * may undo. Last parameters: tenant, name, generation, its fingerprint; the attempt's kind;
   * tenant, name, lease.
   */
  static final String RECORD_ATTEMPT =
      """
      UPDATE grants
      SET next_attempt_at = ?, issued_at = ?, expires_at = ?, signed_in_at = ?, issue_code = ?,
          issue_learned_at = ?, issue_limit = ?, sign_in_code = ?, sign_in_learned_at = ?,
          sign_in_limit = ?, failures = ?, verdicts = ?, failing_since = ?, last_attempt_at = ?,
          last_outcome = ?, kind = ?, error = ?, code = ?, suberror = ?, message = ?
      WHERE tenant = ? AND name = ? AND current = ? AND fingerprint = ?
        AND (coalesce(kind, '') <> 'LOST' OR ? = 'LOST'
             OR EXISTS (SELECT 1 FROM leases WHERE tenant = ? AND name = ? AND lease = ?))
      """
          .replace("LOST", RefusalKind.LOST_ANSWER.word());

  /**
   * An attempt that could not be recorded at its time: unless it has been, or a later one has. As
   * long as its lease stands nobody else has had the grant; without it the times tell, as that is
   * also how it looks where a crash undid the lease. Further parameters: tenant, name, lease; when
   * it was made.
   */
  static final String RECORD_ATTEMPT_LATE =
      RECORD_ATTEMPT
          + """
            AND (EXISTS (SELECT 1 FROM leases WHERE tenant = ? AND name = ? AND lease = ?)
                 OR last_attempt_at IS NULL OR last_attempt_at < ?)
          """;

  static final String REMOVE_GRANT = "DELETE FROM grants WHERE tenant = ? AND name = ?";

  // circuits

  static final String CIRCUIT_COLUMNS =
      "circuit, reach, next_attempt_at, failures, verdicts, failing_since, last_attempt_at,"
          + " last_outcome, kind, error, code, suberror, message";

  static final String CIRCUITS = "SELECT " + CIRCUIT_COLUMNS + " FROM circuits";

  /** An expression. */
  static final String IS_ANY_CIRCUIT_OPEN = "EXISTS (SELECT 1 FROM circuits)";

  /** Of {@code w.beginning}: what follows in a key is a hash in hexadecimal digits, or nothing. */
  static final String BEGINS =
      "circuits.circuit >= w.beginning AND circuits.circuit < w.beginning || '~'";

  static final String OPEN_CIRCUIT =
      "INSERT INTO circuits ("
          + CIRCUIT_COLUMNS
          + """
          ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (circuit) DO UPDATE
          SET reach = excluded.reach, next_attempt_at = excluded.next_attempt_at,
              failures = excluded.failures, verdicts = excluded.verdicts,
              failing_since = excluded.failing_since, last_attempt_at = excluded.last_attempt_at,
              last_outcome = excluded.last_outcome, kind = excluded.kind, error = excluded.error,
              code = excluded.code, suberror = excluded.suberror, message = excluded.message
          """;

  static final String CLOSE_CIRCUIT = "DELETE FROM circuits WHERE circuit = ?";

  // alerts

  private static final String OPEN_ALERT_COLUMNS =
      "cause, since, raised_at, last_told_at, level, rung, subjects";

  static final String OPEN_ALERTS = "SELECT " + OPEN_ALERT_COLUMNS + " FROM open_alerts";

  static final String OPEN_ALERT_MARKS =
      OPEN_ALERTS.replace("rung, subjects", "rung, length(subjects)");

  static final String REMOVE_OPEN_ALERT = "DELETE FROM open_alerts WHERE cause = ?";

  static final String WRITE_OPEN_ALERT =
      "INSERT INTO open_alerts ("
          + OPEN_ALERT_COLUMNS
          + """
          ) VALUES (?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (cause) DO UPDATE
          SET since = excluded.since, raised_at = excluded.raised_at,
              last_told_at = excluded.last_told_at, level = excluded.level, rung = excluded.rung,
              subjects = excluded.subjects
          """;

  static final String INSERT_DELIVERY =
      """
      INSERT INTO deliveries (channel, cause, change, alert, attempts, next_attempt_at)
      VALUES (?, ?, ?, ?, 0, ?)
      """;

  private static final String SELECT_DELIVERY =
      "SELECT id, channel, alert, attempts, next_attempt_at, last_error FROM deliveries\n";

  /**
   * What comes after one that is in flight waits for its outcome: a recovery must not overtake what
   * it recovers from. An instant beyond the latest that there can be was written while the clock
   * was ahead. Parameters: channel; now and the latest attempt; now and the latest flight, twice.
   */
  static final String DUE_DELIVERY =
      SELECT_DELIVERY
          + """
          WHERE channel = ? AND (next_attempt_at <= ? OR next_attempt_at > ?)
            AND (taken_until IS NULL OR taken_until <= ? OR taken_until > ?)
            AND NOT EXISTS (SELECT 1 FROM deliveries older
                            WHERE older.channel = deliveries.channel
                              AND older.cause = deliveries.cause
                              AND older.id < deliveries.id
                              AND older.taken_until > ? AND older.taken_until <= ?)
          ORDER BY id LIMIT 1
          """;

  static final String TAKE_DELIVERY = "UPDATE deliveries SET taken_until = ? WHERE id = ?";

  static final String POSTPONE_DELIVERY =
      """
      UPDATE deliveries SET attempts = ?, next_attempt_at = ?, last_error = ?, taken_until = NULL
      WHERE id = ?
      """;

  static final String REMOVE_DELIVERY = "DELETE FROM deliveries WHERE id = ?";

  static final String DELIVERIES_OF_CAUSE =
      """
      SELECT id, change, taken_until FROM deliveries WHERE channel = ? AND cause = ? ORDER BY id
      """;

  static final String DELIVERIES_BY_CAUSE =
      "SELECT cause, id, change, taken_until FROM deliveries WHERE channel = ? ORDER BY id";

  static final String DELIVERIES_OF_CHANNEL = SELECT_DELIVERY + "WHERE channel = ? ORDER BY id";

  /** The oldest, as many as there are more than the parameter. */
  static final String DELIVERIES_BEYOND =
      SELECT_DELIVERY
          + """
          WHERE id <= (SELECT id FROM deliveries ORDER BY id DESC LIMIT 1 OFFSET ?) ORDER BY id
          """;

  static final String DELIVERY_CHANNELS =
      "SELECT channel FROM deliveries UNION SELECT channel FROM told_causes";

  static final String FIND_TOLD = "SELECT 1 FROM told_causes WHERE channel = ? AND cause = ?";

  static final String TOLD_THROUGH = "SELECT cause FROM told_causes WHERE channel = ?";

  static final String MARK_TOLD =
      "INSERT INTO told_causes (channel, cause) VALUES (?, ?) ON CONFLICT DO NOTHING";

  static final String FORGET_TOLD = "DELETE FROM told_causes WHERE channel = ? AND cause = ?";

  static final String FORGET_TOLD_THROUGH = "DELETE FROM told_causes WHERE channel = ?";

  // rotation log

  static final String LAST_LOGGED = "SELECT seq, hash FROM rotation_log ORDER BY seq DESC LIMIT 1";

  static final String LOG_COLUMNS =
      "seq, at, tenant, name, event, trigger, generation, issued_at, expires_at, duration,"
          + " http_status, kind, error, code, suberror, correlation_id, trace_id, message,"
          + " fingerprint, node, hash";

  /** As {@link RotationLog#rows} has them: last what a server refused with, and most rows lack. */
  static final String LOGGED_WELL =
      "seq, at, tenant, name, event, trigger, generation, issued_at, expires_at, duration,"
          + " http_status, correlation_id, trace_id, message, fingerprint, node, hash";

  /** How many those are. */
  static final int LOGGED_WELL_COLUMNS = LOGGED_WELL.split(",", -1).length;

  static final String LOGGED = LOGGED_WELL + ", kind, error, code, suberror";

  static final String INSERT_LOGGED =
      "INSERT INTO rotation_log ("
          + LOGGED
          + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private static final String SELECT_LOGGED =
      "SELECT "
          + LOG_COLUMNS
          + " FROM rotation_log\n"
          + """
          WHERE seq > :above AND seq <= :through AND at >= :since AND at <= :until
            AND event = coalesce(:event, event)
          """;

  /** Parameter: the number that it has at most. */
  static final String NEWEST_LOGGED =
      "SELECT seq FROM rotation_log WHERE seq <= ? ORDER BY seq DESC LIMIT 1";

  /** Parameter: the number that it is above. */
  static final String OLDEST_LOGGED =
      "SELECT seq FROM rotation_log WHERE seq > ? ORDER BY seq LIMIT 1";

  /** Parameters: the number before the first; the number of the last. */
  static final String LATEST_LOGGED =
      "SELECT max(at) FROM rotation_log WHERE seq > ? AND seq <= ? HAVING max(at) IS NOT NULL";

  static final String HASH_LOGGED = "SELECT hash FROM rotation_log WHERE seq = ?";

  /** Parameters: the number before the first, how many. */
  static final String LOGGED_AFTER =
      "SELECT " + LOG_COLUMNS + " FROM rotation_log WHERE seq > ? ORDER BY seq LIMIT ?";

  static String loggedOldestFirst(LogFilter filter) {
    return SELECT_LOGGED + filter.conditions() + "ORDER BY seq LIMIT :size";
  }

  static String loggedNewestFirst(LogFilter filter) {
    return SELECT_LOGGED + filter.conditions() + "ORDER BY seq DESC LIMIT :size";
  }

  /** The failed attempts, as {@link LogQuery#matches} has them. */
  static final String AND_FAILED =
      "  AND event IN ('" + Event.REFUSED.word() + "', '" + Event.UNREACHABLE.word() + "')\n";
}
