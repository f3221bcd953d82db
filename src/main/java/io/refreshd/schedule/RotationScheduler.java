package io.refreshd.schedule;

import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.Partition;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.TokenStore;
import io.refreshd.rotation.Trigger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rotates every grant when it is due. A Quartz job per partition is called at the time of its
 * earliest grant, on one daemon of all that share the store; it finds what is due by index. The
 * watchman is the net beneath.
 */
public final class RotationScheduler implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RotationScheduler.class);

  /** How long a grant is let alone that somebody else has leased. */
  private static final Duration WHILE_BUSY = Duration.ofSeconds(2);

  /** How long one is that the store failed with. */
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(30);

  private final Rotator rotator;
  private final Scouts scouts;
  private final int shares;
  private final RotationQueue queue;
  private final DueGrants dueGrants;
  private final Turns turns;
  private final PartitionTriggers triggers;
  private final Watchman watchman;

  /** The grants that people were told of as damaged. */
  private final Set<GrantName> toldDamaged = ConcurrentHashMap.newKeySet();

  /**
   * Starts nothing yet.
   *
   * @param sharing how the triggers are shared; {@code null} where there is one daemon only
   * @param inFlight how many rotations at once
   * @param perTenant how many of one tenant at once
   */
  public RotationScheduler(
      Collection<Grant> grants,
      TokenStore store,
      Rotator rotator,
      RotationPolicy policy,
      @Nullable Sharing sharing,
      int inFlight,
      int perTenant,
      Clock clock) {
    this.rotator = rotator;
    this.scouts = new Scouts(clock);
    this.shares = store.partitions().size();
    this.queue = new RotationQueue(inFlight, perTenant, this::begin);
    this.dueGrants = new DueGrants(grants, store, policy, scouts, clock);
    this.turns = new Turns(shares, dueGrants, queue, scouts, this::arm, clock, System::nanoTime);
    this.triggers = new PartitionTriggers(turns, sharing);
    this.watchman =
        new Watchman(dueGrants, store, queue, triggers, Watchman.interval(grants), clock);
  }

  /**
   * Arms every partition from the store and starts to rotate what is due.
   *
   * @throws StoreException if the store cannot be read just now; the watchman tries again
   */
  public void start() {
    watchman.start(); // first: whatever else fails, he mends it
    triggers.start();
    if (watchman.standsBack()) {
      return;
    }
    watchman.lookAtFirstPart();
    watchman.lookAtTriggers(Trigger.SCHEDULE);
  }

  /**
   * Leaves the rotating to other daemons, until told otherwise; what is in flight ends. At any time
   * before the end.
   */
  public void standBack(boolean back) {
    watchman.standBack(back);
    try {
      turns.standBack(back); // what they leave is armed for the other daemons
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      triggers.standBack(back);
    }
  }

  /** What hangs, in words; empty if all goes on as it should. */
  public Optional<String> findHanging() {
    if (!watchman.isOnTime()) {
      return Optional.of("the watchman does not come by");
    }
    return queue.isServed() ? Optional.empty() : Optional.of("a thread that rotates is gone");
  }

  /** Looks at the grants from the store alone: takes what the triggers have missed. */
  void watch() {
    watchman.round();
  }

  /** A partition's time has come. */
  void fire(int partition) {
    turns.take(partition);
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
    watchman.close();
    queue.close();
    try {
      turns.close(); // what they leave is armed for the other daemons
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      triggers.stop();
    }
  }

  private RotationQueue.Begun begin(Grant grant, Trigger trigger) {
    Rotator.Begun rotation = rotator.begin(grant, trigger);
    return new RotationQueue.Begun() {
      @Override
      public void end(Runnable beforeCommit) {
        rotate(grant, () -> rotation.end(beforeCommit));
      }

      @Override
      public void giveBack() {
        try {
          rotation.giveBack();
        } finally {
          scouts.lost(grant);
        }
      }
    };
  }

  private void rotate(Grant grant, Supplier<Outcome> rotation) {
    try {
      Outcome outcome = rotation.get();
      toldDamaged.remove(grant.name());
      if (outcome instanceof Outcome.Busy) {
        dueGrants.postpone(grant.name(), WHILE_BUSY);
      }
      if (scouts.back(grant, outcome)) {
        turns.again();
        watchman.lookAtFirstPart();
      }
      arm(grant, outcome);
    } catch (StoreException e) {
      // the grant stays due in the store, so a later turn, or the watchman, brings it back
      dueGrants.postpone(grant.name(), AFTER_TROUBLE);
      // one that is damaged stays so until a person sees to it, and is tried all the same till then
      if (!(e instanceof StoreException.Damaged) || toldDamaged.add(grant.name())) {
        LOG.error("{}: {}", grant.name(), e.of(grant.name()));
      }
    } finally {
      scouts.lost(grant);
    }
  }

  private void arm(Grant grant, Outcome outcome) {
    Partition partition = Partition.of(grant.name().tenant(), shares);
    if (turns.has(partition)) {
      return; // the turn finds out by itself, and arms when it ends
    }
    if (outcome instanceof Outcome.Rotated rotated) {
      arm(partition, rotated.nextAttemptAt());
    } else if (outcome instanceof Outcome.Failed failed) {
      arm(partition, failed.nextAttemptAt());
    }
  }

  private void arm(Partition partition, Instant at) {
    triggers.armNoLaterThan(partition, at);
  }
}
