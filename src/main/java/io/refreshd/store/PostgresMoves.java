package io.refreshd.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Grants of PostgreSQL that are moved on together. */
final class PostgresMoves {

  private static final Rows MOVES =
      new Rows(
          "current int4, fingerprint text, issued_at int8, expires_at int8, previous int4,"
              + " previous_fingerprint text, previous_issued_at int8, previous_expires_at int8,"
              + " signed_in_at int8, next_attempt_at int8, identity_tenant text,"
              + " identity_subject text, last_attempt_at int8, last_outcome text, issue_code text,"
              + " issue_learned_at int8, issue_limit int8, sign_in_code text,"
              + " sign_in_learned_at int8, sign_in_limit int8, tenant text, name text,"
              + " expected int4, lease text, key int4, no int4, token bytea");

  /**
   * As every reader of the key it holds the table, so whoever changes the key waits for the end.
   */
  private static final String KEY = "SELECT primary_key FROM meta WHERE primary_key IS NOT NULL";

  private static final String MOVE_ON =
      """
      WITH w AS MATERIALIZED (SELECT * FROM %s),
      moved AS (
        UPDATE grants g
        SET current = w.current, fingerprint = w.fingerprint, issued_at = w.issued_at,
            expires_at = w.expires_at, previous = w.previous,
            previous_fingerprint = w.previous_fingerprint,
            previous_issued_at = w.previous_issued_at,
            previous_expires_at = w.previous_expires_at, signed_in_at = w.signed_in_at,
            next_attempt_at = w.next_attempt_at, identity_tenant = w.identity_tenant,
            identity_subject = w.identity_subject, failures = 0, verdicts = 0,
            failing_since = NULL, last_attempt_at = w.last_attempt_at,
            last_outcome = w.last_outcome, issue_code = w.issue_code,
            issue_learned_at = w.issue_learned_at, issue_limit = w.issue_limit,
            sign_in_code = w.sign_in_code, sign_in_learned_at = w.sign_in_learned_at,
            sign_in_limit = w.sign_in_limit, kind = NULL, error = NULL, code = NULL,
            suberror = NULL, message = NULL
        FROM w
        WHERE g.tenant = w.tenant AND g.name = w.name AND g.current = w.expected
          AND w.key = (SELECT primary_key FROM meta WHERE primary_key IS NOT NULL)
        RETURNING g.id, w.no, w.token
      ),
      shifted AS (
        UPDATE tokens t SET previous = t.current, current = moved.token
        FROM moved WHERE t.grant_id = moved.id
      ),
      ended AS (
        DELETE FROM leases l USING w
        WHERE l.tenant = w.tenant AND l.name = w.name AND l.lease = w.lease
      )
      SELECT no FROM moved
      """
          .replace("%s", MOVES.toString());

  private final List<Bulk.Move> moves;
  private final List<Boolean> moved;
  private @Nullable Integer key;

  PostgresMoves(List<Bulk.Move> moves) {
    this.moves = moves;
    this.moved = new ArrayList<>(Collections.nCopies(moves.size(), false));
  }

  void addTo(RoundTrip all, Statements on) throws SQLException {
    if (!moves.isEmpty()) {
      all.asking(KEY, row -> key = row.integer());
      List<Integer> places = PostgresBulk.places(moves, move -> move.commit().grant());
      List<@Nullable Object[]> rows = new ArrayList<>();
      for (int no : places) {
        rows.add(row(no, moves.get(no).key()));
      }
      move(all, on, rows);
    }
  }

  private void move(RoundTrip all, Statements on, List<@Nullable Object[]> rows)
      throws SQLException {
    all.asking(MOVE_ON, row -> moved.set(row.integer(), true), MOVES.columns(on, rows));
  }

  private @Nullable Object[] row(int no, int by) {
    Bulk.Move move = moves.get(no);
    @Nullable Object[] values = Generations.values(move.commit());
    @Nullable Object[] row = Arrays.copyOf(values, values.length + 4);
    row[values.length] = move.lease().id();
    row[values.length + 1] = by;
    row[values.length + 2] = no;
    row[values.length + 3] = move.sealed().apply(by).bytes();
    return row;
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
    for (int no : PostgresBulk.places(moves, move -> move.commit().grant())) {
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
