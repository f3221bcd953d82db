package io.refreshd.daemon;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.LeaseTerms;
import io.refreshd.rotation.Leased;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.StoredGrant;
import io.refreshd.rotation.TokenRedeemer;
import io.refreshd.rotation.TokenStore;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** The end of a grant, on a person's word; never beside a rotation of it. */
record GrantRemoval(TokenStore store, Patience patience, Clock clock) {

  /**
   * Removes a grant and its tokens; waits while somebody rotates it.
   *
   * @return whether there was one
   * @throws StoreException if it is rotated all the time
   */
  boolean forget(GrantName grant) throws InterruptedException {
    Optional<Leased> found = patience.until(() -> store.lease(terms(grant)), Optional::isEmpty);
    Leased leased =
        found.orElseThrow(
            () -> new StoreException(grant + ": " + patience.why() + "; it is kept", null));
    StoredGrant stored = leased.stored();
    if (stored == null) {
      store.release(leased.lease());
      return false;
    }
    return store.forget(leased.lease(), entry(stored.record()));
  }

  private LeaseTerms terms(GrantName grant) {
    Instant now = clock.instant();
    return new LeaseTerms(grant, now, now.plus(TokenRedeemer.EXCHANGE_LIMIT), false);
  }

  private Entry entry(GrantRecord record) {
    return new Entry(
        clock.instant(),
        record.name(),
        Event.FORGOTTEN,
        null,
        record.generation(),
        record.issuedAt(),
        record.expiresAt(),
        null,
        null,
        null,
        null,
        null,
        "removed from the store by a person",
        record.fingerprint());
  }
}
