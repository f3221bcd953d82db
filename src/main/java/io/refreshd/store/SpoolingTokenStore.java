package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.AlertStore;
import io.refreshd.rotation.Attempt;
import io.refreshd.rotation.Circuit;
import io.refreshd.rotation.Commit;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.LeaseTerms;
import io.refreshd.rotation.Leased;
import io.refreshd.rotation.LogProof;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.StaleGenerationException;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.StoredGrant;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A store that never loses a successor: what the database cannot take is held, and stored when it
 * can. Before the first lease the space for that is reserved.
 */
final class SpoolingTokenStore implements OpenStore {

  private final JdbcTokenStore store;
  private final Spools spools;
  private final HeldCommits held;
  private final HeldEndings endings;
  private final HeadKeeping head;
  private final SealingKeyRotation keyRotation;
  private final Clock clock;

  SpoolingTokenStore(
      JdbcTokenStore store,
      Spools spools,
      HeadKeeping head,
      SealingKeyRotation keyRotation,
      Clock clock) {
    this.store = store;
    this.spools = spools;
    this.held = new HeldCommits(store, spools);
    this.endings = new HeldEndings(store);
    this.head = head;
    this.keyRotation = keyRotation;
    this.clock = clock;
  }

  /** Stores what processes held that died since. */
  void recover() {
    held.adopt();
    held.flush();
  }

  @Override
  public Optional<Leased> lease(LeaseTerms terms) {
    spools.reserveBeside(held.grants().size());
    held.settle(terms.grant());
    endings.settle(terms.grant());
    Lease lease = Leases.of(terms);
    try {
      return lease(terms, lease);
    } catch (StoreException e) {
      // a transaction that failed may have come to the disk all the same
      endings.holdUnused(lease);
      throw e;
    }
  }

  private Optional<Leased> lease(LeaseTerms terms, Lease lease) {
    Optional<Leased> leased = store.leaseFree(terms, lease);
    if (leased.isPresent() || !store.isLeaseEnded(terms.grant(), terms.now())) {
      return leased;
    }
    // its holder told no outcome: it may have one in its spool
    held.adopt();
    held.settle(terms.grant());
    return spools.isHeldElsewhere(terms.grant()) ? Optional.empty() : store.lease(terms, lease);
  }

  @Override
  public Kept commit(Lease lease, Commit commit) {
    try {
      return store.commit(lease, commit);
    } catch (StaleGenerationException e) {
      throw e;
    } catch (RuntimeException e) {
      // whatever it is: the old token may be spent, so the new one must not be lost
      held.hold(lease, commit, e);
      return Kept.HELD;
    }
  }

  @Override
  public void release(Lease lease) {
    try {
      store.release(lease);
    } catch (StoreException e) {
      endings.holdUnused(lease);
      throw e;
    }
  }

  @Override
  public Optional<StoredGrant> find(GrantName grant) {
    return store.find(grant);
  }

  @Override
  public Optional<GrantRecord> findRecord(GrantName grant) {
    return store.findRecord(grant);
  }

  @Override
  public List<GrantRecord> records(String tenant) {
    return store.records(tenant);
  }

  @Override
  public List<GrantRecord> records() {
    return store.records();
  }

  @Override
  public Kept record(Lease lease, Attempt attempt) {
    try {
      return store.record(lease, attempt);
    } catch (StaleGenerationException e) {
      throw e;
    } catch (StoreException e) {
      endings.hold(lease, attempt, e);
      return Kept.HELD;
    }
  }

  @Override
  public List<Circuit> circuits() {
    return store.circuits();
  }

  @Override
  public boolean forget(Lease lease, Entry entry) {
    return store.forget(lease, entry);
  }

  @Override
  public void append(Entry entry) {
    store.append(entry);
  }

  @Override
  public void read(LogQuery query, Consumer<LoggedEntry> reader) {
    store.read(query, reader);
  }

  @Override
  public int endLeasesOf(String owner) {
    return store.endLeasesOf(owner, clock.instant());
  }

  @Override
  public void reserve(int inFlight) {
    spools.reserve(inFlight);
  }

  @Override
  public List<GrantName> held() {
    return held.grants();
  }

  @Override
  public Flushed flush() {
    endings.flush();
    return held.flush();
  }

  @Override
  public AlertStore alerts() {
    return new JdbcAlertStore(store.reader(), store.writer());
  }

  @Override
  public SealingKeyRotation sealingKeyRotation() {
    return keyRotation;
  }

  @Override
  public LogProof verifyLog() {
    return new LogCheck(head.file(), store.reader()).run();
  }

  @Override
  public Optional<LogHead> findLostHead() {
    return head.findLost();
  }

  @Override
  public void keepHead() {
    head.keep();
  }

  @Override
  public void close() {
    try {
      held.close();
      endings.flush();
      head.keep();
    } finally {
      store.close();
    }
  }
}
