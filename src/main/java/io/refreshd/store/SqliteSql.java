package io.refreshd.store;

/** Every statement that the store runs, in the SQL of SQLite. */
final class SqliteSql {

  // transactions

  static final String BEGIN = "BEGIN IMMEDIATE";
  static final String COMMIT = "COMMIT";
  static final String ROLLBACK = "ROLLBACK";

  /** In WAL mode: a commit is durable when it returns. */
  static final String DURABLE = "PRAGMA synchronous = FULL";

  /** In WAL mode: a power cut may undo the newest commits, never tear one. */
  static final String NOT_DURABLE = "PRAGMA synchronous = NORMAL";

  // the sealing key

  static final String FIND_STORE_KEY =
      "SELECT primary_key, key_check FROM meta WHERE primary_key IS NOT NULL";

  static final String SET_STORE_KEY = "UPDATE meta SET primary_key = ?, key_check = ?";

  /** Parameters: the first five bytes of what the primary key sealed, how many. */
  static final String FIND_SEALED_OTHERWISE =
      """
      SELECT g.id, g.tenant, g.name, g.current, t.current, 0
      FROM tokens t JOIN grants g ON g.id = t.grant_id
      WHERE substr(t.current, 1, 5) <> ?1
      UNION ALL
      SELECT g.id, g.tenant, g.name, g.previous, t.previous, 1
      FROM tokens t JOIN grants g ON g.id = t.grant_id
      WHERE substr(t.previous, 1, 5) <> ?1
      LIMIT ?2
      """;

  static final String RESEAL_CURRENT = "UPDATE tokens SET current = ? WHERE grant_id = ?";

  static final String RESEAL_PREVIOUS = "UPDATE tokens SET previous = ? WHERE grant_id = ?";

  // leases

  /** A grant that nobody has. Parameter six: whether to mark the current generation. */
  static final String LEASE_FREE =
      """
      INSERT INTO leases (tenant, name, lease, owner, until, presented)
      VALUES (?1, ?2, ?3, ?4, ?5,
              CASE WHEN ?6 THEN (SELECT current FROM grants WHERE tenant = ?1 AND name = ?2) END)
      ON CONFLICT (tenant, name) DO UPDATE
      SET lease = excluded.lease, owner = excluded.owner, until = excluded.until,
          presented = excluded.presented
      WHERE until IS NULL
      """;

  /** A grant whose lease has ended without an outcome: its mark is left over. */
  static final String LEASE_ENDED =
      """
      UPDATE leases
      SET lease = ?3, owner = ?4, until = ?5,
          unanswered = coalesce(presented, unanswered),
          presented = CASE WHEN ?6
                      THEN (SELECT current FROM grants WHERE tenant = ?1 AND name = ?2) END
      WHERE tenant = ?1 AND name = ?2 AND until <= ?7
      """;

  static final String FIND_ENDED_LEASE =
      "SELECT 1 FROM leases WHERE tenant = ? AND name = ? AND until <= ?";

  /** The outcome is written: the lease is over, and its marks with it. */
  static final String END_LEASE = "DELETE FROM leases WHERE tenant = ? AND name = ? AND lease = ?";

  /** Nothing was done under it: its own mark goes, one left over from before stays. */
  static final String RELEASE_MARKED =
      """
      UPDATE leases SET lease = NULL, owner = NULL, until = NULL, presented = NULL
      WHERE tenant = ? AND name = ? AND lease = ? AND unanswered IS NOT NULL
      """;

  static final String END_LEASES_OF =
      "UPDATE leases SET until = ?1 WHERE owner = ?2 AND until > ?1";

  // grants

  private static final String SELECT_RECORD =
      """
      SELECT g.tenant, g.name, g.current, g.fingerprint, g.issued_at, g.expires_at,
             g.signed_in_at, g.next_attempt_at, g.identity_tenant, g.identity_subject,
             g.issue_code, g.issue_learned_at, g.issue_limit,
             g.sign_in_code, g.sign_in_learned_at, g.sign_in_limit,
             g.failures, g.verdicts, g.failing_since, g.last_attempt_at, g.last_outcome,
             g.kind, g.error, g.code, g.suberror, g.message,
             coalesce(l.unanswered = g.current, 0)
               OR coalesce(l.presented = g.current AND l.until <= ?, 0)
      """;

