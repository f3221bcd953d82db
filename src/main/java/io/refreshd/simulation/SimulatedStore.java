package io.refreshd.simulation;

import io.refreshd.grant.Generation;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Attempt;
import io.refreshd.rotation.Circuit;
import io.refreshd.rotation.CircuitChanges;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.Commit;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.LeaseTerms;
import io.refreshd.rotation.Leased;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.StaleGenerationException;
import io.refreshd.rotation.StoredGrant;
import io.refreshd.rotation.TokenStore;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The store of a simulated daemon: in memory, for one thread, with no rotation log. Nothing else
 * rotates its grants, so every lease is free.
 */
final class SimulatedStore implements TokenStore {

  private static final String LEASE = "simulated";

  private final Map<GrantName, StoredGrant> grants = new HashMap<>();
  private final Map<String, Circuit> circuits = new TreeMap<>();

  /** The same, made when they are asked for. */
  private @Nullable Circuits open;

  private boolean circuitsChanged;

  /** Puts in a grant that a real store knows. */
  void put(StoredGrant grant) {
    grants.put(grant.record().name(), grant);
  }

  /** Keeps the generations and nothing else: not what they were made of. */
  private void put(GrantRecord record, Generation current, @Nullable Generation previous) {
    put(new StoredGrant(record, current, () -> previous));
  }

  /** The record of a grant that has a token. */
  GrantRecord record(GrantName grant) {
    return stored(grant).record();
  }

  /** Whether a circuit was opened or closed since this was last asked. */
  boolean takeCircuitsChanged() {
    boolean changed = circuitsChanged;
    circuitsChanged = false;
    return changed;
  }

  @Override
  public Optional<Leased> lease(LeaseTerms terms) {
    Lease lease = new Lease(terms.grant(), LEASE, terms.until());
    return Optional.of(new Leased(lease, grants.get(terms.grant()), !circuits.isEmpty()));
  }

  @Override
  public void release(Lease lease) {
    // nobody else asks for one
  }

  @Override
  public Optional<StoredGrant> find(GrantName grant) {
    return Optional.ofNullable(grants.get(grant));
  }

  @Override
  public Optional<GrantRecord> findRecord(GrantName grant) {
    return find(grant).map(StoredGrant::record);
  }

  @Override
  public void readRecords(Consumer<GrantRecord> reader) {
    grants.values().stream()
        .map(StoredGrant::record)
        .sorted(Comparator.comparing(GrantRecord::name))
        .forEach(reader);
  }

  @Override
  public Kept commit(Lease lease, Commit commit) {
    StoredGrant before = grants.get(commit.grant());
    expect(commit.grant(), before == null ? 0 : before.record().generation(), commit.expected());
    Generation current = commit.current();
    GrantRecord record =
        new GrantRecord(
            commit.grant(),
            current.number(),
            LEASE,
            current.issuedAt(),
            current.expiresAt(),
            commit.signedInAt(),
            commit.nextAttemptAt(),
            commit.identity(),
            commit.learned(),
            commit.standing(),
            false);
    put(record, current, commit.previous());
    change(commit.circuits());
    return Kept.STORED;
  }

  @Override
  public Kept record(Lease lease, Attempt attempt) {
    StoredGrant before = stored(attempt.grant());
    GrantRecord old = before.record();
    expect(attempt.grant(), old.generation(), attempt.generation());
    GrantRecord record = old.after(attempt);
    put(record, before.current(), before.previous());
    change(attempt.circuits());
    return Kept.STORED;
  }

  @Override
  public List<Circuit> circuits() {
    return List.copyOf(circuits.values());
  }

  @Override
  public Circuits circuitsOf(Collection<Grant> of) {
    Circuits known = open;
    if (known == null) {
      known = Circuits.of(circuits());
      open = known;
    }
    return known;
  }

  @Override
  public boolean forget(Lease lease, Entry entry) {
    return grants.remove(lease.grant()) != null;
  }

  /** There is no rotation log. */
  @Override
  public void append(Entry entry) {
    // the play counts what matters of it
  }

  /** There is no rotation log. */
  @Override
  public long read(LogQuery query, Consumer<LoggedEntry> reader) {
    return query.after();
  }

  private void change(CircuitChanges changes) {
    if (changes.opened().isEmpty() && changes.closed().isEmpty()) {
      return;
    }
    circuitsChanged = true;
    open = null;
    changes.closed().forEach(circuits::remove);
    changes.opened().forEach(circuit -> circuits.put(circuit.key(), circuit));
  }

  private StoredGrant stored(GrantName grant) {
    StoredGrant stored = grants.get(grant);
    if (stored == null) {
      throw new IllegalStateException(grant + " has no token in this play");
    }
    return stored;
  }

  private static void expect(GrantName grant, int current, int expected) {
    if (current != expected) {
      throw new StaleGenerationException(grant, expected);
    }
  }
}
