package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Attempt;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.StoreException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How leases ended that brought no successor, where the database could not be told: in memory
 * alone. Untold they would look like leases whose holder died with a token presented.
 */
final class HeldEndings {

  private static final Logger LOG = LoggerFactory.getLogger(HeldEndings.class);

  /**
   * How one ended.
   *
   * @param attempt {@code null} if nothing was done under it
   */
  private record Ending(Lease lease, @Nullable Attempt attempt) {}

  private final JdbcTokenStore store;
  private final List<Ending> all = new CopyOnWriteArrayList<>();

  HeldEndings(JdbcTokenStore store) {
    this.store = store;
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** Nothing was done under the lease, which may be in the store or not. */
  void holdUnused(Lease lease) {
    all.add(new Ending(lease, null));
  }

  /** The token was presented and refused. */
  void hold(Lease lease, Attempt attempt, Throwable because) {
    all.add(new Ending(lease, attempt));
    LOG.warn(
        "{}: a failed attempt could not be recorded ({}); it is recorded as soon as the store is"
            + " back",
        attempt.grant(),
        because.getMessage());
  }

  /**
   * Tells the store of a grant's.
   *
   * @throws StoreException if it cannot be told yet
   */
  void settle(GrantName grant) {
    for (Ending ending : all) {
      if (ending.lease().grant().equals(grant)) {
        settle(ending);
      }
    }
  }

  /** Tries to tell the store of all. */
  void flush() {
    for (Ending ending : all) {
      try {
        settle(ending);
      } catch (StoreException.Unavailable e) {
        LOG.debug("still to be told: {}", e.getMessage());
        return; // so would all others be
      } catch (StoreException e) {
        LOG.debug("{}: still to be told: {}", ending.lease().grant(), e.getMessage());
      }
    }
  }

  private synchronized void settle(Ending ending) {
    if (!all.contains(ending)) {
      return;
    }
    Attempt attempt = ending.attempt();
    if (attempt == null) {
      store.release(ending.lease());
    } else if (!store.recordLate(ending.lease(), attempt)) {
      LOG.info(
          "{}: a failed attempt that was held is not recorded: it has been, or what came after it"
              + " has",
          attempt.grant());
    }
    all.remove(ending);
  }
}
