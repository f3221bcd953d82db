package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.LeaseTerms;
import java.sql.SQLException;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is written about leases, each within the writer's transaction. */
final class Leases {

  /** Starts the id of a lease that marks the generation: its release must be durable as well. */
  private static final String MARKED = "marked-";

  private static final Pattern SPOOL = Pattern.compile("-spool([0-9]{1,6})-");

  /** Tells this process's leases from those of all others; a number tells them from each other. */
  private static final String OURS = UUID.randomUUID() + "-";

  private static final AtomicLong COUNT = new AtomicLong();

  private Leases() {}

  /**
   * A lease to be taken.
   *
   * @param spool the number of the spool file whose lock tells that its holder lives
   */
  static Lease of(LeaseTerms terms, int spool) {
    String prefix = terms.marksPresented() ? MARKED : "plain-";
    String id = prefix + "spool" + spool + "-" + OURS + COUNT.incrementAndGet();
    return new Lease(terms.grant(), id, terms.until());
  }

  /** Whether a lease was taken by this process. */
  static boolean isOfThisProcess(String lease) {
    return lease.contains(OURS);
  }

  /** The number of its holder's spool file; empty if its id does not tell. */
  static OptionalInt spool(String lease) {
    Matcher matcher = SPOOL.matcher(lease);
    return matcher.find()
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }

  /** Whether undoing it by a power cut would leave a mark of a presentation that never was. */
  static boolean isMarked(Lease lease) {
    return lease.id().startsWith(MARKED);
  }

  /** Takes a grant whose last lease is over without an outcome. */
  static boolean takeAfter(
      Transaction transaction, Lease over, LeaseTerms terms, Lease lease, String owner)
      throws SQLException {
    return transaction.update(
            transaction.sql().leaseAfter(),
            lease.id(),
            owner,
            Micros.of(terms.now()),
            lasts(terms),
            terms.marksPresented(),
            terms.grant().tenant(),
            terms.grant().name(),
            terms.grant().tenant(),
            terms.grant().name(),
            over.id())
        == 1;
  }

  /** For how long a lease is asked for, in microseconds. */
  static long lasts(LeaseTerms terms) {
    return Micros.of(terms.until()) - Micros.of(terms.now());
  }

  /** What is there of a grant that was just leased. */
  static Seen seen(Transaction transaction, GrantName grant) throws SQLException {
    return new Seen(
        transaction
            .first(Sql.FIND_LEASED, SealedGrant::read, grant.tenant(), grant.name())
            .orElse(null),
        CircuitRows.isAnyOpen(transaction));
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
