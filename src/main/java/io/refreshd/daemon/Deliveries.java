package io.refreshd.daemon;

import io.refreshd.rotation.AlertStore;
import io.refreshd.rotation.Alerter;
import io.refreshd.rotation.Delivery;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Outbox;
import io.refreshd.rotation.RotationListener;
import io.refreshd.rotation.TokenStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what waits in the outbox to people. Each channel has a thread of its own: one that hangs
 * holds up no other.
 */
final class Deliveries implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

  private static final Duration TO_END = Duration.ofMillis(900);

  private final AlertStore store;
  private final Alerter alerter;
  private final RotationListener listener;
  private final Clock clock;
  private final List<Line> lines;
  private volatile boolean closed;
  private volatile boolean standsBack;

  Deliveries(AlertStore store, Alerter alerter, RotationListener listener, Clock clock) {
    this.store = store;
    this.alerter = alerter;
    this.listener = listener;
    this.clock = clock;
    this.lines = alerter.channels().stream().map(Line::new).toList();
  }

  /**
   * Says that something may be due. Returns at once. Each channel then delivers until nothing is
   * due or one delivery fails: a channel that is down is asked once each time.
   */
  void wake() {
    lines.forEach(Line::wake);
  }

  /** Begins no delivery, or does again. */
  void standBack(boolean back) {
    standsBack = back;
  }

  /** Ends within a second. What is in flight is abandoned, and delivered after the next start. */
  @Override
  public void close() throws InterruptedException {
    closed = true;
    lines.forEach(line -> line.thread.shutdownNow());
    long end = System.nanoTime() + TO_END.toNanos();
    for (Line line : lines) {
      if (!line.thread.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        LOG.warn("{}: a delivery in flight does not end; it is abandoned", line.channel);
      }
    }
  }

  /** One channel and what waits for it. */
  private final class Line {
    private final String channel;
    private final AtomicBoolean isAwake = new AtomicBoolean();
    private final ExecutorService thread;

    Line(String channel) {
      this.channel = channel;
      this.thread =
          Executors.newSingleThreadExecutor(
              task -> {
                Thread made = new Thread(task, "alert-" + channel);
                made.setDaemon(true);
                return made;
              });
    }

    void wake() {
      if (!isAwake.compareAndSet(false, true)) {
        return;
      }
      try {
        thread.execute(this::work);
      } catch (RejectedExecutionException e) {
        LOG.debug("closing"); // what waits is delivered after the next start
      } catch (Error e) {
        isAwake.set(false); // there may be a thread for it next time
        LOG.error("{}: the outbox cannot be used: {}", channel, Alerting.why(e));
      }
    }

    private void work() {
      isAwake.set(false);
      try {
        Optional<Delivery> next = take();
        while (next.isPresent() && deliver(next.get())) {
          next = take();
        }
      } catch (RuntimeException | Error e) {
        if (!closed) {
          LOG.error("{}: the outbox cannot be used: {}", channel, Alerting.why(e));
        }
      }
    }

    private Optional<Delivery> take() {
      Instant now = clock.instant();
      boolean isIdle = closed || standsBack;
      return isIdle ? Optional.empty() : store.take(channel, now, now.plus(Outbox.FLIGHT));
    }

    /** Whether it arrived. */
    private boolean deliver(Delivery delivery) {
      try {
        alerter.deliver(channel, delivery.alert());
      } catch (Alerter.UndeliveredException e) {
        return failed(delivery, String.valueOf(e.getMessage()), e.mayHaveArrived());
      } catch (RuntimeException e) {
        // its message is not made for people, and may hold what nobody is to read
        return failed(delivery, "the channel broke down (" + e.getClass().getName() + ")", true);
      }
      tell(store.delivered(delivery, clock.instant()));
      return true;
    }

    private boolean failed(Delivery delivery, String why, boolean mayHaveArrived) {
      if (!closed) {
        tell(store.failed(delivery, why, mayHaveArrived, clock.instant()));
      }
      return false;
    }
  }

  private void tell(List<Entry> entries) {
    entries.forEach(entry -> listener.told(entry, TokenStore.Kept.STORED));
  }
}
