package io.refreshd.report;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Attempt;
import io.refreshd.rotation.Circuit;
import io.refreshd.rotation.Commit;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.LeaseTerms;
import io.refreshd.rotation.Leased;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.StoredGrant;
import io.refreshd.rotation.TokenStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Keeps a rotation log in memory, and nothing else. Its hashes tell it from other such stores. */
class LogKeepingStore implements TokenStore {

  private final String name;
  private final List<LoggedEntry> log = new CopyOnWriteArrayList<>();
  final AtomicInteger handedOver = new AtomicInteger();

  LogKeepingStore(String name) {
    this.name = name;
  }

  /** A store whose log is the beginning of this one's: what a restored backup is. */
  LogKeepingStore restoredTo(int entries) {
    LogKeepingStore restored = new LogKeepingStore(name);
    restored.log.addAll(log.subList(0, entries));
    return restored;
  }

  @Override
  public synchronized void append(Entry entry) {
    long seq = log.size() + 1L;
    log.add(new LoggedEntry(seq, entry, null, name + seq));
  }

  @Override
  public long read(LogQuery query, Consumer<LoggedEntry> reader) {
    List<LoggedEntry> now = List.copyOf(log);
    List<LoggedEntry> wanted =
        now.stream()
            .filter(logged -> logged.seq() > query.after() && query.matches(logged.entry()))
            .toList();
    int from = query.limit() == 0 ? 0 : Math.max(0, wanted.size() - query.limit());
    handedOver.addAndGet(wanted.size() - from);
    wanted.subList(from, wanted.size()).forEach(reader);
    return Math.max(query.after(), now.size());
  }

  @Override
  public Optional<Leased> lease(LeaseTerms terms) {
    throw keepsOnlyALog();
  }

  @Override
  public void release(Lease lease) {
    throw keepsOnlyALog();
  }

  @Override
  public Optional<StoredGrant> find(GrantName grant) {
    throw keepsOnlyALog();
  }

  @Override
  public Optional<GrantRecord> findRecord(GrantName grant) {
    throw keepsOnlyALog();
  }

  @Override
  public void readRecords(Consumer<GrantRecord> reader) {
    throw keepsOnlyALog();
  }

  @Override
  public Kept commit(Lease lease, Commit commit) {
    throw keepsOnlyALog();
  }

  @Override
  public Kept record(Lease lease, Attempt attempt) {
    throw keepsOnlyALog();
  }

  @Override
  public List<Circuit> circuits() {
    throw keepsOnlyALog();
  }

  @Override
  public boolean forget(Lease lease, Entry entry) {
    throw keepsOnlyALog();
  }

  private static UnsupportedOperationException keepsOnlyALog() {
    return new UnsupportedOperationException("this store keeps only a log");
  }
}
