package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.StoreException;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The newest entry of the rotation log that this process knows to be there for good. A database
 * that lacks it later has gone back to an older state while this process went on: it has failed
 * over to a standby that lagged behind, or a copy of it was put back. From then on, until that was
 * seen to, no token of a single-use server may be presented: its successor may be what was lost.
 * The one writer of a process tells it, and nobody else: who reads beside it may be behind.
 */
final class KnownHead {

  private @Nullable LogHead known;
  private @Nullable LogHead lost;

  /**
   * This process has written entries that are there for good.
   *
   * @param from where it found the log to end
   * @param to where it ends now
   */
  synchronized void wrote(LogHead from, LogHead to) {
    saw(from);
    known = to;
  }

  /**
   * Looks where the log ends, whoever has written it.
   *
   * @param log within the writer's transaction
   * @return empty if there is no entry
   */
  Optional<LogHead> look(Queries log) throws SQLException {
    Optional<LogHead> end = log.first(Sql.LAST_LOGGED, LogHead::read);
    saw(end.orElse(LogHead.START));
    return end;
  }

  private synchronized void saw(LogHead end) {
    if (known != null && isBehind(end, known)) {
      lost = known;
    }
    known = end;
  }

  private static boolean isBehind(LogHead end, LogHead known) {
    return end.seq() < known.seq() || (end.seq() == known.seq() && !end.equals(known));
  }

  /**
   * Looks on a new connection whether the log still has what is known. What it lacks is not looked
   * for again.
   */
  void compare(Statements log) throws SQLException {
    LogHead head = known();
    if (head != null && !head.isIn(log)) {
      forget(head);
    }
  }

  private synchronized @Nullable LogHead known() {
    return known;
  }

  private synchronized void forget(LogHead head) {
    lost = head;
    known = null;
  }

  /** What the log had and has no more; empty if that is nothing, or was seen to. */
  synchronized Optional<LogHead> findLost() {
    return Optional.ofNullable(lost);
  }

  /** All that may be spent is withheld since that head is missed. */
  synchronized void settled(LogHead head) {
    if (head.equals(lost)) {
      lost = null;
    }
  }

  /**
   * Keeps the token of a single-use server from being presented.
   *
   * @throws StoreException.Unavailable if something is lost
   */
  void refuseIfLost(GrantName grant) {
    LogHead head = findLost().orElse(null);
    if (head != null) {
      throw new StoreException.Unavailable(
          grant
              + ": its token is not presented: the store has gone back, entry "
              + head.seq()
              + " of its rotation log was written and is not there any more, so the token may be"
              + " spent. look at `refreshd status`, and ask again if you mean it",
          null);
    }
  }
}
