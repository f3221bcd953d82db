package io.refreshd.store;

import io.refreshd.rotation.Lease;
import io.refreshd.rotation.LeaseTerms;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** What is written about leases, each within the writer's transaction. */
final class Leases {

  /** Starts the id of a lease that marks the generation: its release must be durable as well. */
  private static final String MARKED = "marked-";

  /** Tells this process's leases from those of all others; a number tells them from each other. */
  private static final String OURS = UUID.randomUUID() + "-";

  private static final AtomicLong COUNT = new AtomicLong();

  private Leases() {}

  static Lease of(LeaseTerms terms) {
    String prefix = terms.marksPresented() ? MARKED : "plain-";
    return new Lease(terms.grant(), prefix + OURS + COUNT.incrementAndGet(), terms.until());
  }

  /** Whether undoing it by a power cut would leave a mark of a presentation that never was. */
  static boolean isMarked(Lease lease) {
    return lease.id().startsWith(MARKED);
  }

  /** Takes a grant that nobody has. */
  static boolean takeFree(Transaction transaction, LeaseTerms terms, Lease lease, String owner)
      throws SQLException {
    return transaction.update(
            Sql.LEASE_FREE,
            terms.grant().tenant(),
            terms.grant().name(),
            lease.id(),
            owner,
            Micros.of(terms.until()),
            terms.marksPresented(),
            terms.grant().tenant(),
            terms.grant().name())
        == 1;
  }

  /** Takes a grant whose lease ended by its time, without an outcome. */
  static boolean takeEnded(Transaction transaction, LeaseTerms terms, Lease lease, String owner)
      throws SQLException {
    return transaction.update(
            Sql.LEASE_ENDED,
            lease.id(),
            owner,
            Micros.of(terms.until()),
            terms.marksPresented(),
            terms.grant().tenant(),
            terms.grant().name(),
            terms.grant().tenant(),
            terms.grant().name(),
            Micros.of(terms.now()))
        == 1;
  }

  /** Gives it back with nothing done: a mark left over from an earlier lease stays. */
  static boolean release(Transaction transaction, Lease lease) throws SQLException {
    return transaction.update(
                Sql.RELEASE_MARKED, lease.grant().tenant(), lease.grant().name(), lease.id())
            == 1
        || end(transaction, lease);
  }

  /** Ends it with its outcome: all marks are answered. */
  static boolean end(Transaction transaction, Lease lease) throws SQLException {
    return transaction.update(
            Sql.END_LEASE, lease.grant().tenant(), lease.grant().name(), lease.id())
        == 1;
  }

  static int endAllOf(Transaction transaction, String owner, Instant now) throws SQLException {
    return transaction.update(Sql.END_LEASES_OF, Micros.of(now), owner, Micros.of(now));
  }
}
