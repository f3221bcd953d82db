package io.refreshd.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Grants of PostgreSQL that are moved on together. */
final class PostgresMoves {

  private static final String COLUMNS =
      "current int4, fingerprint text, issued_at int8, expires_at int8, signed_in_at int8,"
          + " next_attempt_at int8, identity_tenant text, identity_subject text,"
          + " last_attempt_at int8, last_outcome text, tenant text, name text, expected int4,"
          + " expected_fingerprint text, lease text, key int4, no int4, token bytea";

  private static final Rows MOVES = new Rows(COLUMNS);

  private static final Rows LEARNED_MOVES =
      new Rows(
          COLUMNS
              + ", issue_code text, issue_learned_at int8, issue_limit int8, sign_in_code text,"
              + " sign_in_learned_at int8, sign_in_limit int8");

  /**
   * As every reader of the key it holds the table, so whoever changes the key waits for the end.
   */
  private static final String KEY = "SELECT primary_key FROM meta WHERE primary_key IS NOT NULL";

  /** What is current there becomes the previous one. */
  private static final String MOVE_ON =
      """
      WITH w AS MATERIALIZED (SELECT * FROM ROWS),
      moved AS (
        UPDATE grants g
        SET current = w.current, fingerprint = w.fingerprint, issued_at = w.issued_at,
            expires_at = w.expires_at, previous = g.current,
            previous_fingerprint = g.fingerprint, previous_issued_at = g.issued_at,
            previous_expires_at = g.expires_at, signed_in_at = w.signed_in_at,
            next_attempt_at = w.next_attempt_at, identity_tenant = w.identity_tenant,
            identity_subject = w.identity_subject, failures = 0, verdicts = 0,
            failing_since = NULL, last_attempt_at = w.last_attempt_at,
            last_outcome = w.last_outcome, LEARNED, kind = NULL, error = NULL, code = NULL,
            suberror = NULL, message = NULL, previous_token = g.token, token = w.token
        FROM w
        WHERE g.tenant = w.tenant AND g.name = w.name AND g.current = w.expected
          AND g.fingerprint = coalesce(w.expected_fingerprint, g.fingerprint)
          AND w.key = (SELECT primary_key FROM meta WHERE primary_key IS NOT NULL)
        RETURNING w.no
      ),
      ended AS (
        DELETE FROM leases l USING w
        WHERE l.tenant = w.tenant AND l.name = w.name AND l.lease = w.lease
      )
      SELECT no FROM moved
      """;

  /** Nearly always nothing was learned, and each column less of so many is felt. */
  private static final String MOVE_ON_UNTAUGHT =
      moveOn(
          MOVES,
          "issue_code = NULL, issue_learned_at = NULL, issue_limit = NULL,"
              + " sign_in_code = NULL, sign_in_learned_at = NULL, sign_in_limit = NULL");

  private static final String MOVE_ON_TAUGHT =
      moveOn(
          LEARNED_MOVES,
          "issue_code = w.issue_code, issue_learned_at = w.issue_learned_at,"
              + " issue_limit = w.issue_limit, sign_in_code = w.sign_in_code,"
              + " sign_in_learned_at = w.sign_in_learned_at, sign_in_limit = w.sign_in_limit");

  private final List<Bulk.Move> moves;
  private final List<Boolean> moved;
  private @Nullable Integer key;

  PostgresMoves(List<Bulk.Move> moves) {
    this.moves = moves;
    this.moved = new ArrayList<>(Collections.nCopies(moves.size(), false));
  }

  private static String moveOn(Rows rows, String learned) {
    return MOVE_ON.replace("ROWS", rows.toString()).replace("LEARNED", learned);
  }

  void addTo(RoundTrip all, Statements on) throws SQLException {
    if (!moves.isEmpty()) {
      all.asking(KEY, row -> key = row.integer());
      List<@Nullable Object[]> rows = new ArrayList<>();
      for (int no : PostgresBulk.places(moves, Bulk.Move::grant)) {
        rows.add(row(no, moves.get(no).key()));
      }
      move(all, on, rows);
    }
  }

  private void move(RoundTrip all, Statements on, List<@Nullable Object[]> rows)
      throws SQLException {
    boolean taught = moves.stream().anyMatch(Bulk.Move::isTaught);
    all.asking(
        taught ? MOVE_ON_TAUGHT : MOVE_ON_UNTAUGHT,
        row -> moved.set(row.integer(), true),
        (taught ? LEARNED_MOVES : MOVES).columns(on, rows));
  }

  private @Nullable Object[] row(int no, int by) {
    Bulk.Move move = moves.get(no);
    byte[] token = move.sealed().apply(by).bytes();
    return move.rowTaught(move.lease().id(), by, no, token);
  }

  /**
   * For each whether it moved, once those did as well that were not sealed with the store's key.
   */
  List<Boolean> done(Statements on) throws SQLException {
    if (moves.isEmpty()) {
      return moved;
    }
    Integer known = key;
    if (known == null) {
      throw StoreKey.lost();
    }
    List<@Nullable Object[]> others = new ArrayList<>();
    for (int no : PostgresBulk.places(moves, Bulk.Move::grant)) {
      if (moves.get(no).key() != known) {
        others.add(row(no, known));
      }
    }
    if (!others.isEmpty()) {
      RoundTrip again = new RoundTrip();
      move(again, on, others);
      again.run(on);
    }
    return moved;
  }
}
