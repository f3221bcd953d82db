package io.refreshd.entra;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends exchanges at their deadline, which no time-out of a socket does: that one starts anew with
 * each byte. One timer serves all exchanges and is set only while there are some, so a request
 * costs no wake-up, and an idle daemon none.
 */
final class Watchdog implements AutoCloseable {

  /** A look that comes so much too late: this process stood still meanwhile, or the machine did. */
  private static final Duration LATE = Duration.ofSeconds(1);

  /** What exchanges get then: their answers may have come in the meantime, and wait to be read. */
  private static final Duration GRACE = Duration.ofSeconds(3);

  private final Set<InFlight> inFlight = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean set = new AtomicBoolean();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Watchdog::thread);
  private final Duration limit;

  /**
   * @param limit what every exchange is given
   */
  Watchdog(Duration limit) {
    this.limit = limit;
  }

  void watch(InFlight exchange) {
    inFlight.add(exchange);
    if (set.compareAndSet(false, true)) {
      lookIn(limit.toNanos());
    }
  }

  void release(InFlight exchange) {
    inFlight.remove(exchange);
  }

  void giveUpAll(String why) {
    inFlight.forEach(exchange -> exchange.giveUp(why));
  }

  private void lookIn(long nanos) {
    long due = System.nanoTime() + nanos;
    var unused = timer.schedule(() -> look(due), nanos, TimeUnit.NANOSECONDS);
  }

  private void look(long due) {
    if (System.nanoTime() - due > LATE.toNanos()) {
      lookIn(GRACE.toNanos());
      return;
    }
    try {
      inFlight.stream().filter(InFlight::isOverdue).forEach(this::giveUp);
    } finally {
      lookAgain();
    }
  }

  private void giveUp(InFlight exchange) {
    inFlight.remove(exchange);
    exchange.giveUp("given up after " + Text.seconds(limit));
  }

  private void lookAgain() {
    OptionalLong next = inFlight.stream().mapToLong(InFlight::left).min();
    if (next.isPresent()) {
      lookIn(Math.max(0, next.getAsLong()));
      return;
    }
    set.set(false);
    // one may have come between the look and the line above, and found the timer set
    if (!inFlight.isEmpty() && set.compareAndSet(false, true)) {
      lookIn(0);
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "refreshd-watchdog");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
