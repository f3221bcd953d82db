package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Attempt;
import io.refreshd.rotation.Circuit;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.Commit;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.LeaseTerms;
import io.refreshd.rotation.Leased;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.Partition;
import io.refreshd.rotation.StaleGenerationException;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.StoredGrant;
import io.refreshd.rotation.TokenStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The token store in a database: reads on one connection, writes on others. */
final class JdbcTokenStore implements TokenStore {

  private final StoreReader reader;
  private final GroupCommit writer;

  /** For leases that need not be durable: where that is another one, no fsync holds them up. */
  private final GroupCommit leases;

  private final String owner;

  /**
   * A store over open connections.
   *
   * @param leases the writer of leases, which may be the same
   * @param owner who its leases belong to
   */
  JdbcTokenStore(StoreReader reader, GroupCommit writer, GroupCommit leases, String owner) {
    this.reader = reader;
    this.writer = writer;
    this.leases = leases;
    this.owner = owner;
  }

  StoreReader reader() {
    return reader;
  }

  GroupCommit writer() {
    return writer;
  }

  GroupCommit leases() {
    return leases;
  }

  @Override
  public Optional<Leased> lease(LeaseTerms terms) {
    Lease lease = Leases.of(terms, 0);
    return leaseFree(terms, lease)
        .or(
            () ->
                findLease(terms.grant())
                    .map(FoundLease::lease)
                    .filter(found -> !found.until().isAfter(reader.now(terms.now())))
                    .flatMap(over -> leaseAfter(over, terms, lease)));
  }

  /** Leases a grant that nobody holds; the lease may be taken even if this throws. */
  Optional<Leased> leaseFree(LeaseTerms asked, Lease lease) {
    return askFree(asked, lease).get();
  }

  /** The same, and it is up to the caller when to wait for it. */
  Supplier<Optional<Leased>> askFree(LeaseTerms asked, Lease lease) {
    LeaseTerms terms = shared(asked);
    Bulk.Take take = new Bulk.Take(terms, lease, owner);
    Supplier<Optional<Seen>> answer =
        (terms.marksPresented() ? writer : leases)
            .ask(
                terms.marksPresented(),
                transaction -> {
                  refuseIfLost(terms);
                  GroupCommit.Answer<@Nullable Seen> seen = transaction.take(take);
                  return () -> Optional.ofNullable(seen.get());
                });
    return () -> answer.get().map(seen -> leased(lease, seen));
  }

  /** Likewise, one whose last lease is over without an outcome. */
  Optional<Leased> leaseAfter(Lease over, LeaseTerms asked, Lease lease) {
    LeaseTerms terms = shared(asked);
    return writer
        .<Optional<Seen>>write(
            terms.marksPresented(),
            transaction -> {
              refuseIfLost(terms);
              return Leases.takeAfter(transaction, over, terms, lease, owner)
                  ? Optional.of(Leases.seen(transaction, terms))
                  : Optional.empty();
            })
        .map(seen -> leased(lease, seen));
  }

  /** Where the rotation log ends, as the connection has it that writes; empty if there is none. */
  Optional<LogHead> findLogHead() {
    return writer.write(
        false,
        transaction -> {
          Optional<LogHead> end = transaction.first(Sql.LAST_LOGGED, LogHead::read);
          reader.knownHead().saw(end.orElse(LogHead.START));
          return end;
        });
  }

  /** Within the transaction: it is the connection that tells what the store has. */
  private void refuseIfLost(LeaseTerms terms) {
    if (terms.marksPresented()) {
      reader.knownHead().refuseIfLost(terms.grant());
    }
  }

  private Leased leased(Lease lease, Seen seen) {
    try {
      SealedGrant found = seen.grant();
      StoredGrant stored = found == null ? null : reader.unopened(found);
      List<Circuit> circuits = seen.circuits();
      return new Leased(
          lease, stored, Circuits.of(circuits == null ? reader.circuits() : circuits));
    } catch (RuntimeException e) {
      release(lease);
      throw e;
    }
  }

  /** In the time of all who share the store. */
  private LeaseTerms shared(LeaseTerms asked) {
    Instant now = reader.now(asked.now());
    Instant until = now.plus(Duration.between(asked.now(), asked.until()));
    return new LeaseTerms(asked.grant(), now, until, asked.marksPresented());
  }

  Optional<FoundLease> findLease(GrantName grant) {
    return reader.findLease(grant);
  }

  int endLeasesOf(String otherOwner, Instant now) {
    return writer.write(true, transaction -> Leases.endAllOf(transaction, otherOwner, now));
  }

  @Override
  public void release(Lease lease) {
    boolean isMarked = Leases.isMarked(lease);
    (isMarked ? writer : leases).write(isMarked, transaction -> Leases.release(transaction, lease));
  }

  @Override
  public Optional<StoredGrant> find(GrantName grant) {
    return reader.find(grant);
  }

  @Override
  public Optional<GrantRecord> findRecord(GrantName grant) {
    return reader.findRecord(grant);
  }

  @Override
  public List<GrantRecord> records(List<GrantName> grants) {
    return reader.records(grants);
  }

  @Override
  public List<GrantRecord> records(@Nullable GrantName after, int limit) {
    return reader.records(after, limit);
  }

