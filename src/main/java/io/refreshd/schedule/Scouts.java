package io.refreshd.schedule;

import io.refreshd.grant.Client;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.Reach;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends one grant of a client ahead of the others. If the client's secret has expired, or its
 * tenant is gone, the first answer says so, and the others need not ask: a fleet behind one wrong
 * secret costs one redemption and its confirmation, not one for each grant.
 */
final class Scouts {

  /** How long a good answer speaks for the client. */
  private static final Duration TRUST = Duration.ofMinutes(1);

  private final Clock clock;

  /**
   * A grant that is due.
   *
   * @param circuit the key of the one that holds it; {@code null} if none does
   */
  record Due(RotationQueue.Waiting waiting, @Nullable String circuit) {

    /** The most urgent first. */
    static final Comparator<Due> URGENCY =
        Comparator.comparing(Due::waiting, RotationQueue.URGENCY);
  }

  /** A client as it proves itself: what was heard of one secret says nothing of another. */
  private record Proven(URI authority, Client client) {
    static Proven of(Grant grant) {
      return new Proven(grant.endpoint().base(), grant.client());
    }
  }

  private final Map<Proven, Instant> trusted = new HashMap<>();

  /** Who is out, by the client or the circuit's key that it was sent for. */
  private final Map<Object, GrantName> out = new HashMap<>();

  /** The same by who is out: there may be as many circuits as grants. */
  private final Map<GrantName, List<Object>> errands = new HashMap<>();

  /** The clients whose other grants wait for the scout. */
  private final Set<Proven> awaited = new HashSet<>();

  Scouts(Clock clock) {
    this.clock = clock;
  }

  /**
   * Those that may go now: all grants of a client that was heard of lately, else the most urgent
   * one; of those that a circuit holds, one for all.
   */
  synchronized List<RotationQueue.Waiting> among(List<Due> due) {
    List<RotationQueue.Waiting> going = new ArrayList<>();
    List<Due> urgentFirst = new ArrayList<>(due);
    urgentFirst.sort(Due.URGENCY);
    for (Due one : urgentFirst) {
      Grant grant = one.waiting().grant();
      Proven client = Proven.of(grant);
      boolean free = one.circuit() == null && isTrusted(client);
      if (free || isSent(grant.name(), one.circuit() == null ? client : one.circuit())) {
        going.add(one.waiting());
      } else {
        awaited.add(client);
      }
    }
    return going;
  }

  /** Whether it is the one that goes on the errand, now or already. */
  private boolean isSent(GrantName grant, Object errand) {
    GrantName sent = out.get(errand);
    if (sent != null) {
      return sent.equals(grant);
    }
    errands.computeIfAbsent(grant, one -> new ArrayList<>(1)).add(errand); // first: it ends all
    out.put(errand, grant);
    return true;
  }

  /**
   * Takes note of how a rotation ended.
   *
   * @return whether grants of its client waited for that, and may go now
   */
  synchronized boolean back(Grant grant, Outcome outcome) {
    Proven client = Proven.of(grant);
    lost(grant);
    boolean speaksOfAll =
        outcome instanceof Outcome.Failed failed && failed.refused().reach() != Reach.GRANT;
    if (speaksOfAll) {
      trusted.remove(client);
      return false;
    }
    trusted.put(client, clock.instant().plus(TRUST));
    return awaited.remove(client);
  }

  /** It ended without an outcome: another may be sent. */
  synchronized void lost(Grant grant) {
    List<Object> ended = errands.remove(grant.name());
    if (ended != null) {
      out.keySet().removeAll(ended);
    }
  }

  private boolean isTrusted(Proven client) {
    Instant until = trusted.get(client);
    Instant now = clock.instant();
    // not for longer than that either: the clock may have been ahead
    return until != null && now.isBefore(until) && !now.plus(TRUST).isBefore(until);
  }
}
