package io.refreshd.schedule;

import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Circuit;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.Clocks;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Partition;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.TokenStore;
import io.refreshd.rotation.Trigger;
import io.refreshd.rotation.WithCircuits;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Finds in the store which of the configured grants are due, and when the next one is. */
final class DueGrants {

  /** A look brings so many at most, the most urgent: the next ones come when these are done. */
  static final int AT_ONCE = 50_000;

  /** And so many of one tenant. */
  private static final int OF_ONE_TENANT = 10_000;

  /** How soon what could not go just now is looked at again. */
  private static final Duration SOON = Duration.ofSeconds(5);

  /**
   * What a look came to.
   *
   * @param due may be rotated now
   * @param next when to look again; {@link RotationPolicy#NEVER} if nothing will be due
   * @param arming the same for each partition, of the grants that were looked at
   */
  record Look(List<RotationQueue.Waiting> due, Instant next, Map<Partition, Instant> arming) {}

  private final Map<GrantName, Grant> grants = new HashMap<>();
  private final Set<Partition> partitions = new HashSet<>();

  /** A while in which a grant is let alone. */
  private record Pause(Instant from, Instant until) {

    /** Before it began as well: then the clock was ahead, and its end may be years away. */
    boolean isOver(Instant now) {
      return now.isBefore(from) || !now.isBefore(until);
    }
  }

  private final Map<GrantName, Pause> postponed = new ConcurrentHashMap<>();

  private final TokenStore store;
  private final RotationPolicy policy;
  private final Scouts scouts;
  private final Clock clock;
  private final int shares;

  DueGrants(
      Collection<Grant> grants,
      TokenStore store,
      RotationPolicy policy,
      Scouts scouts,
      Clock clock) {
    this.store = store;
    this.policy = policy;
    this.scouts = scouts;
    this.clock = clock;
    this.shares = store.partitions().size();
    for (Grant grant : grants) {
      this.grants.put(grant.name(), grant);
      partitions.add(Partition.of(grant.name().tenant(), shares));
    }
  }

  /** Those that hold a configured grant. */
  Set<Partition> partitions() {
    return Set.copyOf(partitions);
  }

  /** Lets a grant alone for a while: it could not be rotated just now. */
  void postpone(GrantName grant, Duration time) {
    Instant now = clock.instant();
    postponed.put(grant, new Pause(now, now.plus(time)));
  }

  /** Looks at what the store says is due in a partition. */
  Look in(Partition partition, Trigger trigger) {
    Instant now = clock.instant();
    postponed.values().removeIf(pause -> pause.isOver(now));
    Gathering gathering = new Gathering(now, Duration.ZERO, trigger);
    store.readDue(partition, now, gathering::addUnlessPostponed);
    // while it can fail no scout is out
    gathering.readAll();
    gathering.next = earlier(gathering.next, nextAttempt(partition, now));
    return gathering.end();
  }

  /** When the first grant of a partition is due after an instant, as the store has it. */
  Instant nextAttempt(Partition partition, Instant after) {
    return store.findNextAttempt(partition, after).orElse(RotationPolicy.NEVER);
  }

  /**
   * Looks at these grants, whatever the store says of them.
   *
   * @param grace how long one must have been due by what the store says
   */
  Look among(List<GrantRecord> records, Duration grace, Trigger trigger) {
    Gathering gathering = new Gathering(clock.instant(), grace, trigger);
    records.forEach(gathering::add);
    gathering.readAll();
    return gathering.end();
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  /** Takes record by record. */
  private final class Gathering {
    private final Instant now;
    private final Duration grace;
    private final Trigger trigger;
    private final WithCircuits looking = new WithCircuits(store, this::look);

    /** The least urgent of them is the first to make room. */
    private final PriorityQueue<Scouts.Due> due =
        new PriorityQueue<>(Scouts.Due.URGENCY.reversed());

    private final Map<String, Integer> ofTenant = new HashMap<>();
    private final Map<Partition, Instant> arming = new HashMap<>();
    private Instant next = RotationPolicy.NEVER;

    Gathering(Instant now, Duration grace, Trigger trigger) {
      this.now = now;
      this.grace = grace;
      this.trigger = trigger;
    }

    void addUnlessPostponed(GrantRecord record) {
      Pause pause = postponed.get(record.name());
      if (pause == null) {
        add(record);
      } else {
        next = earlier(next, pause.until());
      }
    }

    void add(GrantRecord record) {
      Grant grant = grants.get(record.name());
      if (grant != null) {
        looking.add(grant, record);
      }
    }

    private void look(Grant grant, GrantRecord record, Circuits circuits) {
      Instant at = policy.due(grant, record, circuits, now);
      if (at.equals(RotationPolicy.NEVER)) {
        return;
      }
      // what only arithmetic calls due no trigger finds
      Duration wait = record.nextAttemptAt().isAfter(now) ? Duration.ZERO : grace;
      if (now.isBefore(at.plus(wait))) {
        next = earlier(next, at);
        arming.merge(Partition.of(record.name().tenant(), shares), at, DueGrants::earlier);
      } else if (ofTenant.merge(record.name().tenant(), 1, Integer::sum) <= OF_ONE_TENANT) {
        Circuit circuit = circuits.holding(grant);
        due.add(new Scouts.Due(waiting(grant, record), circuit == null ? null : circuit.key()));
        if (due.size() > AT_ONCE) {
          due.remove();
        }
      }
    }

    private RotationQueue.Waiting waiting(Grant grant, GrantRecord record) {
      Instant deadline = Clocks.of(grant, record).deadline();
      Trigger why =
          trigger == Trigger.SCHEDULE && record.standing().failures() > 0 ? Trigger.RETRY : trigger;
      return new RotationQueue.Waiting(grant, why, deadline == null ? Instant.EPOCH : deadline);
    }

    /** There are no more to be added. */
    void readAll() {
      looking.end();
    }

    /** Those that a scout goes ahead of wait for it. */
    Look end() {
      List<RotationQueue.Waiting> going = scouts.among(List.copyOf(due));
      Instant again = going.size() < due.size() ? earlier(next, now.plus(SOON)) : next;
      return new Look(going, again, arming);
    }
  }
}
