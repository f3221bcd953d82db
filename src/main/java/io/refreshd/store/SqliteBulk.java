package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Circuit;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Row by row: SQLite runs in this process, a statement more costs it next to nothing. */
final class SqliteBulk implements Bulk {

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
    return on.first(Sql.FIND_WITH_TOKENS, SealedGrant::read, Leases.findLeased(take.terms()))
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
    Optional<Long> grant =
        on.first(Sql.ADVANCE_GRANT, Columns::number, Generations.values(move.commit()));
    if (grant.isPresent()) {
      on.update(Sql.SHIFT_TOKENS, move.sealed().apply(key).bytes(), grant.get());
    }
    GrantName name = move.lease().grant();
    on.update(Sql.END_LEASE, name.tenant(), name.name(), move.lease().id());
    return grant.isPresent();
  }

  @Override
  public LogHead lockLog(Statements on) throws SQLException {
    return on.first(Sql.LAST_LOGGED, LogHead::read).orElse(LogHead.START);
  }
}
