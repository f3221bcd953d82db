package io.refreshd.store;

import io.refreshd.rotation.Lease;
import io.refreshd.rotation.LeaseTerms;
import io.refreshd.rotation.Leased;
import io.refreshd.rotation.StoredGrant;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes grants for this process, so that nobody else is at them, and gives them back. */
final class JdbcLeases {

  private final StoreReader reader;
  private final GroupCommit writer;

  /** For what need not be durable: where that is another one, no fsync holds it up. */
  private final GroupCommit beside;

  private final String owner;

  /**
   * Leases over open connections.
   *
   * @param beside the writer of what need not be durable, which may be the same
   * @param owner who they belong to
   */
  JdbcLeases(StoreReader reader, GroupCommit writer, GroupCommit beside, String owner) {
    this.reader = reader;
    this.writer = writer;
    this.beside = beside;
    this.owner = owner;
  }

  String owner() {
    return owner;
  }

  /** Of what need not be durable. */
  GroupCommit beside() {
    return beside;
  }

  /** As {@link io.refreshd.rotation.TokenStore#lease}. */
  Optional<Leased> lease(LeaseTerms terms) {
    Lease lease = Leases.of(terms, 0);
    return takeFree(terms, lease)
        .or(
            () ->
                find(terms)
                    .filter(FoundLease::isOver)
                    .map(FoundLease::lease)
                    .flatMap(over -> takeAfter(over, terms, lease)));
  }

  /** Leases a grant that nobody holds; the lease may be taken even if this throws. */
  Optional<Leased> takeFree(LeaseTerms terms, Lease lease) {
    return askFree(terms, lease).get();
  }

  /** The same, and it is up to the caller when to wait for it. */
  Supplier<Optional<Leased>> askFree(LeaseTerms terms, Lease lease) {
    Bulk.Take take = new Bulk.Take(terms, lease, owner);
    Supplier<Optional<Seen>> answer =
        (terms.marksPresented() ? writer : beside)
            .ask(
                terms.marksPresented(),
                transaction -> {
                  refuseIfLost(transaction, terms);
                  GroupCommit.Answer<@Nullable Seen> seen = transaction.take(take);
                  return () -> Optional.ofNullable(seen.get());
                });
    return () -> answer.get().map(seen -> leased(lease, seen));
  }

  /** Likewise, one whose last lease is over without an outcome. */
  Optional<Leased> takeAfter(Lease over, LeaseTerms terms, Lease lease) {
    return writer
        .<Optional<Seen>>write(
            terms.marksPresented(),
            transaction -> {
              refuseIfLost(transaction, terms);
              return Leases.takeAfter(transaction, over, terms, lease, owner)
                  ? Optional.of(Leases.seen(transaction, terms.grant()))
                  : Optional.empty();
            })
        .map(seen -> leased(lease, seen));
  }

  /** Within the transaction: it is the connection that tells what the store has. */
  private void refuseIfLost(Transaction transaction, LeaseTerms terms) throws SQLException {
    if (terms.marksPresented()) {
      var unused = reader.knownHead().look(transaction);
      reader.knownHead().refuseIfLost(terms.grant());
    }
  }

  private Leased leased(Lease lease, Seen seen) {
    try {
      SealedGrant found = seen.grant();
      StoredGrant stored = found == null ? null : reader.unopened(found);
      return new Leased(lease, stored, seen.isAnyCircuitOpen());
    } catch (RuntimeException e) {
      release(lease);
      throw e;
    }
  }

  Optional<FoundLease> find(LeaseTerms terms) {
    return reader.findLease(terms.grant(), terms.now());
  }

  int endAllOf(String otherOwner, Instant now) {
    return writer.write(true, transaction -> Leases.endAllOf(transaction, otherOwner, now));
  }

  /** As {@link io.refreshd.rotation.TokenStore#release}. */
  void release(Lease lease) {
    boolean isMarked = Leases.isMarked(lease);
    (isMarked ? writer : beside).write(isMarked, transaction -> Leases.release(transaction, lease));
  }

  void hurry() {
    beside.hurry();
  }

  void close() throws SQLException {
    if (beside != writer) {
      beside.close();
    }
  }
}
