package io.refreshd.daemon;

import io.refreshd.schedule.Recurring;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager how the daemon is, in order and on a thread of its own: nothing waits
 * for it. Where nobody listens it does nothing. The words are those of sd_notify(3).
 */
final class ServiceNotices implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ServiceNotices.class);

  private static final Duration STATUS_EVERY = Duration.ofMinutes(1);

  /** How long the service manager waits for the next word of a start that takes long. */
  private static final Duration START_WAIT = Duration.ofMinutes(5);

  /** So often such a word is given, if there is progress. */
  private static final Duration START_WORD = Duration.ofSeconds(30);

  /** Of the ten seconds that a stop may take. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final Optional<NotifySocket> socket;
  private final Optional<Duration> watchdog;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "service-notices");
            made.setDaemon(true);
            return made;
          });
  private final LongSupplier nanos;
  private String said = "";
  private long startTold;
  private boolean stopping;

  /**
   * Notices for whoever listens.
   *
   * @param socket empty if nobody does
   * @param watchdog how long the service manager waits for a sign of life; empty if it does not
   * @param nanos as {@link System#nanoTime}
   */
  ServiceNotices(Optional<NotifySocket> socket, Optional<Duration> watchdog, LongSupplier nanos) {
    this.socket = socket;
    this.watchdog = watchdog;
    this.nanos = nanos;
    this.startTold = nanos.getAsLong();
  }

  /** For the service manager that started this process, if one did. */
  static ServiceNotices of(Map<String, String> environment) {
    return new ServiceNotices(
        SystemdNotify.find(environment), SystemdNotify.watchdog(environment), System::nanoTime);
  }

  /**
   * The start goes on, and takes long; to be called as often as one likes. If it stands still the
   * service manager ends it, as it would without these words.
   */
  synchronized void starting() {
    long now = nanos.getAsLong();
    if (now - startTold >= START_WORD.toNanos()) {
      startTold = now;
      send("EXTEND_TIMEOUT_USEC=" + TimeUnit.NANOSECONDS.toMicros(START_WAIT.toNanos()));
    }
  }

  /**
   * The daemon rotates, after a start or after a reload; how it is, is asked if anybody listens.
   */
  void ready(Supplier<String> status) {
    if (socket.isPresent()) {
      ready(status.get());
    }
  }

  /** The daemon rotates. */
  synchronized void ready(String status) {
    said = status;
    send("READY=1", "STATUS=" + status);
  }

  /** The configuration is read anew; ends with {@link #ready}. */
  synchronized void reloading() {
    // CLOCK_MONOTONIC is what systemd wants, and on Linux it is what nanoTime reads
    long micros = TimeUnit.NANOSECONDS.toMicros(nanos.getAsLong());
    send("RELOADING=1", "MONOTONIC_USEC=" + micros);
  }

  /** The daemon stops; nothing is told after that. */
  synchronized void stopping() {
    send("STOPPING=1");
    stopping = true;
  }

  /**
   * Keeps telling: the status when it changes, and signs of life while there is life.
   *
   * @param hanging what hangs, in words; empty if nothing does
   */
  void watch(Supplier<Optional<String>> hanging, Supplier<String> status) {
    if (socket.isPresent()) {
      every(STATUS_EVERY, new Unhurried(() -> tellChanged(status.get())));
      watchdog.ifPresent(interval -> every(interval.dividedBy(2), () -> tellAlive(hanging)));
    }
  }

  private synchronized void tellChanged(String status) {
    if (!status.equals(said)) {
      said = status;
      send("STATUS=" + status);
    }
  }

  private void tellAlive(Supplier<Optional<String>> hanging) {
    // not under the lock, for who is asked may wait long, and a stop must not wait with it
    hanging
        .get()
        .ifPresentOrElse(
            what -> LOG.error("{}: the service manager is not told of any life", what),
            this::sendLife);
  }

  private synchronized void sendLife() {
    send("WATCHDOG=1");
  }

  private void every(Duration interval, Runnable task) {
    Recurring lasting = new Recurring("the service manager could not be told", task);
    long millis = Math.max(1, interval.toMillis());
    var unused = thread.scheduleWithFixedDelay(lasting, millis, millis, TimeUnit.MILLISECONDS);
  }

  private void send(String... assignments) {
    if (!stopping) {
      socket.ifPresent(open -> thread.execute(() -> open.send(assignments)));
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.shutdown();
    if (!thread.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
      thread.shutdownNow();
    }
  }
}
