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
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.StoredGrant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store that is only looked at. As long as there is none it is an empty one. */
final class ReadOnlyStore implements OpenStore {

  private final Path store;
  private final Supplier<Optional<StoreReader>> opening;
  private @Nullable StoreReader reader;

  /**
   * Looks at a store.
   *
   * @param store its file
   * @param opening opens it; empty as long as there is none
   */
  ReadOnlyStore(Path store, Supplier<Optional<StoreReader>> opening) {
    this.store = store;
    this.opening = opening;
  }

  /** Opens the store if it is there by now. */
  synchronized Optional<StoreReader> reader() {
    if (reader == null) {
      reader = opening.get().orElse(null);
    }
    return Optional.ofNullable(reader);
  }

  @Override
  public Optional<StoredGrant> find(GrantName grant) {
    return reader().flatMap(open -> open.find(grant));
  }

  @Override
  public Optional<GrantRecord> findRecord(GrantName grant) {
    return reader().flatMap(open -> open.findRecord(grant));
  }

  @Override
  public void readRecords(Consumer<GrantRecord> each) {
    reader().ifPresent(open -> open.readRecords(each));
  }

  @Override
  public void readNames(Consumer<GrantName> names) {
    reader().ifPresent(open -> open.readNames(names));
  }

  @Override
  public List<GrantRecord> records(List<GrantName> grants) {
    return reader().map(open -> open.records(grants)).orElse(List.of());
  }

  @Override
  public long read(LogQuery query, Consumer<LoggedEntry> consumer) {
    return reader().map(open -> open.read(query, consumer)).orElse(query.after());
  }

  @Override
  public List<GrantName> held() {
    return reader().isEmpty()
        ? List.of()
        : new Spools(store, 0, Disk.REAL)
            .contents().stream().map(SpoolFile.Content::grant).distinct().toList();
  }

  @Override
  public boolean holdsAny() {
    return !held().isEmpty();
  }

  @Override
  public Set<GrantName> damaged(List<GrantName> grants) {
    return reader().map(open -> open.damaged(grants)).orElse(Set.of());
  }

  @Override
  public Flushed flush() {
    return new Flushed(List.of(), List.of(), List.of());
  }

  @Override
  public Optional<Leased> lease(LeaseTerms terms) {
    throw readOnly();
  }

  @Override
  public void release(Lease lease) {
    throw readOnly();
  }

  @Override
  public Kept commit(Lease lease, Commit commit) {
    throw readOnly();
  }

  @Override
  public Kept record(Lease lease, Attempt attempt) {
    throw readOnly();
  }

  @Override
  public List<Circuit> circuits() {
    return reader().map(StoreReader::circuits).orElse(List.of());
  }

  @Override
  public Circuits circuitsOf(Collection<Grant> grants) {
    return reader().map(reader -> reader.circuitsOf(grants)).orElse(Circuits.NONE);
  }

  @Override
  public boolean forget(Lease lease, Entry entry) {
    throw readOnly();
  }

  @Override
  public void append(Entry entry) {
    throw readOnly();
  }

  @Override
  public int endLeasesOf(String owner) {
    throw readOnly();
  }

  @Override
  public Optional<Cluster> cluster() {
    return Optional.empty();
  }

  @Override
  public List<Node> nodes() {
    return reader().map(StoreReader::nodes).orElse(List.of());
  }

  @Override
  public AlertStore alerts() {
    throw readOnly();
  }

  @Override
  public void reserve(int inFlight) {
    throw readOnly();
  }

  @Override
  public SealingKeyRotation sealingKeyRotation() {
    throw readOnly();
  }

  @Override
  public LogProof verifyLog() {
    StoreReader open = reader().orElse(null);
    HeadFile inForce =
        open == null ? new HeadFile(store, Disk.REAL) : RestoredHead.inForce(store, open);
    if (open == null && !Files.exists(inForce.path())) {
      throw new StoreException(
          "there is no store " + store + " and no head of its log: nothing is proven", null);
    }
    return new LogCheck(inForce, open).run();
  }

  @Override
  public Optional<LostHead> findLostHead() {
    throw readOnly();
  }

  @Override
  public Optional<LogHead> findHeadSetAside() {
    throw readOnly();
  }

  @Override
  public boolean hasGoneBack() {
    throw readOnly();
  }

  @Override
  public void settled(LogHead head) {
    throw readOnly();
  }

  @Override
  public Optional<LoggedEntry> findNewest(Event event, Predicate<Entry> isIt) {
    return reader().flatMap(open -> open.findNewest(event, isIt));
  }

  @Override
  public void keepHead() {
    throw readOnly();
  }

  @Override
  public Duration standstill() {
    throw readOnly();
  }

  @Override
  public void hurry() {
    // it never waits for a writer
  }

  @Override
  public void waitNoLonger() {
    // who only looks on is ended in the midst of it
  }

  private static StoreException readOnly() {
    return new StoreException("the store was opened for reading", null);
  }

  @Override
  public synchronized void close() {
    try {
      if (reader != null) {
        reader.close();
      }
    } catch (SQLException e) {
      throw new StoreException("the store cannot be closed: " + e.getMessage(), e);
    }
  }
}
