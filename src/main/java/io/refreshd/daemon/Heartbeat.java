package io.refreshd.daemon;

import io.refreshd.rotation.Node;
import io.refreshd.rotation.StoreException;
import io.refreshd.schedule.Recurring;
import io.refreshd.store.Cluster;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other daemons on the store every few seconds that this one is there, and has this one
 * stand back while it must not rotate. On a thread of its own.
 */
final class Heartbeat implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  /** Of the ten seconds that a stop may take. */
  private static final Duration TO_LEAVE = Duration.ofMillis(300);

  private final Cluster cluster;
  private final Consumer<Boolean> standingBack;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "heartbeat");
            made.setDaemon(true);
            return made;
          });
  private volatile @Nullable String reason;
  private boolean standsBack;
  private boolean isOff;
  private boolean isSilent;

  /**
   * Starts nothing yet.
   *
   * @param standingBack is told when this daemon must not rotate, and when it may again
   */
  Heartbeat(Cluster cluster, Consumer<Boolean> standingBack) {
    this.cluster = cluster;
    this.standingBack = standingBack;
  }

  /** Beats once, before anything is rotated, and from now on. */
  void start() {
    act(cluster.beat());
    long millis = Node.BEAT.toMillis();
    Recurring beats = new Recurring("the other daemons do not hear of this one", this::beat);
    var unused = thread.scheduleWithFixedDelay(beats, millis, millis, TimeUnit.MILLISECONDS);
  }

  /** Why this daemon rotates nothing just now; {@code null} if it does. */
  @Nullable String reason() {
    return reason;
  }

  /** One beat. */
  void beat() {
    try {
      act(cluster.beat());
      if (isSilent) {
        LOG.info("the other daemons hear of this one again");
      }
      isSilent = false;
    } catch (StoreException e) {
      if (!isSilent) {
        LOG.warn("the other daemons do not hear of this one: {}", e.getMessage());
      }
      isSilent = true;
    }
  }

  private void act(Cluster.Beat beat) {
    tellOfClock(beat.self());
    String why = StandingBack.reason(beat);
    if (why != null && !why.equals(reason)) {
      LOG.error("{}", why);
    } else if (why == null && reason != null) {
      LOG.info("this daemon rotates again");
    }
    reason = why;
    cluster.standBack(why);
    boolean back = why != null;
    if (back != standsBack) {
      standingBack.accept(back);
      standsBack = back; // not before: what has failed is tried again with the next beat
    }
  }

  private void tellOfClock(Node self) {
    if (self.isNoticeablyOff() && !isOff) {
      LOG.warn("{}", StandingBack.clock(self));
    } else if (!self.isNoticeablyOff() && isOff) {
      LOG.info("this machine's clock agrees with the database's again");
    }
    isOff = self.isNoticeablyOff();
  }

  @Override
  public void close() throws InterruptedException {
    thread.execute(this::leave);
    thread.shutdown();
    if (!thread.awaitTermination(TO_LEAVE.toMillis(), TimeUnit.MILLISECONDS)) {
      thread.shutdownNow(); // the others find out by its silence
    }
  }

  private void leave() {
    try {
      cluster.leave();
    } catch (RuntimeException e) {
      LOG.debug("the others will find out: {}", e.toString());
    }
  }
}
