package io.refreshd.store;

import java.util.List;
import java.util.Locale;

/** The tables of a store, with every column, for who takes a store as a whole. */
enum StoreTable {
  GRANTS(
      "tenant, name",
      "tenant, name, current, fingerprint, issued_at, expires_at, signed_in_at, next_attempt_at,"
          + " identity_tenant, identity_subject, previous, previous_fingerprint,"
          + " previous_issued_at, previous_expires_at, failures, verdicts, failing_since,"
          + " last_attempt_at, last_outcome, kind, error, code, suberror, message, issue_code,"
          + " issue_learned_at, issue_limit, sign_in_code, sign_in_learned_at, sign_in_limit,"
          + " token, previous_token"),
  LEASES("tenant, name", "tenant, name, lease, owner, until, presented, unanswered"),
  CIRCUITS(
      "circuit",
      "circuit, reach, next_attempt_at, failures, verdicts, failing_since, last_attempt_at,"
          + " last_outcome, kind, error, code, suberror, message"),
  OPEN_ALERTS("cause", "cause, since, raised_at, last_told_at, level, rung, subjects"),
  DELIVERIES(
      "id",
      "id, channel, cause, change, alert, attempts, next_attempt_at, taken_until, last_error"),
  TOLD_CAUSES("channel, cause", "channel, cause"),
  ROTATION_LOG(
      "seq",
      "seq, at, tenant, name, event, trigger, generation, issued_at, expires_at, duration,"
          + " http_status, kind, error, code, suberror, correlation_id, trace_id, message,"
          + " fingerprint, node, hash"),
  /** One row that is always there. */
  META("id", "id, primary_key, key_check");

  private final String order;
  private final String columns;

  StoreTable(String order, String columns) {
    this.order = order;
    this.columns = columns;
  }

  String table() {
    return name().toLowerCase(Locale.ROOT);
  }

  List<String> columns() {
    return List.of(columns.split(", "));
  }

  /** Every row, in an order that is the same in every database. */
  String select() {
    return "SELECT " + columns + " FROM " + table() + " ORDER BY " + order;
  }

  String insert() {
    String places = "?, ".repeat(columns().size() - 1) + "?";
    return "INSERT INTO " + table() + " (" + columns + ") VALUES (" + places + ")";
  }

  String delete() {
    return "DELETE FROM " + table();
  }
}
