package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.AlertStore;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.LogProof;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.Node;
import io.refreshd.rotation.TokenStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** A token store that is open, and what its owner has to do for it. */
public interface OpenStore extends TokenStore, AutoCloseable {

  /**
   * What became of the commits that were held.
   *
   * @param stored are in the store now
   * @param dropped were not: the store had a newer generation
   * @param held still wait
   */
  record Flushed(List<GrantName> stored, List<GrantName> dropped, List<GrantName> held) {
    public Flushed {
      stored = List.copyOf(stored);
      dropped = List.copyOf(dropped);
      held = List.copyOf(held);
    }
  }

  /**
   * Ends the leases of a process that is dead and went by that owner's name; the marks of
   * presentation stay. To be called before the first lease under that name.
   *
   * @return how many
   */
  int endLeasesOf(String owner);

  /**
   * Makes room for the successors of so many grants in flight at once.
   *
   * @throws io.refreshd.rotation.StoreException.Unavailable if there is none; the room is then as
   *     before
   */
  void reserve(int inFlight);

  /** The grants whose new generation waits for the store. */
  List<GrantName> held();

  /** Whether anything waits for the store: a new generation, or how a redemption ended. */
  boolean holdsAny();

  /**
   * Those of the grants whose current token no key opens. Opens the tokens of all of them, and
   * keeps none.
   *
   * @throws io.refreshd.rotation.StoreException.WrongKey if the key file is missing or another
   */
  Set<GrantName> damaged(List<GrantName> grants);

  /** Tries to store what is held. Costs nothing if nothing is. */
  Flushed flush();

  /** How this store is shared with other daemons; empty where there can be one only. */
  Optional<Cluster> cluster();

  /** The daemons that share this store, dead ones for a while too, by name. */
  List<Node> nodes();

  /** What people were told, and what is on its way to them. */
  AlertStore alerts();

  /**
   * Reads the whole rotation log and proves, as far as it can, that it is as it was written. Beside
   * writers too: what they append meanwhile is fine.
   */
  LogProof verifyLog();

  /**
   * Writes down, apart from the store, where the rotation log ends; costs nothing if it has not
   * grown. To be called now and then, so that no rotation waits for it; {@link #close} does it too.
   */
  void keepHead();

  /**
   * A head of the rotation log that this process knew, or that was written down apart from the
   * store, if the log does not have it: the store is older than that head, or its log was cut or
   * rewritten. Empty once that is {@link #settled}.
   */
  Optional<LostHead> findLostHead();

  /**
   * The newest head that the rotation log does not have and that is {@link #settled}, as long as no
   * person has removed what tells of it.
   */
  Optional<LogHead> findHeadSetAside();

  /**
   * Whether this process has seen the store go back to an older state since it opened it. Until
   * that is {@link #settled}, no lease marks a token as presented. Asks nobody.
   */
  boolean hasGoneBack();

  /**
   * All tokens that may be spent are withheld since that head is missed. It is set aside, and the
   * head that is kept apart goes on with the log.
   */
  void settled(LogHead head);

  /**
   * How long a write has waited without any having come to an end, by monotonic time; zero if none
   * waits. A database that is broken lets it fail; if this grows to minutes, something hangs that
   * nobody else would notice, such as a disk that does not come back from a sync.
   */
  Duration standstill();

  /**
   * From now on no write waits for another process, those under way included: what the store does
   * not take within a moment is held. To be called when this process must end.
   */
  void hurry();

  /**
   * From now on nobody waits for a connection for longer than a moment; what is under way goes on.
   * To be called when this process is told to end.
   */
  void waitNoLonger();

  /** The newest entry of an event of which something is true; what is older is not looked at. */
  Optional<LoggedEntry> findNewest(Event event, Predicate<Entry> isIt);

  /** The way to a new sealing key. */
  SealingKeyRotation sealingKeyRotation();

  /** Tries for a second to store what is held, says what remains and where, and closes. */
  @Override
  void close();
}
