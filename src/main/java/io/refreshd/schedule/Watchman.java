package io.refreshd.schedule;

import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Partition;
import io.refreshd.rotation.TokenStore;
import io.refreshd.rotation.Trigger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the grants once a minute from the store alone, so that a lost trigger, a suspended
 * machine, a clock that jumped, a stricter configuration or a token imported by another process
 * starves nobody. At all grants each time, if there are not very many of them; else at the next
 * part of them, and at all that the store says are due.
 */
final class Watchman implements AutoCloseable {

  private static final Duration WATCH_AT_MOST = Duration.ofMinutes(1);
  private static final Duration WATCH_AT_LEAST = Duration.ofSeconds(1);

  /** He comes by so many times in the shortest lifetime. */
  private static final int WATCHES_PER_LIFE = 20;

  /** How long a due grant is left to its trigger before the watchman takes it. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** How long a time that has come is left to other daemons, which may have much to do. */
  private static final Duration GRACE_OF_OTHERS = Duration.ofMinutes(2);

  /** What a round may take on a busy machine with a busy store. */
  private static final Duration ROUND_LIMIT = Duration.ofSeconds(30);

  /** How many grants he looks at in a round, whether or not the store says that they are due. */
  private static final int PART = 20_000;

  private final DueGrants dueGrants;
  private final TokenStore store;
  private final RotationQueue queue;
  private final PartitionTriggers triggers;
  private final Clock clock;
  private final Duration watchEvery;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "watchman");
            made.setDaemon(true);
            return made;
          });
  private final Recurring round =
      new Recurring("the watchman could not look at the grants", this::lookAround);
  private @Nullable GrantName last;
  private volatile boolean standsBack;
  private volatile long lastRound = System.nanoTime();

  Watchman(
      DueGrants dueGrants,
      TokenStore store,
      RotationQueue queue,
      PartitionTriggers triggers,
      Duration watchEvery,
      Clock clock) {
    this.dueGrants = dueGrants;
    this.store = store;
    this.queue = queue;
    this.triggers = triggers;
    this.watchEvery = watchEvery;
    this.clock = clock;
  }

  /** How often to look at these grants: once a minute, more often where lifetimes are short. */
  static Duration interval(Collection<Grant> grants) {
    Duration shortest =
        grants.stream().map(Grant::lifetime).min(Duration::compareTo).orElse(WATCH_AT_MOST);
    Duration interval = shortest.dividedBy(WATCHES_PER_LIFE);
    if (interval.compareTo(WATCH_AT_MOST) > 0) {
      return WATCH_AT_MOST;
    }
    return interval.compareTo(WATCH_AT_LEAST) < 0 ? WATCH_AT_LEAST : interval;
  }

  /** Begins his rounds. */
  void start() {
    long millis = watchEvery.toMillis();
    var unused = thread.scheduleWithFixedDelay(round, millis, millis, TimeUnit.MILLISECONDS);
  }

  /** Takes nothing until told otherwise. */
  void standBack(boolean back) {
    standsBack = back;
  }

  boolean standsBack() {
    return standsBack;
  }

  /** Whether he comes by as he should; if not, something hangs. */
  boolean isOnTime() {
    Duration since = Duration.ofNanos(System.nanoTime() - lastRound);
    return since.compareTo(watchEvery.multipliedBy(2).plus(ROUND_LIMIT)) < 0;
  }

  /** One round. */
  void round() {
    round.run();
  }

  private void lookAround() {
    if (standsBack) {
      lastRound = System.nanoTime();
      return;
    }
    try {
      Duration grace = GRACE.compareTo(watchEvery) < 0 ? GRACE : watchEvery;
      lookAtTriggers(Trigger.WATCHMAN);
      look(nextPart(), grace, Trigger.WATCHMAN);
    } finally {
      lastRound = System.nanoTime();
    }
  }

  /** Arms every partition; where nobody heeds the triggers, takes what is due himself. */
  void lookAtTriggers(Trigger trigger) {
    Instant now = clock.instant();
    for (Partition partition : dueGrants.partitions()) {
      Instant next = dueGrants.nextAttempt(partition, Instant.EPOCH);
      // of what has been due for long, too, the trigger is called for only now
      triggers.armNoLaterThan(partition, next.isBefore(now) ? now : next);
      if (triggers.isForgotten(partition, now.minus(GRACE_OF_OTHERS)) && !queue.isFull()) {
        queue.offer(dueGrants.in(partition, trigger).due());
      }
    }
  }

  /** Looks at the first part of all grants. */
  void lookAtFirstPart() {
    look(store.records(null, PART), Duration.ZERO, Trigger.SCHEDULE);
  }

  private synchronized List<GrantRecord> nextPart() {
    List<GrantRecord> part = store.records(last, PART);
    last = part.size() < PART ? null : part.get(part.size() - 1).name();
    return part;
  }

  /**
   * Queues what has been due for longer than the grace, and arms its partition for the others. What
   * the triggers of many daemons are to see to is left to them.
   */
  private void look(List<GrantRecord> records, Duration grace, Trigger trigger) {
    if (queue.isFull()) {
      return; // what is due stays so in the store
    }
    Instant now = clock.instant();
    boolean isShared = triggers.isShared();
    DueGrants.Look look =
        dueGrants.among(
            isShared
                ? records.stream().filter(r -> r.nextAttemptAt().isAfter(now)).toList()
                : records,
            grace,
            trigger);
    queue.offer(look.due());
    look.arming().forEach(triggers::armNoLaterThan);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