  @Override
  public void readNames(Consumer<GrantName> names) {
    reader.readNames(names);
  }

  @Override
  public List<Partition> partitions() {
    return reader.partitions();
  }

  @Override
  public void readDue(Partition partition, Instant now, Consumer<GrantRecord> due) {
    reader.readDue(partition, now, due);
  }

  @Override
  public Optional<Instant> findNextAttempt(Partition partition, Instant after) {
    return reader.findNextAttempt(partition, after);
  }

  @Override
  public void readRecords(Consumer<GrantRecord> each) {
    reader.readRecords(each);
  }

  @Override
  public Kept commit(Lease lease, Commit commit) {
    Sealing sealing = reader.sealing();
    // made ready on the caller's thread, as far as it knows the key: the writer's time is dear
    Generations.Tokens early = Generations.Tokens.seal(sealing, sealing.keys().primary(), commit);
    IntFunction<Generations.Tokens> tokens =
        key -> key == early.key() ? early : Generations.Tokens.seal(sealing, key, commit);
    boolean stored =
        Generations.isUsual(commit)
            ? moveOn(Bulk.Move.of(commit, key -> tokens.apply(key).current(), early.key(), lease))
            : writer.write(true, transaction -> commit(transaction, lease, commit, tokens));
    if (!stored) {
      throw new StaleGenerationException(commit.grant(), commit.expected());
    }
    return Kept.STORED;
  }

  private boolean moveOn(Bulk.Move move) {
    List<LogLine> lines = LogLine.of(move.commit().entries());
    return writer.gather(
        true,
        transaction -> {
          GroupCommit.Answer<Boolean> moved = transaction.moveOn(move);
          return () -> {
            if (!moved.get()) {
              return Generations.isThere(transaction, move.commit());
            }
            transaction.appendLines(lines);
            return true;
          };
        });
  }

  private static boolean commit(
      Transaction transaction, Lease lease, Commit commit, IntFunction<Generations.Tokens> tokens)
      throws SQLException {
    int key = transaction.storeKey().number();
    boolean moved = Generations.commit(transaction, commit, tokens.apply(key));
    Leases.end(transaction, lease);
    return moved || Generations.isThere(transaction, commit);
  }

  @Override
  public Kept record(Lease lease, Attempt attempt) {
    if (!writer.write(true, transaction -> record(transaction, lease, attempt))) {
      throw new StaleGenerationException(attempt.grant(), attempt.generation());
    }
    return Kept.STORED;
  }

  /** The leases are taken and ended in the same transaction: nobody else ever sees them. */
  @Override
  public Set<GrantName> recordFree(List<Attempt> attempts, Instant now) {
    return writer.write(
        true,
        transaction -> {
          List<GroupCommit.Answer<Boolean>> recorded = new ArrayList<>();
          for (Attempt attempt : attempts) {
            LeaseTerms terms = shared(new LeaseTerms(attempt.grant(), now, now, false));
            Lease lease = Leases.of(terms, 0);
            var taken = transaction.take(new Bulk.Take(terms, lease, owner));
            recorded.add(() -> taken.get() != null && record(transaction, lease, attempt));
          }
          transaction.settle();
          Set<GrantName> written = new HashSet<>();
          for (int i = 0; i < attempts.size(); i++) {
            if (recorded.get(i).get()) {
              written.add(attempts.get(i).grant());
            }
          }
          return written;
        });
  }

  private static boolean record(Transaction transaction, Lease lease, Attempt attempt)
      throws SQLException {
    boolean recorded = Generations.record(transaction, attempt);
    Leases.end(transaction, lease);
    return recorded;
  }

  /**
   * Records an attempt that could not be recorded at its time.
   *
   * @return whether it did: not if it is there already, or what came after it is
   */
  boolean recordLate(Lease lease, Attempt attempt) {
    return writer.write(
        true,
        transaction -> {
          boolean recorded = Generations.recordLate(transaction, lease, attempt);
          Leases.end(transaction, lease);
          return recorded;
        });
  }

  @Override
  public List<Circuit> circuits() {
    return reader.circuits();
  }

  @Override
  public boolean forget(Lease lease, Entry entry) {
    return writer.write(
        true,
        transaction -> {
          boolean removed = Generations.remove(transaction, lease.grant());
          if (removed) {
            transaction.append(List.of(entry));
          }
          Leases.end(transaction, lease);
          return removed;
        });
  }

  @Override
  public void append(Entry entry) {
    writer.write(
        true,
        transaction -> {
          transaction.append(List.of(entry));
          return true;
        });
  }

  @Override
  public long read(LogQuery query, Consumer<LoggedEntry> consumer) {
    return reader.read(query, consumer);
  }

  /** From now on no write waits for another process any longer than a moment. */
  void hurry() {
    writer.hurry();
    leases.hurry();
  }

  void waitNoLonger() {
    reader.waitNoLonger();
  }

  void close() {
    try {
      closeWriters();
      reader.close();
    } catch (SQLException e) {
      throw new StoreException("the store cannot be closed: " + e.getMessage(), e);
    }
  }

  void closeWriters() throws SQLException {
    writer.close();
    if (leases != writer) {
      leases.close();
    }
  }
}
