package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Circuit;
import io.refreshd.rotation.Commit;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Row by row: SQLite runs in this process, a statement more costs it next to nothing. */
final class SqliteBulk implements Bulk {

  /**
   * What {@link SealedGrant#readWell} reads: of a grant of which there is nothing else to tell, as
   * of nearly every one. The driver makes an object of the name of each column, at each query.
   * Parameters: tenant, name.
   */
  private static final String FIND_WELL =
      """
      SELECT g.current, g.fingerprint, g.issued_at, g.expires_at, g.signed_in_at,
             g.next_attempt_at, g.identity_tenant, g.identity_subject, g.last_attempt_at,
             g.last_outcome,\s"""
          + Sql.TOKEN_COLUMNS
          + """

      FROM grants g
      JOIN tokens t ON t.grant_id = g.id
      LEFT JOIN leases l ON l.tenant = g.tenant AND l.name = g.name
      WHERE g.tenant = ? AND g.name = ? AND g.failures = 0 AND g.verdicts = 0
        AND coalesce(g.failing_since, g.kind, g.message, g.issue_code, g.sign_in_code,
                     l.presented, l.unanswered) IS NULL
      """;

  /**
   * What is current becomes the previous generation. Parameters: as {@link Generations#addUsual}
   * has them; what was learned; tenant, name, the generation that is expected to be current.
   */
  private static final String MOVE_ON =
      """
      UPDATE grants
      SET previous = current, previous_fingerprint = fingerprint,
          previous_issued_at = issued_at, previous_expires_at = expires_at,
          current = ?, fingerprint = ?, issued_at = ?, expires_at = ?, signed_in_at = ?,
          next_attempt_at = ?, identity_tenant = ?, identity_subject = ?, failures = 0,
          verdicts = 0, failing_since = NULL, last_attempt_at = ?, last_outcome = ?,
          issue_code = ?, issue_learned_at = ?, issue_limit = ?, sign_in_code = ?,
          sign_in_learned_at = ?, sign_in_limit = ?, kind = NULL, error = NULL, code = NULL,
          suberror = NULL, message = NULL
      WHERE tenant = ? AND name = ? AND current = ?
      RETURNING id
      """;

  @Override
  public Done all(Statements on, Asked asked) throws SQLException {
    return new Done(
        moveOn(on, asked.moves()),
        take(on, asked.takes()),
        asked.locksLog() ? lockLog(on) : null,
        false);
  }

  private static List<@Nullable Seen> take(Statements on, List<Take> takes) throws SQLException {
    List<@Nullable Seen> seen = new ArrayList<>(takes.size());
    if (!takes.isEmpty()) {
      List<Circuit> circuits = on.list(Sql.CIRCUITS, CircuitRows::circuit);
      for (Take take : takes) {
        seen.add(isTaken(on, take) ? new Seen(find(on, take), circuits) : null);
      }
    }
    return seen;
  }

  private static boolean isTaken(Statements on, Take take) throws SQLException {
    GrantName grant = take.terms().grant();
    return on.update(
            SqliteSql.LEASE_FREE,
            grant.tenant(),
            grant.name(),
            take.lease().id(),
            take.owner(),
            Micros.of(take.terms().until()),
            take.terms().marksPresented(),
            grant.tenant(),
            grant.name())
        == 1;
  }

  private static @Nullable SealedGrant find(Statements on, Take take) throws SQLException {
    GrantName grant = take.terms().grant();
    Optional<SealedGrant> well =
        on.first(FIND_WELL, row -> SealedGrant.readWell(grant, row), grant.tenant(), grant.name());
    return well.isPresent()
        ? well.get()
        : on.first(Sql.FIND_WITH_TOKENS, SealedGrant::read, Leases.findLeased(take.terms()))
            .orElse(null);
  }

  private static List<Boolean> moveOn(Statements on, List<Move> moves) throws SQLException {
    List<Boolean> moved = new ArrayList<>(moves.size());
    if (!moves.isEmpty()) {
      int key = StoreKey.get(on).number();
      for (Move move : moves) {
        moved.add(isMoved(on, key, move));
      }
    }
    return moved;
  }

  private static boolean isMoved(Statements on, int key, Move move) throws SQLException {
    Optional<Long> grant = on.first(MOVE_ON, Columns::number, values(move.commit()));
    if (grant.isPresent()) {
      on.update(Sql.SHIFT_TOKENS, move.sealed().apply(key).bytes(), grant.get());
    }
    GrantName name = move.lease().grant();
    on.update(Sql.END_LEASE, name.tenant(), name.name(), move.lease().id());
    return grant.isPresent();
  }

  private static @Nullable Object[] values(Commit commit) {
    List<@Nullable Object> values = new ArrayList<>();
    Generations.addUsual(values, commit);
    GrantRows.addTo(values, commit.learned());
    values.add(commit.grant().tenant());
    values.add(commit.grant().name());
    values.add(commit.expected());
    return values.toArray();
  }

  @Override
  public LogHead lockLog(Statements on) throws SQLException {
    return on.first(Sql.LAST_LOGGED, LogHead::read).orElse(LogHead.START);
  }
}
