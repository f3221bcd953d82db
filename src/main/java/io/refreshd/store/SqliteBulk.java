package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Lease;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Several rows in one statement where that is quicker: SQLite itself runs in this process, but the
 * driver spends as much on a statement, and makes an object of the name of each column at each
 * query. To change several grants in one statement takes twice as long as one by one.
 */
final class SqliteBulk implements Bulk {

  /** A grant that nobody has, or that lease already: a transaction may be run again. */
  private static final ManyRows TAKE =
      new ManyRows(
          "INSERT INTO leases (tenant, name, lease, owner, until) VALUES ",
          5,
          """

          ON CONFLICT (tenant, name) DO UPDATE
          SET lease = excluded.lease, owner = excluded.owner, until = excluded.until,
              presented = NULL
          WHERE leases.until IS NULL OR leases.lease = excluded.lease
          """);

  /**
   * What is leased, and of a grant of which there is nothing else to tell, as of nearly every one,
   * what {@link SealedGrant#readWell} reads. Rows: a number, tenant, name, lease.
   */
  private static final ManyRows READ =
      new ManyRows(
          "WITH w (no, tenant, name, lease) AS (VALUES ",
          4,
          """
          )
          SELECT w.no, CIRCUIT, g.current,
                 g.failures = 0 AND g.verdicts = 0
                   AND coalesce(g.failing_since, g.kind, g.message, g.issue_code, g.sign_in_code,
                                l.presented, l.unanswered) IS NULL,
                 g.current, g.fingerprint, g.issued_at, g.expires_at, g.signed_in_at,
                 g.next_attempt_at, g.identity_tenant, g.identity_subject, g.last_attempt_at,
                 g.last_outcome, g.token
          FROM w
          CROSS JOIN leases l ON l.tenant = w.tenant AND l.name = w.name AND l.lease = w.lease
          LEFT JOIN grants g ON g.tenant = w.tenant AND g.name = w.name
          """
              .replace("CIRCUIT", Sql.IS_ANY_CIRCUIT_OPEN));

  private static final ManyRows LOG =
      new ManyRows(
          "INSERT INTO rotation_log (" + Sql.LOGGED_WELL + ") VALUES ",
          Sql.LOGGED_WELL_COLUMNS,
          "");

  /**
   * What is current becomes the previous generation. Parameters: as {@link Generations#usual} has
   * them; the sealed token.
   */
  private static final String MOVE_ON =
      """
      UPDATE grants
      SET previous = current, previous_fingerprint = fingerprint,
          previous_issued_at = issued_at, previous_expires_at = expires_at,
          current = ?1, fingerprint = ?2, issued_at = ?3, expires_at = ?4, signed_in_at = ?5,
          next_attempt_at = ?6, identity_tenant = ?7, identity_subject = ?8, failures = 0,
          verdicts = 0, failing_since = NULL, last_attempt_at = ?9, last_outcome = ?10,
          previous_token = token, token = ?15,
          issue_code = NULL, issue_learned_at = NULL, issue_limit = NULL,
          sign_in_code = NULL, sign_in_learned_at = NULL, sign_in_limit = NULL,
          kind = NULL, error = NULL, code = NULL, suberror = NULL, message = NULL
      WHERE tenant = ?11 AND name = ?12 AND current = ?13
        AND fingerprint = coalesce(?14, fingerprint)
      """;

  /** The same, with what was learned as further parameters. */
  private static final String MOVE_ON_TAUGHT =
      MOVE_ON
          .replace(
              "issue_code = NULL, issue_learned_at = NULL, issue_limit = NULL",
              "issue_code = ?16, issue_learned_at = ?17, issue_limit = ?18")
          .replace(
              "sign_in_code = NULL, sign_in_learned_at = NULL, sign_in_limit = NULL",
              "sign_in_code = ?19, sign_in_learned_at = ?20, sign_in_limit = ?21");

  @Override
  public Done all(Statements on, Asked asked) throws SQLException {
    return new Done(
        moveOn(on, asked.moves()),
        take(on, asked.takes()),
        asked.locksLog() ? lockLog(on) : null,
        false);
  }

  private static List<@Nullable Seen> take(Statements on, List<Take> takes) throws SQLException {
    List<@Nullable Seen> seen = new ArrayList<>(Collections.nCopies(takes.size(), null));
    if (takes.isEmpty()) {
      return seen;
    }
    List<@Nullable Object[]> taken = new ArrayList<>(takes.size());
    List<@Nullable Object[]> asked = new ArrayList<>(takes.size());
    for (Take take : takes) {
      GrantName grant = take.terms().grant();
      String lease = take.lease().id();
      Object[] row = {
        grant.tenant(), grant.name(), lease, take.owner(), Micros.of(take.terms().until())
      };
      if (take.terms().marksPresented()) {
        takeMarked(on, row);
      } else {
        taken.add(row);
      }
      asked.add(new Object[] {asked.size(), grant.tenant(), grant.name(), lease});
    }
    TAKE.update(on, taken);
    List<Integer> others = new ArrayList<>();
    READ.ask(
        on,
        asked,
        row -> {
          int no = row.integer();
          boolean isAnyCircuitOpen = row.flag();
          boolean isThere = row.findInteger() != null;
          boolean isWell = row.flag();
          GrantName grant = takes.get(no).terms().grant();
          SealedGrant well = isWell ? SealedGrant.readWell(grant, row) : null;
          seen.set(no, new Seen(well, isAnyCircuitOpen));
          if (isThere && !isWell) {
            others.add(no);
          }
        });
    for (int no : others) {
      GrantName name = takes.get(no).terms().grant();
      SealedGrant grant =
          on.first(Sql.FIND_LEASED, SealedGrant::read, name.tenant(), name.name()).orElseThrow();
      seen.set(no, new Seen(grant, Objects.requireNonNull(seen.get(no)).isAnyCircuitOpen()));
    }
    return seen;
  }

  private static void takeMarked(Statements on, Object[] row) throws SQLException {
    List<Object> values = new ArrayList<>(Arrays.asList(row));
    values.addAll(Arrays.asList(row).subList(0, 2));
    on.update(SqliteSql.LEASE_MARKED, values.toArray());
  }

  private static List<Boolean> moveOn(Statements on, List<Move> moves) throws SQLException {
    List<Boolean> moved = new ArrayList<>(moves.size());
    if (moves.isEmpty()) {
      return moved;
    }
    int key = StoreKey.get(on).number();
    for (Move move : moves) {
      moved.add(isMoved(on, key, move));
    }
    return moved;
  }

  private static boolean isMoved(Statements on, int key, Move move) throws SQLException {
    byte[] token = move.sealed().apply(key).bytes();
    int moved =
        move.isTaught()
            ? on.update(MOVE_ON_TAUGHT, move.rowTaught(token))
            : on.update(MOVE_ON, move.rowWith(token));
    Lease lease = move.lease();
    on.update(Sql.END_LEASE, lease.grant().tenant(), lease.grant().name(), lease.id());
    return moved == 1;
  }

  /** Puts rows into the rotation log. */
  static void log(Statements on, List<@Nullable Object[]> rows) throws SQLException {
    List<@Nullable Object[]> well = new ArrayList<>(rows.size());
    for (@Nullable Object[] row : rows) {
      if (RotationLog.isWell(row)) {
        well.add(row);
      } else {
        on.update(Sql.INSERT_LOGGED, row);
      }
    }
    LOG.update(on, well);
  }

  @Override
  public LogHead lockLog(Statements on) throws SQLException {
    return on.first(Sql.LAST_LOGGED, LogHead::read).orElse(LogHead.START);
  }
}
