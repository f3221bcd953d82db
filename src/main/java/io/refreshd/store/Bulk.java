package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Commit;
import io.refreshd.rotation.Learned;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.LeaseTerms;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What every rotation writes, for as many of them as share a transaction: each database has its own
 * quickest way.
 */
interface Bulk {

  /** A grant to be leased, if nobody has it, and to be read then. */
  record Take(LeaseTerms terms, Lease lease, String owner) {}

  /**
   * A grant to be moved on: if its current generation is the expected one, that becomes the
   * previous one. Its lease ends in any case.
   *
   * @param row what it writes but for the token, as {@link Generations#usual} has it, made by who
   *     asks for it: the writer's time is dear
   * @param sealed the new token, sealed with the key of a number
   * @param key the number of the key that probably seals the store
   */
  record Move(
      Commit commit, List<@Nullable Object> row, IntFunction<Sealed> sealed, int key, Lease lease) {

    static Move of(Commit commit, IntFunction<Sealed> sealed, int key, Lease lease) {
      return new Move(commit, Generations.usual(commit), sealed, key, lease);
    }

    GrantName grant() {
      return commit.grant();
    }

    /** What it writes, with more behind it. */
    @Nullable Object[] rowWith(@Nullable Object... more) {
      @Nullable Object[] whole = row.toArray(new @Nullable Object[row.size() + more.length]);
      System.arraycopy(more, 0, whole, row.size(), more.length);
      return whole;
    }

    /** The same, with what was learned at the end. */
    @Nullable Object[] rowTaught(@Nullable Object... more) {
      List<@Nullable Object> whole = new ArrayList<>(Arrays.asList(rowWith(more)));
      GrantRows.addTo(whole, commit.learned());
      return whole.toArray();
    }

    /** Whether something was learned of the grant's clocks: nearly always nothing was. */
    boolean isTaught() {
      return !commit.learned().equals(Learned.NOTHING);
    }
  }

  /**
   * What is asked for. No grant stands twice in a list.
   *
   * @param locksLog whether to keep others from the rotation log, from then on until the
   *     transaction ends
   * @param ends whether that is all of the transaction, and it need not be durable
   */
  record Asked(List<Move> moves, List<Take> takes, boolean locksLog, boolean ends) {}

  /**
   * What came of it.
   *
   * @param moved for each of the moves, whether it did
   * @param seen for each of the leases, what is there; {@code null} where somebody else has it
   * @param end of the rotation log; {@code null} if it is not locked
   * @param committed whether the transaction is over
   */
  record Done(
      List<Boolean> moved, List<@Nullable Seen> seen, @Nullable LogHead end, boolean committed) {}

  /** Moves grants on, then takes leases. */
  Done all(Statements on, Asked asked) throws SQLException;

  /**
   * Keeps other processes from appending to the rotation log until the transaction ends.
   *
   * @return where the log ends
   */
  LogHead lockLog(Statements on) throws SQLException;
}
