package io.refreshd.rotation;

import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The port to where grants, their generations and the rotation log are kept. Safe for use by many
 * threads and, on one store, by many processes.
 *
 * <p>Every method throws {@link StoreException} if the store cannot do what is asked; its subtypes
 * say which trouble it is.
 */
public interface TokenStore {

  /**
   * Leases a grant, whether or not it has a token yet, and reads it under the lease. The lease is a
   * write, so it proves that the store can be written before a redemption is spent. A token that
   * does not open keeps nobody from the lease, see {@link StoredGrant#current}.
   *
   * @return empty if another lease on it is live
   */
  Optional<Leased> lease(LeaseTerms terms);

  /**
   * Asks for a lease, and leaves it to the caller when to wait for it: for the grant that a thread
   * rotates next, while the last one is committed. Waits for nothing itself, not even for a disk,
   * and throws nothing. The answer must be taken, once, and throws what {@link #lease} throws; a
   * store may not try before it is.
   */
  default Supplier<Optional<Leased>> leaseAhead(LeaseTerms terms) {
    return () -> lease(terms);
  }

  /**
   * Ends a lease before its time, and takes back the mark of presentation that it made itself: the
   * mark of an earlier lease stays. A lease that is no longer held is let be.
   */
  void release(Lease lease);

  /** The grant with its tokens, outside of a lease; empty if it has none yet. */
  Optional<StoredGrant> find(GrantName grant);

  /** The grant without its tokens; empty if it has none yet. */
  Optional<GrantRecord> findRecord(GrantName grant);

  /** Those of the grants that have a token, without their tokens, in no order. */
  default List<GrantRecord> records(List<GrantName> grants) {
    return grants.stream().map(this::findRecord).flatMap(Optional::stream).toList();
  }

  /** So many grants that have a token, by name: those after the given one, or the first. */
  default List<GrantRecord> records(@Nullable GrantName after, int limit) {
    return all().stream()
        .filter(record -> after == null || record.name().compareTo(after) > 0)
        .limit(limit)
        .toList();
  }

  /**
   * Hands over all grants that have a token, by name; a million of them are not in memory at once.
   */
  void readRecords(Consumer<GrantRecord> reader);

  /** Good enough for a store that has them in memory anyway. */
  private List<GrantRecord> all() {
    List<GrantRecord> all = new ArrayList<>();
    readRecords(all::add);
    return all;
  }

  /** Hands over the names of all grants that have a token. */
  default void readNames(Consumer<GrantName> reader) {
    readRecords(record -> reader.accept(record.name()));
  }

  /** How the fleet is shared out among the daemons on this store. */
  default List<Partition> partitions() {
    return List.of(Partition.WHOLE);
  }

  /**
   * Hands over the grants of a partition whose {@code nextAttemptAt} has come, the longest due
   * first, without a look at the others.
   */
  default void readDue(Partition partition, Instant now, Consumer<GrantRecord> reader) {
    all().stream()
        .filter(record -> partition.has(record.name().tenant()))
        .filter(record -> !record.nextAttemptAt().isAfter(now))
        .sorted(Comparator.comparing(GrantRecord::nextAttemptAt))
        .forEach(reader);
  }

  /** The first {@code nextAttemptAt} of a partition after an instant. */
  default Optional<Instant> findNextAttempt(Partition partition, Instant after) {
    return all().stream()
        .filter(record -> partition.has(record.name().tenant()))
        .map(GrantRecord::nextAttemptAt)
        .filter(at -> at.isAfter(after))
        .min(Comparator.naturalOrder());
  }

  /**
   * Makes a new generation the current one and writes the log, in one durable transaction, on
   * condition that the current generation is still the expected one. Ends the lease.
   *
   * @return {@link Kept#STORED} when it is durable in the store, {@link Kept#HELD} when the store
   *     could not take it and it waits elsewhere: {@link #lease} then refuses that grant until it
   *     is stored
   * @throws StaleGenerationException if another writer was first; nothing is overwritten
   */
  Kept commit(Lease lease, Commit commit);

  /**
   * Writes a failed attempt. Ends the lease and takes back its mark of presentation.
   *
   * @return {@link Kept#HELD} when the store could not take it and it waits in memory
   * @throws StaleGenerationException if the generation is no longer current; or if the lease was
   *     lost and somebody else's answer since, which only who has the grant leased may undo
   */
  Kept record(Lease lease, Attempt attempt);

  /**
   * Writes an attempt of each of many grants, as far as nobody has them leased, in one durable
   * transaction. A store may leave out whatever it can write only one after the other.
   *
   * @return those that are written; the others are to be leased each for itself
   */
  default Set<GrantName> recordFree(List<Attempt> attempts, Instant now) {
    return Set.of();
  }

  /** All circuits that are open, in no order; they may be as many as the grants. */
  List<Circuit> circuits();

  /**
   * The circuits that these grants may stand behind. A store that has many need not look at the
   * others: the answer may be asked of these grants only.
   */
  default Circuits circuitsOf(Collection<Grant> grants) {
    return Circuits.of(circuits());
  }

  /**
   * Removes a grant with its tokens, on a person's word; its entries in the log stay, and one more
   * says so. Ends the lease.
   *
   * @return whether there was one
   */
  boolean forget(Lease lease, Entry entry);

  /** Adds an event to the rotation log. */
  void append(Entry entry);

  /**
   * Hands over the entries that are wanted of those that are there now, oldest first.
   *
   * @return up to which number the log was looked at, whether or not anything was wanted: whoever
   *     follows the log goes on from there
   */
  long read(LogQuery query, Consumer<LoggedEntry> reader);

  /** Where what a rotation brought is. */
  enum Kept {
    /** In the store, durably. */
    STORED,
    /** In memory; a successor also, if the disk let it, sealed in the spool. */
    HELD
  }
}