  private static final String FROM_GRANTS =
      """
      FROM grants g
      LEFT JOIN leases l ON l.tenant = g.tenant AND l.name = g.name
      """;

  static final String FIND_RECORD =
      SELECT_RECORD + FROM_GRANTS + "WHERE g.tenant = ? AND g.name = ?";

  static final String FIND_WITH_TOKENS =
      SELECT_RECORD
          + ", t.current, g.previous, t.previous, g.previous_issued_at, g.previous_expires_at\n"
          + FROM_GRANTS
          + "JOIN tokens t ON t.grant_id = g.id\nWHERE g.tenant = ? AND g.name = ?";

  static final String RECORDS = SELECT_RECORD + FROM_GRANTS + "ORDER BY g.tenant, g.name";

  static final String RECORDS_OF_TENANT =
      SELECT_RECORD + FROM_GRANTS + "WHERE g.tenant = ? ORDER BY g.next_attempt_at, g.name";

  static final String INSERT_GRANT =
      """
      INSERT INTO grants (current, fingerprint, issued_at, expires_at, previous,
                          previous_fingerprint, previous_issued_at, previous_expires_at,
                          signed_in_at, next_attempt_at, identity_tenant, identity_subject,
                          failures, verdicts, last_attempt_at, last_outcome, issue_code,
                          issue_learned_at, issue_limit, sign_in_code, sign_in_learned_at,
                          sign_in_limit, tenant, name)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING
      RETURNING id
      """;

  static final String ADVANCE_GRANT =
      """
      UPDATE grants
      SET current = ?, fingerprint = ?, issued_at = ?, expires_at = ?, previous = ?,
          previous_fingerprint = ?, previous_issued_at = ?, previous_expires_at = ?,
          signed_in_at = ?, next_attempt_at = ?, identity_tenant = ?, identity_subject = ?,
          failures = 0, verdicts = 0, failing_since = NULL, last_attempt_at = ?, last_outcome = ?,
          issue_code = ?, issue_learned_at = ?, issue_limit = ?, sign_in_code = ?,
          sign_in_learned_at = ?, sign_in_limit = ?, kind = NULL, error = NULL,
          code = NULL, suberror = NULL, message = NULL
      WHERE tenant = ? AND name = ? AND current = ?
      RETURNING id
      """;

  static final String INSERT_TOKENS =
      "INSERT INTO tokens (current, previous, grant_id) VALUES (?, ?, ?)";

  /** The current token becomes the previous one. */
  static final String SHIFT_TOKENS =
      "UPDATE tokens SET previous = current, current = ? WHERE grant_id = ?";

  static final String REPLACE_TOKENS =
      "UPDATE tokens SET current = ?, previous = ? WHERE grant_id = ?";

  static final String FIND_GENERATION =
      """
      SELECT 1 FROM grants
      WHERE tenant = ?1 AND name = ?2
        AND (current = ?3 AND fingerprint = ?4 OR previous = ?3 AND previous_fingerprint = ?4)
      """;

  static final String RECORD_ATTEMPT =
      """
      UPDATE grants
      SET next_attempt_at = ?, issued_at = ?, expires_at = ?, signed_in_at = ?, issue_code = ?,
          issue_learned_at = ?, issue_limit = ?, sign_in_code = ?, sign_in_learned_at = ?,
          sign_in_limit = ?, failures = ?, verdicts = ?, failing_since = ?, last_attempt_at = ?,
          last_outcome = ?, kind = ?, error = ?, code = ?, suberror = ?, message = ?
      WHERE tenant = ? AND name = ? AND current = ?
      """;

  static final String REMOVE_TOKENS =
      "DELETE FROM tokens WHERE grant_id = (SELECT id FROM grants WHERE tenant = ? AND name = ?)";

  static final String REMOVE_GRANT = "DELETE FROM grants WHERE tenant = ? AND name = ?";

  // circuits

