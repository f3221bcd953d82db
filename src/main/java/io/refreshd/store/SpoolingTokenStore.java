package io.refreshd.store;

import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.AlertStore;
import io.refreshd.rotation.Attempt;
import io.refreshd.rotation.Circuit;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.Commit;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.LeaseTerms;
import io.refreshd.rotation.Leased;
import io.refreshd.rotation.LogProof;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.Node;
import io.refreshd.rotation.Partition;
import io.refreshd.rotation.StaleGenerationException;
import io.refreshd.rotation.StoredGrant;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that never loses a successor: what the database cannot take is held, and stored when it
 * can. Before the first lease the space for that is reserved.
 */
final class SpoolingTokenStore implements OpenStore {

  private final JdbcTokenStore store;
  private final Spools spools;
  private final HeldCommits held;
  private final HeldEndings endings;
  private final LeaseEnds ends;
  private final Leasing leasing;
  private final HeadKeeping head;
  private final SealingKeyRotation keyRotation;
  private final @Nullable PostgresCluster cluster;

  SpoolingTokenStore(
      JdbcTokenStore store,
      Spools spools,
      LeaseEnds ends,
      HeadKeeping head,
      SealingKeyRotation keyRotation,
      @Nullable PostgresCluster cluster) {
    this.cluster = cluster;
    this.store = store;
    this.spools = spools;
    this.held = new HeldCommits(store, spools);
    this.endings = new HeldEndings(store);
    this.ends = ends;
    this.head = head;
    this.keyRotation = keyRotation;
    this.leasing = new Leasing(store, spools, held, endings, ends, cluster);
  }

  /** Stores what processes held that died since. */
  void recover() {
    held.adopt();
    held.flush();
  }

  @Override
  public Optional<Leased> lease(LeaseTerms terms) {
    return leasing.lease(terms);
  }

  @Override
  public Supplier<Optional<Leased>> leaseAhead(LeaseTerms terms) {
    return leasing.ahead(terms);
  }

  @Override
  public Kept commit(Lease lease, Commit commit) {
    try {
      return store.commit(lease, commit);
    } catch (StaleGenerationException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      // whatever it is: the old token may be spent, so the new one must not be lost
      held.hold(lease, commit, e);
      return Kept.HELD;
    } finally {
      ends.end(lease);
    }
  }

  @Override
  public void release(Lease lease) {
    leasing.release(lease);
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
  public List<GrantRecord> records(List<GrantName> grants) {
    return store.records(grants);
  }

  @Override
  public List<GrantRecord> records(@Nullable GrantName after, int limit) {
    return store.records(after, limit);
  }

  @Override
  public void readNames(Consumer<GrantName> names) {
    store.readNames(names);
  }

  @Override
  public List<Partition> partitions() {
    return store.partitions();
  }

  @Override
  public void readDue(Partition partition, Instant now, Consumer<GrantRecord> reader) {
    store.readDue(partition, now, reader);
  }

  @Override
  public Optional<Instant> findNextAttempt(Partition partition, Instant after) {
    return store.findNextAttempt(partition, after);
  }

  @Override
  public void readRecords(Consumer<GrantRecord> each) {
    store.readRecords(each);
  }

  @Override
  public Kept record(Lease lease, Attempt attempt) {
    try {
      return store.record(lease, attempt);
    } catch (StaleGenerationException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      // whatever it is: untold it would be taken for an answer that was lost
      endings.hold(lease, attempt, e);
      return Kept.HELD;
    } finally {
      ends.end(lease);
    }
  }

  @Override
  public Set<GrantName> recordFree(List<Attempt> attempts, Instant now) {
    return store.recordFree(attempts, now);
  }

  @Override
  public List<Circuit> circuits() {
    return store.circuits();
  }

  @Override
  public Circuits circuitsOf(Collection<Grant> grants) {
    return store.circuitsOf(grants);
  }

  @Override
  public boolean forget(Lease lease, Entry entry) {
    try {
      return store.forget(lease, entry);
    } finally {
      ends.end(lease);
    }
  }

  @Override
  public void append(Entry entry) {
    store.append(entry);
  }

  @Override
  public long read(LogQuery query, Consumer<LoggedEntry> reader) {
    return store.read(query, reader);
  }

  @Override
  public int endLeasesOf(String owner) {
    return store.leases().endAllOf(owner, LeaseEnds.BY_WORD);
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
  public boolean holdsAny() {
    return !held.isEmpty() || !endings.isEmpty();
  }

  @Override
  public Set<GrantName> damaged(List<GrantName> grants) {
    return store.reader().damaged(grants);
  }

  @Override
  public Flushed flush() {
    endings.flush();
    return held.flush();
  }

  @Override
  public Optional<Cluster> cluster() {
    return Optional.ofNullable(cluster);
  }

  @Override
  public List<Node> nodes() {
    return store.reader().nodes();
  }

  @Override
  public AlertStore alerts() {
    return new JdbcAlertStore(store.reader(), store.writer(), cluster != null);
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
  public Optional<LostHead> findLostHead() {
    return head.findLost(log());
  }

  @Override
  public Optional<LogHead> findHeadSetAside() {
    return head.findSetAside(log());
  }

  @Override
  public boolean hasGoneBack() {
    return store.reader().knownHead().findLost().isPresent();
  }

  @Override
  public void settled(LogHead lost) {
    head.settled(lost, log());
  }

  @Override
  public Optional<LoggedEntry> findNewest(Event event, Predicate<Entry> isIt) {
    return store.reader().findNewest(event, isIt);
  }

  @Override
  public void keepHead() {
    head.keep(log());
  }

  /** As the server has it that takes the writes: so it is seen soon what a failover has lost. */
  private LogEnd log() {
    return cluster == null ? store.reader() : store;
  }

  @Override
  public Duration standstill() {
    return store.standstill();
  }

  @Override
  public void hurry() {
    store.hurry();
  }

  @Override
  public void waitNoLonger() {
    store.waitNoLonger();
  }

  @Override
  public void close() {
    hurry();
    try {
      held.close();
      endings.flush();
      head.keep(store.reader()); // no write is waited for any more
    } finally {
      store.close();
    }
  }
}
