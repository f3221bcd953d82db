package io.refreshd.store;

import io.refreshd.grant.Grant;
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
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The token store in a database: reads on one connection, writes on others. */
final class JdbcTokenStore implements TokenStore, LogEnd {

  private final StoreReader reader;
  private final GroupCommit writer;

  private final JdbcLeases leases;

  /** A store over open connections. */
  JdbcTokenStore(StoreReader reader, GroupCommit writer, JdbcLeases leases) {
    this.reader = reader;
    this.writer = writer;
    this.leases = leases;
  }

  StoreReader reader() {
    return reader;
  }

  GroupCommit writer() {
    return writer;
  }

  JdbcLeases leases() {
    return leases;
  }

  @Override
  public Optional<Leased> lease(LeaseTerms terms) {
    return leases.lease(terms);
  }

  @Override
  public void release(Lease lease) {
    leases.release(lease);
  }

  /** As the connection has it that writes. */
  @Override
  public Optional<LogHead> findLogHead() {
    return writer.write(false, reader.knownHead()::look);
  }

  @Override
  public boolean isLogged(LogHead head) {
    return writer.write(false, head::isIn);
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
      throw StaleGenerationException.ofAttempt(attempt.grant(), attempt.generation());
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
            LeaseTerms terms = new LeaseTerms(attempt.grant(), now, now, false);
            Lease lease = Leases.of(terms, 0);
            var taken = transaction.take(new Bulk.Take(terms, lease, leases.owner()));
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
    boolean recorded = Generations.record(transaction, lease, attempt);
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
  public Circuits circuitsOf(Collection<Grant> grants) {
    return reader.circuitsOf(grants);
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

  /** As {@link OpenStore#standstill}. */
  Duration standstill() {
    Duration durable = writer.standstill();
    Duration beside = leases.beside().standstill();
    return durable.compareTo(beside) > 0 ? durable : beside;
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
    leases.close();
  }
}
