package io.refreshd.schedule;

import io.refreshd.rotation.Partition;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.Trigger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this daemon does with a partition while it has it: it rotates what is due, most urgent
 * first, until nothing is, and says when it is to be called again. After a while it lets go of the
 * partition all the same, so that all partitions and all daemons have their turn.
 */
final class Turns {

  private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** Where a look takes long, as at a million that are due, a turn has so many times that. */
  private static final int WORK_PER_LOOK = 4;

  /** Of the ten seconds that a stop may take. */
  private static final Duration TO_END = Duration.ofMillis(300);

  /** Between looks at the store. */
  private static final Duration BREATH = Duration.ofMillis(200);

  /** A partition is called for so often at most: Quartz's shared triggers are dear. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final int shares;
  private final DueGrants dueGrants;
  private final RotationQueue queue;
  private final Scouts scouts;
  private final BiConsumer<Partition, Instant> arming;
  private final Clock clock;
  private final LongSupplier nanos;
  private final Map<Turn, Partition> open = new HashMap<>();
  private boolean standsBack;
  private boolean closed;

  /**
   * Nobody's turn yet.
   *
   * @param shares how many partitions there are
   * @param arming calls for a partition at an instant
   * @param nanos what a turn's time is measured by: {@link System#nanoTime}
   */
  Turns(
      int shares,
      DueGrants dueGrants,
      RotationQueue queue,
      Scouts scouts,
      BiConsumer<Partition, Instant> arming,
      Clock clock,
      LongSupplier nanos) {
    this.shares = shares;
    this.dueGrants = dueGrants;
    this.queue = queue;
    this.scouts = scouts;
    this.arming = arming;
    this.clock = clock;
    this.nanos = nanos;
  }

  /** Works on a partition, and returns when its turn is over. */
  void take(int number) {
    Partition partition = new Partition(number, shares);
    Turn turn = new Turn();
    if (!begin(turn, partition)) {
      return;
    }
    try {
      Instant next = work(partition, turn);
      List<RotationQueue.Waiting> left = queue.withdraw(turn);
      left.forEach(waiting -> scouts.lost(waiting.grant()));
      arm(partition, left.isEmpty() ? next : clock.instant());
    } catch (StoreException e) {
      LOG.error("{}", e.getMessage()); // the watchman comes by within the minute
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end(turn);
    }
  }

  /** Until nothing is due any more, or for as long as a turn may take: when something is next. */
  private Instant work(Partition partition, Turn turn) throws InterruptedException {
    long start = nanos.getAsLong();
    DueGrants.Look look = dueGrants.in(partition, Trigger.SCHEDULE);
    long looked = nanos.getAsLong();
    long end = looked + Math.max(LONGEST.toNanos(), WORK_PER_LOOK * (looked - start));
    while (true) {
      queue.offer(look.due(), turn);
      Duration left = Duration.ofNanos(end - nanos.getAsLong());
      turn.await(shorter(left, until(look.next())));
      boolean isOver = isClosed() || nanos.getAsLong() - end >= 0;
      if (!look.due().isEmpty()) {
        if (isOver) {
          return clock.instant();
        }
        turn.rest(BREATH);
      } else if (isOver || until(look.next()).compareTo(PAUSE) > 0) {
        return look.next();
      } else {
        turn.rest(until(look.next()));
      }
      look = dueGrants.in(partition, Trigger.SCHEDULE);
    }
  }

  private void arm(Partition partition, Instant next) {
    Instant soonest = clock.instant().plus(PAUSE);
    arming.accept(partition, next.isBefore(soonest) ? soonest : next);
  }

  private Duration until(Instant next) {
    if (next.equals(RotationPolicy.NEVER)) {
      return LONGEST;
    }
    Duration time = Duration.between(clock.instant(), next);
    return time.isNegative() ? Duration.ZERO : time;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private synchronized boolean begin(Turn turn, Partition partition) {
    if (isClosed()) {
      return false;
    }
    open.put(turn, partition);
    return true;
  }

  /** Whether this daemon has the partition just now. */
  synchronized boolean has(Partition partition) {
    return open.containsValue(partition);
  }

  private synchronized void end(Turn turn) {
    open.remove(turn);
    notifyAll();
  }

  private synchronized boolean isClosed() {
    return closed || standsBack;
  }

  /** Ends all turns and waits for that for a moment, and begins none until told otherwise. */
  synchronized void standBack(boolean back) throws InterruptedException {
    standsBack = back;
    again();
    if (back) {
      awaitEnd();
    }
  }

  /** What waited for something may go now. */
  synchronized void again() {
    open.keySet().forEach(Turn::again);
  }

  /** Ends all turns, and waits for that for a moment. */
  synchronized void close() throws InterruptedException {
    closed = true;
    again();
    awaitEnd();
  }

  private void awaitEnd() throws InterruptedException {
    long end = System.nanoTime() + TO_END.toNanos();
    long left = TO_END.toMillis();
    while (!open.isEmpty() && left > 0) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
  }
}
