package io.refreshd.testing;

import io.refreshd.grant.Generation;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Attempt;
import io.refreshd.rotation.Circuit;
import io.refreshd.rotation.CircuitChanges;
import io.refreshd.rotation.Commit;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.LeaseTerms;
import io.refreshd.rotation.Leased;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.StaleGenerationException;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.StoredGrant;
import io.refreshd.rotation.TokenStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The contract of the store, kept in memory. A test may take its disk away: it then refuses leases
 * and holds the successors that are handed to it until the disk is back.
 */
public class InMemoryTokenStore implements TokenStore {

  private final Clock clock;
  private final Map<GrantName, Row> rows = new TreeMap<>();
  private final Map<String, Circuit> circuits = new TreeMap<>();
  private final List<LoggedEntry> log = new ArrayList<>();
  private final List<Commit> heldBack = new ArrayList<>();
  private boolean writable = true;
  private int leases;

  /** One grant: what is stored of it, and who may rotate it. */
  private static final class Row {
    private @Nullable GrantRecord stored;
    private @Nullable Generation current;
    private @Nullable Generation previous;
    private @Nullable Lease lease;

    /** The lease that presented the current generation, if no outcome has been written since. */
    private @Nullable String presentedUnder;
  }

  public InMemoryTokenStore(Clock clock) {
    this.clock = clock;
  }

  /** From now on nothing can be written, as on a full disk. */
  public synchronized void loseDisk() {
    writable = false;
  }

  /** Writes what was held, and everything else from now on. */
  public synchronized void regainDisk() {
    writable = true;
    List.copyOf(heldBack).forEach(this::write);
    heldBack.clear();
  }

  @Override
  public synchronized Optional<Leased> lease(LeaseTerms terms) {
    proveWritable();
    Row row = rows.computeIfAbsent(terms.grant(), name -> new Row());
    boolean waiting = heldBack.stream().anyMatch(commit -> commit.grant().equals(terms.grant()));
    if (waiting || isLive(row.lease, terms.now())) {
      return Optional.empty();
    }
    Lease lease = new Lease(terms.grant(), "lease-" + ++leases, terms.until());
    row.lease = lease;
    if (terms.marksPresented() && row.presentedUnder == null) {
      row.presentedUnder = lease.id();
    }
    return Optional.of(new Leased(lease, find(terms.grant()).orElse(null), !circuits.isEmpty()));
  }

  /** Takes it at once. */
  @Override
  public Supplier<Optional<Leased>> leaseAhead(LeaseTerms terms) {
    try {
      Optional<Leased> leased = lease(terms);
      return () -> leased;
    } catch (StoreException e) {
      return () -> {
        throw e;
      };
    }
  }

  /** The lease of a grant, if there is one, over or not. */
  public synchronized Optional<Lease> findLease(GrantName grant) {
    return Optional.ofNullable(row(grant).lease);
  }

  @Override
  public synchronized void release(Lease lease) {
    Row row = row(lease.grant());
    if (lease.id().equals(row.presentedUnder)) {
      row.presentedUnder = null;
    }
    end(row, lease);
  }

  @Override
  public synchronized Optional<StoredGrant> find(GrantName grant) {
    Row row = row(grant);
    Generation current = row.current;
    Generation previous = row.previous;
    return row.stored == null || current == null
        ? Optional.empty()
        : Optional.of(new StoredGrant(seen(row, row.stored), current, () -> previous));
  }

  @Override
  public synchronized Optional<GrantRecord> findRecord(GrantName grant) {
    return find(grant).map(StoredGrant::record);
  }

  @Override
  public void readRecords(Consumer<GrantRecord> reader) {
    List<GrantRecord> records;
    synchronized (this) {
      records = rows.keySet().stream().flatMap(name -> findRecord(name).stream()).toList();
    }
    records.forEach(reader); // who takes one may write
  }

  @Override
  public synchronized Kept commit(Lease lease, Commit commit) {
    Row row = row(commit.grant());
    expect(row, commit.grant(), commit.expected(), commit.expectedFingerprint());
    end(row, lease);
    if (!writable) {
      heldBack.add(commit);
      return Kept.HELD;
    }
    write(commit);
    return Kept.STORED;
  }

