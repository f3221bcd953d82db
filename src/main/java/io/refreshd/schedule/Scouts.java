package io.refreshd.schedule;

import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Circuit;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.Reach;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sends one grant of a client ahead of the others. If the client's secret has expired, or its
 * tenant is gone, the first answer says so, and the others need not ask: a fleet behind one wrong
 * secret costs one redemption and its confirmation, not one for each grant.
 */
final class Scouts {

  /** How long a good answer speaks for the client. */
  private static final Duration TRUST = Duration.ofMinutes(1);

  private final Clock clock;

  /** By client. */
  private final Map<String, Instant> trusted = new HashMap<>();

  /** Who is out, by the client or the circuit that it was sent for. */
  private final Map<String, GrantName> out = new HashMap<>();

  /** The clients whose other grants wait for the scout. */
  private final Set<String> awaited = new HashSet<>();

  Scouts(Clock clock) {
    this.clock = clock;
  }

  /**
   * Those that may go now: all grants of a client that was heard of lately, else the most urgent
   * one; of those that a circuit holds, one for all.
   */
  synchronized List<RotationQueue.Waiting> among(
      List<RotationQueue.Waiting> due, Circuits circuits) {
    List<RotationQueue.Waiting> going = new ArrayList<>();
    List<RotationQueue.Waiting> urgentFirst = new ArrayList<>(due);
    urgentFirst.sort(RotationQueue.URGENCY);
    for (RotationQueue.Waiting waiting : urgentFirst) {
      String client = client(waiting.grant());
      Circuit circuit = circuits.holding(waiting.grant());
      boolean free = circuit == null && isTrusted(client);
      GrantName name = waiting.grant().name();
      String errand = circuit == null ? client : circuit.key();
      if (free || name.equals(out.computeIfAbsent(errand, sent -> name))) {
        going.add(waiting);
      } else {
        awaited.add(client);
      }
    }
    return going;
  }

  /**
   * Takes note of how a rotation ended.
   *
   * @return whether grants of its client waited for that, and may go now
   */
  synchronized boolean back(Grant grant, Outcome outcome) {
    String client = client(grant);
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
    out.values().removeIf(grant.name()::equals);
  }

  private boolean isTrusted(String client) {
    Instant until = trusted.get(client);
    Instant now = clock.instant();
    // not for longer than that either: the clock may have been ahead
    return until != null && now.isBefore(until) && !now.plus(TRUST).isBefore(until);
  }

  private static String client(Grant grant) {
    return grant.endpoint().base() + " " + grant.client().id();
  }
}
