package io.refreshd.schedule;

import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.Clocks;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.TokenStore;
import io.refreshd.rotation.Trigger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rotates every grant when it is due. A Quartz job per tenant fires at the time of its earliest
 * grant; a watchman looks at all grants once a minute from the store alone, so that a lost trigger,
 * a suspended machine, a clock that jumped or a token imported by another process starves nobody.
 */
public final class RotationScheduler implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RotationScheduler.class);

  private static final Duration WATCH_AT_MOST = Duration.ofMinutes(1);
  private static final Duration WATCH_AT_LEAST = Duration.ofSeconds(1);

  /** The watchman comes by so many times in the shortest lifetime. */
  private static final int WATCHES_PER_LIFE = 20;

  /** How long a due grant is left to its trigger before the watchman takes it. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** What a round of the watchman may take on a busy machine with a busy store. */
  private static final Duration ROUND_LIMIT = Duration.ofSeconds(30);

  private final Map<String, Map<GrantName, Grant>> tenants = new TreeMap<>();
  private final TokenStore store;
  private final Rotator rotator;
  private final RotationPolicy policy;
  private final Clock clock;
  private final Duration watchEvery;
  private final Scouts scouts;
  private final RotationQueue queue;
  private final TenantTriggers triggers;
  private final ScheduledExecutorService watchman =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "watchman");
            thread.setDaemon(true);
            return thread;
          });
  private volatile long lastRound = System.nanoTime();

  /**
   * Starts nothing yet.
   *
   * @param inFlight how many rotations at once
   * @param perTenant how many of one tenant at once
   */
  public RotationScheduler(
      Collection<Grant> grants,
      TokenStore store,
      Rotator rotator,
      RotationPolicy policy,
      int inFlight,
      int perTenant,
      Clock clock) {
    for (Grant grant : grants) {
      tenants
          .computeIfAbsent(grant.name().tenant(), tenant -> new TreeMap<>())
          .put(grant.name(), grant);
    }
    this.store = store;
    this.rotator = rotator;
    this.policy = policy;
    this.clock = clock;
    this.watchEvery = watchInterval(grants);
    this.scouts = new Scouts(clock);
    this.queue = new RotationQueue(inFlight, perTenant, this::rotate);
    this.triggers = new TenantTriggers(this, "refreshd-" + Integer.toHexString(hashCode()));
  }

  /**
   * Arms every tenant from the store and starts to rotate what is due.
   *
   * @throws StoreException if the store cannot be read just now; the watchman tries again
   */
  public void start() {
    triggers.start(tenants.keySet());
    long millis = watchEvery.toMillis();
    var unused =
        watchman.scheduleWithFixedDelay(this::watch, millis, millis, TimeUnit.MILLISECONDS);
    sweep(store.records(), Duration.ZERO, Trigger.SCHEDULE);
  }

  /** Whether the watchman comes by as he should; if not, something hangs. */
  public boolean isWatched() {
    Duration since = Duration.ofNanos(System.nanoTime() - lastRound);
    return since.compareTo(watchEvery.multipliedBy(2).plus(ROUND_LIMIT)) < 0;
  }

  /** Looks at all grants from the store alone: takes what its trigger has missed. */
  void watch() {
    try {
      Duration grace = GRACE.compareTo(watchEvery) < 0 ? GRACE : watchEvery;
      sweep(store.records(), grace, Trigger.WATCHMAN);
    } catch (RuntimeException e) {
      // an exception would end the watchman for good; his next round may do better
      LOG.error("the watchman could not look at the grants: {}", e.getMessage());
    } finally {
      lastRound = System.nanoTime();
    }
  }

  /** A tenant's time has come. */
  void fire(String tenant) {
    try {
      sweep(store.records(tenant), Duration.ZERO, Trigger.SCHEDULE);
    } catch (StoreException e) {
      LOG.error("{}: {}", tenant, e.getMessage()); // the watchman comes by within the minute
    }
  }

  /** Whether no rotation waits or is in flight. */
  public boolean isIdle() {
    return queue.isIdle();
  }

  /** Waits until no rotation waits or is in flight. */
  void awaitIdle() throws InterruptedException {
    queue.awaitIdle();
  }

  /**
   * Stops firing and waits for rotations in flight.
   *
   * @return whether all of them ended in time
   */
  public boolean stop(Duration limit) throws InterruptedException {
    close();
    return queue.drain(limit);
  }

  /** Stops firing; rotations in flight end by themselves. */
  @Override
  public void close() {
    watchman.shutdownNow();
    triggers.stop();
    queue.close();
  }

  /** Queues what has been due for longer than the grace, and arms its tenant for the others. */
  private void sweep(List<GrantRecord> records, Duration grace, Trigger trigger) {
    Instant now = clock.instant();
    Circuits circuits = Circuits.of(store.circuits());
    List<RotationQueue.Waiting> due = new ArrayList<>();
    for (GrantRecord record : records) {
      Grant grant = tenants.getOrDefault(record.name().tenant(), Map.of()).get(record.name());
      Instant at = grant == null ? RotationPolicy.NEVER : policy.due(grant, record, circuits, now);
      if (grant == null || at.equals(RotationPolicy.NEVER)) {
        continue;
      }
      if (now.isBefore(at.plus(grace))) {
        triggers.armNoLaterThan(grant.name().tenant(), at);
      } else {
        due.add(waiting(grant, record, trigger));
      }
    }
    queue.offer(scouts.among(due, circuits));
  }

  private static RotationQueue.Waiting waiting(Grant grant, GrantRecord record, Trigger trigger) {
    Instant deadline = Clocks.of(grant, record).deadline();
    Trigger why =
        trigger == Trigger.SCHEDULE && record.standing().failures() > 0 ? Trigger.RETRY : trigger;
    return new RotationQueue.Waiting(grant, why, deadline == null ? Instant.EPOCH : deadline);
  }

  private void rotate(Grant grant, Trigger trigger) {
    try {
      Outcome outcome = rotator.rotate(grant, trigger);
      arm(grant, outcome);
      if (scouts.back(grant, outcome)) {
        sweep(store.records(), Duration.ZERO, Trigger.SCHEDULE);
      }
    } catch (StoreException e) {
      // the grant stays due in the store, so the watchman brings it back
      LOG.error("{}: {}", grant.name(), e.getMessage());
    } finally {
      scouts.lost(grant);
    }
  }

  private void arm(Grant grant, Outcome outcome) {
    if (outcome instanceof Outcome.Rotated rotated) {
      triggers.armNoLaterThan(grant.name().tenant(), rotated.nextAttemptAt());
    } else if (outcome instanceof Outcome.Failed failed) {
      triggers.armNoLaterThan(grant.name().tenant(), failed.nextAttemptAt());
    }
  }

  private static Duration watchInterval(Collection<Grant> grants) {
    Duration shortest =
        grants.stream().map(Grant::lifetime).min(Duration::compareTo).orElse(WATCH_AT_MOST);
    Duration interval = shortest.dividedBy(WATCHES_PER_LIFE);
    if (interval.compareTo(WATCH_AT_MOST) > 0) {
      return WATCH_AT_MOST;
    }
    return interval.compareTo(WATCH_AT_LEAST) < 0 ? WATCH_AT_LEAST : interval;
  }
}