  private static final String CIRCUIT_COLUMNS =
      "circuit, reach, next_attempt_at, failures, verdicts, failing_since, last_attempt_at,"
          + " last_outcome, kind, error, code, suberror, message";

  static final String CIRCUITS = "SELECT " + CIRCUIT_COLUMNS + " FROM circuits";

  static final String OPEN_CIRCUIT =
      "INSERT OR REPLACE INTO circuits ("
          + CIRCUIT_COLUMNS
          + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  static final String CLOSE_CIRCUIT = "DELETE FROM circuits WHERE circuit = ?";

  // alerts

  private static final String OPEN_ALERT_COLUMNS =
      "cause, since, raised_at, last_told_at, level, rung, subjects";

  static final String OPEN_ALERTS = "SELECT " + OPEN_ALERT_COLUMNS + " FROM open_alerts";

  static final String REMOVE_OPEN_ALERTS = "DELETE FROM open_alerts";

  static final String INSERT_OPEN_ALERT =
      "INSERT INTO open_alerts (" + OPEN_ALERT_COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?)";

  static final String INSERT_DELIVERY =
      """
      INSERT INTO deliveries (channel, cause, change, alert, attempts, next_attempt_at)
      VALUES (?, ?, ?, ?, 0, ?)
      """;

  private static final String SELECT_DELIVERY =
      "SELECT id, channel, alert, attempts, next_attempt_at, last_error FROM deliveries\n";

  static final String DUE_DELIVERY =
      SELECT_DELIVERY
          + """
      WHERE channel = ?1 AND next_attempt_at <= ?2 AND coalesce(taken_until <= ?2, 1)
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

  static final String DELIVERIES_OF_CHANNEL = SELECT_DELIVERY + "WHERE channel = ? ORDER BY id";

  /** The oldest, as many as there are more than the parameter. */
  static final String DELIVERIES_BEYOND =
      SELECT_DELIVERY
          + """
      ORDER BY id LIMIT max(0, (SELECT count(*) FROM deliveries) - ?)
      """;

  static final String DELIVERY_CHANNELS =
      "SELECT channel FROM deliveries UNION SELECT channel FROM told_causes";

  static final String FIND_TOLD = "SELECT 1 FROM told_causes WHERE channel = ? AND cause = ?";

  static final String MARK_TOLD =
      "INSERT INTO told_causes (channel, cause) VALUES (?, ?) ON CONFLICT DO NOTHING";

  static final String FORGET_TOLD = "DELETE FROM told_causes WHERE channel = ? AND cause = ?";

  static final String FORGET_TOLD_THROUGH = "DELETE FROM told_causes WHERE channel = ?";

  // rotation log

  static final String LAST_LOGGED = "SELECT seq, hash FROM rotation_log ORDER BY seq DESC LIMIT 1";

  private static final String LOG_COLUMNS =
      "seq, at, tenant, name, event, trigger, generation, issued_at, expires_at, duration,"
          + " http_status, kind, error, code, suberror, correlation_id, trace_id, message,"
          + " fingerprint, hash";

  static final String INSERT_LOGGED =
      "INSERT INTO rotation_log ("
          + LOG_COLUMNS
          + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private static final String SELECT_LOGGED =
      "SELECT "
          + LOG_COLUMNS
          + " FROM rotation_log\n"
          + """
      WHERE seq > :above AND seq < :below
        AND (:since IS NULL OR at >= :since) AND (:until IS NULL OR at <= :until)
        AND (:event IS NULL OR event = :event)
      """;

  static final String HASH_LOGGED = "SELECT hash FROM rotation_log WHERE seq = ?";

  /** Parameters: the number before the first, how many. */
  static final String LOGGED_AFTER =
      "SELECT " + LOG_COLUMNS + " FROM rotation_log WHERE seq > ? ORDER BY seq LIMIT ?";

  static final String LOGGED_OLDEST_FIRST = SELECT_LOGGED + "ORDER BY seq LIMIT :page";

  static final String LOGGED_NEWEST_FIRST = SELECT_LOGGED + "ORDER BY seq DESC LIMIT :page";

  private SqliteSql() {}
}