  @Override
  public synchronized Kept record(Lease lease, Attempt attempt) {
    proveWritable();
    Row row = row(attempt.grant());
    expect(row, attempt.grant(), attempt.generation(), attempt.fingerprint());
    GrantRecord known = stored(row).after(attempt);
    row.stored = known;
    // one row has both: the times of the current generation are the grant's
    row.current = corrected(row.current, known);
    row.presentedUnder = null;
    end(row, lease);
    attempt.entries().forEach(this::append);
    change(attempt.circuits());
    return Kept.STORED;
  }

  private static @Nullable Generation corrected(@Nullable Generation current, GrantRecord known) {
    return current == null
        ? null
        : new Generation(current.number(), current.token(), known.issuedAt(), known.expiresAt());
  }

  @Override
  public synchronized List<Circuit> circuits() {
    return List.copyOf(circuits.values());
  }

  private void change(CircuitChanges changes) {
    changes.closed().forEach(circuits::remove);
    changes.opened().forEach(circuit -> circuits.put(circuit.key(), circuit));
  }

  @Override
  public synchronized boolean forget(Lease lease, Entry entry) {
    Row row = rows.remove(lease.grant());
    boolean known = row != null && row.stored != null;
    if (known) {
      append(entry);
    }
    return known;
  }

  @Override
  public synchronized void append(Entry entry) {
    proveWritable();
    String before = log.isEmpty() ? "" : log.get(log.size() - 1).hash();
    log.add(new LoggedEntry(log.size() + 1L, entry, null, sha256(before + entry)));
  }

  @Override
  public long read(LogQuery query, Consumer<LoggedEntry> reader) {
    List<LoggedEntry> wanted;
    long newest;
    synchronized (this) {
      newest = log.size();
      wanted =
          log.stream().filter(e -> e.seq() > query.after() && query.matches(e.entry())).toList();
    }
    int from = query.limit() == 0 ? 0 : Math.max(0, wanted.size() - query.limit());
    wanted.subList(from, wanted.size()).forEach(reader);
    return Math.max(query.after(), newest);
  }

  /** The rotation log, oldest first. */
  public List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    read(LogQuery.after(0), logged -> entries.add(logged.entry()));
    return entries;
  }

  private void write(Commit commit) {
    Row row = row(commit.grant());
    row.current = commit.current();
    row.previous = commit.previous();
    row.presentedUnder = null;
    row.stored =
        new GrantRecord(
            commit.grant(),
            commit.current().number(),
            commit.current().token().fingerprint(),
            commit.current().issuedAt(),
            commit.current().expiresAt(),
            commit.signedInAt(),
            commit.nextAttemptAt(),
            commit.identity(),
            commit.learned(),
            commit.standing(),
            false);
    commit.entries().forEach(this::append);
    change(commit.circuits());
  }

  private static void expect(
      Row row, GrantName grant, int generation, @Nullable String fingerprint) {
    int current = row.stored == null ? 0 : row.stored.generation();
    String known = row.stored == null ? null : row.stored.fingerprint();
    if (current != generation || !Objects.equals(known, fingerprint)) {
      throw new StaleGenerationException(grant, generation);
    }
  }

  /** The record as a reader sees it: a presentation is unanswered once its lease has ended. */
  private GrantRecord seen(Row row, GrantRecord stored) {
    Lease lease = row.lease;
    boolean underWay =
        lease != null && isLive(lease, clock.instant()) && lease.id().equals(row.presentedUnder);
    return new GrantRecord(
        stored.name(),
        stored.generation(),
        stored.fingerprint(),
        stored.issuedAt(),
        stored.expiresAt(),
        stored.signedInAt(),
        stored.nextAttemptAt(),
        stored.identity(),
        stored.learned(),
        stored.standing(),
        row.presentedUnder != null && !underWay);
  }

  private static GrantRecord stored(Row row) {
    if (row.stored == null) {
      throw new AssertionError("an attempt at a grant without a token");
    }
    return row.stored;
  }

  private Row row(GrantName grant) {
    return rows.computeIfAbsent(grant, name -> new Row());
  }

  private static void end(Row row, Lease lease) {
    if (row.lease != null && row.lease.id().equals(lease.id())) {
      row.lease = null;
    }
  }

  private static boolean isLive(@Nullable Lease lease, Instant now) {
    return lease != null && now.isBefore(lease.until());
  }

  private void proveWritable() {
    if (!writable) {
      throw new StoreException.Unavailable("the disk is full", null);
    }
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
