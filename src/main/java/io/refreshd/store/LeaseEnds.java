package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.LeaseTerms;
import io.refreshd.rotation.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Whether a lease is over that no outcome has ended. On one machine no clock that can be set has a
 * say in it:
 *
 * <ul>
 *   <li>The lease of a dead process is over at once. A process lives while its spool is locked.
 *   <li>That of a live process is over when it was watched for as long as a lease lasts: the
 *       process stands still. (So do the leader election of Kubernetes' client-go and the lock
 *       client of DynamoDB.)
 *   <li>Unless it marks a single-use token as presented: then that process may have the one
 *       successor in its hands, and a second presentation would destroy it. It is waited for, until
 *       it goes on or is killed.
 * </ul>
 *
 * <p>Of a process on another machine nobody knows whether it lives: there a lease is over by its
 * time, which is the database's. Earlier if its holder has said nothing for so long that it is
 * taken for dead, and it presents no single-use token: should it only have stood still, the
 * generation keeps it from overwriting anything.
 */
final class LeaseEnds {

  /** When a lease ended that somebody has declared over, who knows that its holder is dead. */
  static final Instant BY_WORD = Instant.EPOCH;

  /**
   * No lease lasts for so long: of one that does the database's clock was set back since it was
   * taken. Then its time says nothing, nor does a silence that is negative: its holder spoke last
   * before that.
   */
  static final Duration TOO_FAR_OFF = Lease.LONGEST.multipliedBy(2);

  /** Since when somebody else's lease is known here. */
  private record Sighting(String lease, long nanos) {}

  /** Our own, and when they were taken. */
  private final Map<String, Long> ours = new ConcurrentHashMap<>();

  private final Map<GrantName, Sighting> others = new ConcurrentHashMap<>();
  private final boolean isOneMachine;
  private final Spools spools;
  private final LongSupplier nanos;

  /**
   * @param nanos as {@link System#nanoTime}: goes on evenly, whatever becomes of the clock
   */
  LeaseEnds(StoreLocation location, Spools spools, LongSupplier nanos) {
    this.isOneMachine = location instanceof SqliteLocation;
    this.spools = spools;
    this.nanos = nanos;
  }

  /** Is about to be taken. */
  void begin(Lease lease) {
    ours.put(lease.id(), nanos.getAsLong());
  }

  /** Is over by its outcome, or was not got. */
  void end(Lease lease) {
    ours.remove(lease.id());
  }

  /** Whether a lease is over. */
  boolean isOver(FoundLease found, LeaseTerms terms) {
    return isOneMachine
        ? isOverHere(found.lease(), terms)
        : found.isOver() || isOverElsewhere(found);
  }

  /** Before its time. */
  private static boolean isOverElsewhere(FoundLease found) {
    Duration silence = found.silence();
    if (silence == null || silence.isNegative()) {
      return found.left().compareTo(TOO_FAR_OFF) > 0;
    }
    boolean isOfTheDead = silence.compareTo(Node.DEAD_AFTER) >= 0;
    return isOfTheDead
        && (!Leases.isMarked(found.lease()) || found.left().compareTo(TOO_FAR_OFF) > 0);
  }

  /**
   * Whether a lease that marks a token as presented is of a process that is known to be dead: then
   * nobody comes any more with the answer. Who may not use the locks cannot know.
   *
   * @param id the lease's
   */
  boolean isOfTheDead(String id) {
    OptionalInt spool = isOneMachine ? Leases.spool(id) : OptionalInt.empty();
    return spool.isPresent()
        && !isOurs(id, spool.getAsInt())
        && spools.isOfAProvablyDeadProcess(spool.getAsInt());
  }

  /** Its outcome may be held here: the store need not know of it yet. */
  private boolean isOurs(String id, int spool) {
    return Leases.isOfThisProcess(id) && spools.knownNumber().equals(OptionalInt.of(spool));
  }

  private boolean isOverHere(Lease found, LeaseTerms terms) {
    long now = nanos.getAsLong();
    long lasts = Duration.between(terms.now(), terms.until()).toNanos();
    Long taken = ours.get(found.id());
    if (taken != null) {
      return now - taken >= lasts;
    }
    OptionalInt spool = Leases.spool(found.id());
    boolean isDead = spool.isPresent() && spools.isOfADeadProcess(spool.getAsInt());
    if (isDead || found.until().equals(BY_WORD)) {
      others.remove(found.grant());
      return true;
    }
    Sighting seen =
        others.compute(
            found.grant(),
            (grant, before) ->
                before != null && before.lease().equals(found.id())
                    ? before
                    : new Sighting(found.id(), now));
    return !Leases.isMarked(found) && now - seen.nanos() >= lasts;
  }
}
