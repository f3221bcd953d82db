package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.LeaseTerms;
import io.refreshd.rotation.Leased;
import io.refreshd.rotation.StoreException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How grants are leased, so that whatever comes of it has its place in the spool. */
final class Leasing {

  private final JdbcTokenStore store;
  private final Spools spools;
  private final HeldCommits held;
  private final HeldEndings endings;
  private final LeaseEnds ends;
  private final @Nullable PostgresCluster cluster;

  Leasing(
      JdbcTokenStore store,
      Spools spools,
      HeldCommits held,
      HeldEndings endings,
      LeaseEnds ends,
      @Nullable PostgresCluster cluster) {
    this.store = store;
    this.spools = spools;
    this.held = held;
    this.endings = endings;
    this.ends = ends;
    this.cluster = cluster;
  }

  /** As {@link io.refreshd.rotation.TokenStore#lease}. */
  Optional<Leased> lease(LeaseTerms terms) {
    refuseStandingBack(terms.grant());
    spools.reserveBeside(held.withoutPlace());
    held.settle(terms.grant());
    endings.settle(terms.grant());
    Lease lease = Leases.of(terms, spools.ownNumber());
    ends.begin(lease);
    return lease(terms, lease, () -> store.leases().takeFree(terms, lease));
  }

  /**
   * As {@link io.refreshd.rotation.TokenStore#leaseAhead}. Ahead only where nothing is in the way:
   * what else a lease may need, a look at the spool or at what is held, can take its time, and a
   * successor waits for this to return.
   */
  Supplier<Optional<Leased>> ahead(LeaseTerms terms) {
    OptionalInt spool = spools.knownNumber();
    boolean standsBack = cluster != null && cluster.reason() != null;
    boolean isAnyHeld = !held.isEmpty() || !endings.isEmpty();
    if (terms.marksPresented() || spool.isEmpty() || standsBack || isAnyHeld) {
      return () -> lease(terms);
    }
    Lease lease = Leases.of(terms, spool.getAsInt());
    ends.begin(lease);
    Supplier<Optional<Leased>> asked = store.leases().askFree(terms, lease);
    return () -> {
      Optional<Leased> leased = lease(terms, lease, asked);
      leased.ifPresent(this::reserve);
      return leased;
    };
  }

  /** The commit before it may have come to be held meanwhile, in the place that this one needs. */
  private void reserve(Leased leased) {
    try {
      spools.reserveBeside(held.withoutPlace());
    } catch (StoreException e) {
      release(leased.lease());
      throw e;
    }
  }

  private Optional<Leased> lease(
      LeaseTerms terms, Lease lease, Supplier<Optional<Leased>> leasing) {
    boolean got = false;
    try {
      Optional<Leased> leased = leasing.get().or(() -> leaseIfOver(terms, lease));
      got = leased.isPresent();
      return leased;
    } catch (StoreException e) {
      // a transaction that failed may have come to the disk all the same
      endings.holdUnused(lease);
      throw e;
    } finally {
      if (!got) {
        ends.end(lease);
      }
    }
  }

  /** A scheduler that must not rotate does not ask; this is for who asks all the same. */
  private void refuseStandingBack(GrantName grant) {
    String reason = cluster == null ? null : cluster.reason();
    if (reason != null) {
      throw new StoreException.Unavailable(grant + ": " + reason, null);
    }
  }

  private Optional<Leased> leaseIfOver(LeaseTerms terms, Lease lease) {
    Optional<Lease> over =
        store
            .leases()
            .find(terms)
            .filter(found -> ends.isOver(found, terms))
            .map(FoundLease::lease);
    return over.isEmpty() ? Optional.empty() : leaseAfter(over.get(), terms, lease);
  }

  /** Its holder told no outcome: it may have one in its spool. */
  private Optional<Leased> leaseAfter(Lease over, LeaseTerms terms, Lease lease) {
    held.adopt();
    held.settle(terms.grant());
    return spools.isHeldElsewhere(terms.grant())
        ? Optional.empty()
        : store
            .leases()
            .takeFree(terms, lease)
            .or(() -> store.leases().takeAfter(over, terms, lease));
  }

  /** As {@link io.refreshd.rotation.TokenStore#release}. */
  void release(Lease lease) {
    try {
      store.release(lease);
    } catch (StoreException e) {
      endings.holdUnused(lease);
      throw e;
    } finally {
      ends.end(lease);
    }
  }
}
