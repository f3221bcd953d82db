package io.refreshd.daemon;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Alert;
import io.refreshd.rotation.AlertBook;
import io.refreshd.rotation.AlertRules;
import io.refreshd.rotation.AlertStore;
import io.refreshd.rotation.Alerter;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.OpenAlert;
import io.refreshd.rotation.RotationListener;
import io.refreshd.rotation.TokenStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at everything once a minute, and at once when a rotation fails, decides what people must be
 * told, and puts it into the outbox; without a channel only into the log. All of it on threads of
 * its own: no rotation waits for it.
 */
final class Alerting implements RotationListener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Alerting.class);

  private static final Duration LOOK_AT_MOST = Duration.ofMinutes(1);
  private static final Duration LOOK_AT_LEAST = Duration.ofSeconds(1);

  /** How often what waits for its next attempt is looked for. */
  private static final Duration DELIVER_EVERY = Duration.ofSeconds(15);

  private static final Duration TO_END = Duration.ofMillis(100);

  /** It looks so many times in the shortest lifetime. */
  private static final int LOOKS_PER_LIFE = 20;

  /** Between looks that failures set off lies so many times what the last one took. */
  private static final int REST = 10;

  private final AlertRules rules;
  private final Survey survey;
  private final AlertStore store;
  private final List<String> channels;
  private final RotationListener listener;
  private final Duration interval;
  private final Clock clock;
  private final Deliveries deliveries;
  private final AtomicBoolean lookWaits = new AtomicBoolean();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "alerting");
            made.setDaemon(true);
            return made;
          });
  private final ToldInTheLog toldInTheLog;
  private volatile boolean hasLooked;
  private volatile boolean closed;
  private volatile boolean standsBack;
  private volatile long lastLookNanos;
  private volatile long nextLook;

  /**
   * Starts nothing yet.
   *
   * @param toldInTheLog what is remembered where there is no channel
   * @param listener is told of the entries that deliveries make
   * @param interval how often it looks
   */
  Alerting(
      AlertRules rules,
      Survey survey,
      AlertStore store,
      ToldInTheLog toldInTheLog,
      Alerter alerter,
      RotationListener listener,
      Duration interval,
      Clock clock) {
    this.rules = rules;
    this.survey = survey;
    this.store = store;
    this.toldInTheLog = toldInTheLog;
    this.channels = alerter.channels();
    this.listener = listener;
    this.interval = interval;
    this.clock = clock;
    this.deliveries = new Deliveries(store, alerter, listener, clock);
    this.nextLook = System.nanoTime() + interval.toNanos();
  }

  /** How often to look at these grants: once a minute, more often where lifetimes are short. */
  static Duration interval(Collection<Grant> grants) {
    return grants.stream()
        .map(grant -> grant.lifetime().dividedBy(LOOKS_PER_LIFE))
        .min(Duration::compareTo)
        .map(interval -> interval.compareTo(LOOK_AT_LEAST) < 0 ? LOOK_AT_LEAST : interval)
        .filter(interval -> interval.compareTo(LOOK_AT_MOST) < 0)
        .orElse(LOOK_AT_MOST);
  }

  /**
   * Takes the looks over from what it replaces in the same process, to be called before {@link
   * #start}: reloads that follow each other closely would put them off for ever. What a reload adds
   * gets a second to be rotated, for it may have been due for weeks.
   */
  void takeOver(Alerting before) {
    hasLooked = before.hasLooked;
    lastLookNanos = before.lastLookNanos;
    long soonest = System.nanoTime() + LOOK_AT_LEAST.toNanos();
    long next = before.nextLook - soonest < 0 ? soonest : before.nextLook;
    if (next - nextLook < 0) {
      nextLook = next;
    }
  }

  /**
   * Delivers what waits from before, and looks from now on. Not at once: what fell due while the
   * daemon was down gets the time of an interval to be rotated.
   */
  void start() {
    if (!channels.isEmpty()) {
      toldInTheLog.replaceBy(List.of()); // from now on the store remembers
    }
    thread.execute(this::resume);
    long first = Math.max(0, nextLook - System.nanoTime());
    Runnable look = new Unhurried(this::look);
    every(
        first,
        interval,
        () -> {
          look.run();
          nextLook = System.nanoTime() + interval.toNanos();
        });
    every(DELIVER_EVERY.toNanos(), DELIVER_EVERY, deliveries::wake);
  }

  private void every(long firstNanos, Duration pause, Runnable task) {
    var unused =
        thread.scheduleWithFixedDelay(task, firstNanos, pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void resume() {
    try {
      tell(store.retain(channels, clock.instant()));
    } catch (RuntimeException | Error e) {
      LOG.error("the outbox cannot be used: {}", why(e));
    }
    deliveries.wake();
  }

  /** Leaves it to the other daemons on the store to look and to deliver, or no longer. */
  void standBack(boolean back) {
    standsBack = back;
    deliveries.standBack(back);
  }

  /** Looks at everything, writes what people must be told, and has it delivered. */
  synchronized void look() {
    lookWaits.set(false);
    if (standsBack) {
      return; // by a wrong clock everything looks as if it had ended
    }
    long start = System.nanoTime();
    try {
      Instant now = clock.instant();
      AlertRules.Look look = rules.at(now);
      survey.fill(look);
      List<OpenAlert> open = channels.isEmpty() ? toldInTheLog.open() : store.open();
      AlertBook.Page page = AlertBook.compare(look.causes(), open, survey.view(), now);
      if (!page.alerts().isEmpty() || !Set.copyOf(open).equals(Set.copyOf(page.open()))) {
        keep(page, now);
      }
      hasLooked = true;
    } catch (RuntimeException | Error e) {
      // whatever it is, it would end the looks for good; the next one may do better
      if (!closed) {
        LOG.error("nobody can be told how the grants stand: {}", why(e));
      }
    }
    lastLookNanos = System.nanoTime() - start;
    deliveries.wake();
  }

  /** An error's message alone says little: {@code Java heap space}. */
  static String why(Throwable thrown) {
    return thrown instanceof Error ? thrown.toString() : String.valueOf(thrown.getMessage());
  }

  private void keep(AlertBook.Page page, Instant now) {
    if (closed) {
      return; // the configuration that it looked by, and its channels, are no longer in force
    }
    if (channels.isEmpty()) {
      toldInTheLog.replaceBy(page.open());
    } else {
      Optional<List<Entry>> written = store.commit(page, channels, now);
      if (written.isEmpty()) {
        LOG.debug("another daemon has told people meanwhile");
        lookSoon();
        return;
      }
      tell(written.get());
    }
    page.alerts().forEach(Alerting::log);
  }

  private static void log(Alert alert) {
    switch (alert.change()) {
      case RAISED ->
          LOG.warn(
              "{} alert: {} [{}]; next: {}",
              alert.level().word(),
              alert.title(),
              alert.cause(),
              alert.concerns().get(0).next());
      case RECOVERED -> LOG.info("recovered: {} [{}]", alert.title(), alert.cause());
      default -> LOG.debug("reminder: {} [{}]", alert.title(), alert.cause());
    }
  }

  /** What may be news to people is looked at soon, on the thread of the looks. */
  @Override
  public void told(Entry entry, TokenStore.Kept kept) {
    boolean isNews =
        switch (entry.event()) {
          case REFUSED, UNREACHABLE, RECOVERED -> true;
          default -> false;
        };
    if (isNews && hasLooked) {
      lookSoon();
    }
  }

  private void lookSoon() {
    if (lookWaits.compareAndSet(false, true)) {
      try {
        var unused = thread.schedule(this::look, REST * lastLookNanos, TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        LOG.debug("closing");
      }
    }
  }

  private void tell(List<Entry> entries) {
    entries.forEach(entry -> listener.told(entry, TokenStore.Kept.STORED));
  }

  /** Ends within a second; deliveries in flight are abandoned, and made after the next start. */
  @Override
  public void close() throws InterruptedException {
    closed = true;
    thread.shutdownNow();
    deliveries.close();
    if (!thread.awaitTermination(TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.warn("the last look at the grants does not end; it is abandoned");
    }
  }
}
