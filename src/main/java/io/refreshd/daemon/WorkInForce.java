package io.refreshd.daemon;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.entra.EntraTokenRedeemer;
import io.refreshd.rotation.RotationListener;
import io.refreshd.rotation.SkewWatch;
import io.refreshd.rotation.StoreException;
import io.refreshd.store.OpenStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work by the configuration in force, which a new reading replaces as a whole. What the old
 * work has in flight then ends by itself: the leases keep the new one off it.
 */
final class WorkInForce implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WorkInForce.class);

  /** Of the ten seconds that a stop may take, what a redemption in flight gets to end by itself. */
  private static final Duration TO_FINISH = Duration.ofSeconds(4);

  /** And what it gets, once it was aborted, to write down how it ended. */
  private static final Duration TO_ABANDON = Duration.ofSeconds(3);

  /** No write takes that long: what waits for another process or a server is given up before. */
  private static final Duration STANDSTILL = Duration.ofMinutes(3);

  /** A broken file may have a problem on every line; nobody reads them all at once. */
  private static final int PROBLEMS = 200;

  /** The journal says why. */
  private static final String NOT_LOADED = "the configuration could not be loaded anew";

  private final OpenStore store;
  private final EntraTokenRedeemer redeemer;
  private final RotationListener listener;
  private final SkewWatch skew = new SkewWatch();
  private final ToldInTheLog toldInTheLog = new ToldInTheLog();
  private final Clock clock;
  private final UntilRestart kept;

  /** The work that was replaced and still has something in flight, each with a whole fleet. */
  private final List<ConfiguredWork> retired = new CopyOnWriteArrayList<>();

  private ConfiguredWork work;

  /** Empty if the configuration that was read last is in force. */
  private volatile String whyOutdated = "";

  private boolean closed;
  private boolean standsBack;

  /**
   * Builds the work; nothing runs yet.
   *
   * @param started the first reading: its store and log file are kept, whatever later ones say
   */
  WorkInForce(
      Config started,
      OpenStore store,
      EntraTokenRedeemer redeemer,
      RotationListener listener,
      Clock clock) {
    this.kept = UntilRestart.of(started);
    this.store = store;
    this.redeemer = redeemer;
    this.listener = listener;
    this.clock = clock;
    this.work = build(started);
  }

  private ConfiguredWork build(Config config) {
    return new ConfiguredWork(config, store, redeemer, listener, skew, toldInTheLog, clock);
  }

  /**
   * Starts the work.
   *
   * @throws StoreException if the store cannot be read
   */
  synchronized void start() {
    if (!closed) {
      work.standBack(standsBack);
      work.start();
    }
  }

  /** Leaves the rotating to the other daemons on the store, or no longer. */
  synchronized void standBack(boolean back) {
    standsBack = back;
    work.standBack(back);
  }

  /** What hangs so that only a new start may help, in words; empty if nothing does. */
  Optional<String> findHanging() {
    // first the store: whoever waits for it may have the lock on the work
    long minutes = store.standstill().toMinutes();
    return minutes < STANDSTILL.toMinutes() ? findHangingWork() : Optional.of(waits(minutes));
  }

  /**
   * Lets go of replaced work that has nothing in flight any more, so that a large fleet is not kept
   * in memory until the next reload. Waits for nobody.
   */
  void forgetEnded() {
    retired.removeIf(ConfiguredWork::isIdle);
  }

  private static String waits(long minutes) {
    return "what is to be written to the store has waited for " + minutes + " min";
  }

  private synchronized Optional<String> findHangingWork() {
    return work.findHanging();
  }

  /** How the grants stand, on one line; first of all, whether by an old configuration. */
  String status() {
    String how = whyOutdated.isEmpty() ? "" : whyOutdated + ", the old one is in force; ";
    try {
      return how + fleet().summary(store, clock.instant()) + held();
    } catch (StoreException e) {
      return how + "the store cannot be read";
    }
  }

  private String held() {
    int held = store.held().size();
    return held == 0 ? "" : "; new tokens that wait for the store: " + held;
  }

  /** Sees to a store that has gone back to an older state while this process went on. */
  void withholdIfGoneBack() {
    if (store.hasGoneBack()) {
      store.keepHead(); // if this takes long and is cut short, the next start goes on with it
      var unused = new PutBack(config(), store, clock, () -> {}).settle(); // it has said so
    }
  }

  private synchronized Config config() {
    return work.config();
  }

  /** The grants of the configuration in force. */
  synchronized Fleet fleet() {
    return work.fleet();
  }

  /**
   * Reads the configuration anew and puts it in force. If it has a problem the old one goes on;
   * each problem is logged.
   */
  void reload(ConfigSource source) {
    ConfiguredWork before = current();
    forgetEnded(); // before one more is read
    try {
      replaceBy(source.load());
      whyOutdated = "";
    } catch (ConfigException e) {
      whyOutdated = "the configuration has problems";
      e.problems().stream().limit(PROBLEMS).forEach(problem -> LOG.error("{}", problem));
      LOG.error(
          "not reloaded, for problems of the configuration: {}. the old one stays in force",
          e.problems().size());
    } catch (StoreException e) {
      whyOutdated = NOT_LOADED;
      LOG.error("not reloaded: {}. the old configuration stays in force", e.getMessage());
    } catch (RuntimeException | Error e) {
      // a fault of the program, or no memory; what still runs goes on, and the watchdog sees if
      // nothing does
      boolean isOld = current() == before;
      whyOutdated = isOld ? NOT_LOADED : "";
      String what =
          isOld ? "not reloaded" : "the new configuration is in force, but not all of it runs";
      LOG.error("{}: {}", what, e.toString(), e);
    }
  }

  private synchronized ConfiguredWork current() {
    return work;
  }

  private synchronized void replaceBy(Config next) {
    if (closed) {
      return;
    }
    ConfiguredWork old = work;
    store.reserve(inFlight() + next.concurrency());
    ConfiguredWork fresh = build(next);
    redeemer.forgetCertificates();
    old.retire();
    retired.add(old);
    work = fresh;
    fresh.standBack(standsBack);
    try {
      fresh.startAfter(old);
    } catch (StoreException e) {
      LOG.error("{}; the watchman looks again within the minute", e.getMessage());
    }
    LOG.info("reloaded: {}", new ConfigChange(old.config(), next));
    kept.warnOf(next);
  }

  /** How many redemptions the old work and what was retired before may have in flight. */
  private int inFlight() {
    forgetEnded();
    return work.config().concurrency()
        + retired.stream().mapToInt(old -> old.config().concurrency()).sum();
  }

  /**
   * Begins nothing any more; a redemption in flight is finished or given up, and what came of it is
   * in the store or in the spool.
   */
  @Override
  public void close() throws InterruptedException {
    long end = System.nanoTime() + TO_FINISH.plus(TO_ABANDON).toNanos();
    // by a timer of its own: whatever hangs here, a successor must come to the spool
    Executor later = CompletableFuture.delayedExecutor(TO_FINISH.toMillis(), TimeUnit.MILLISECONDS);
    CompletableFuture<Void> givingUp = CompletableFuture.runAsync(this::giveUp, later);
    try {
      if (!stop(retireAll(), end)) {
        LOG.error("what is in flight hangs; the next start finds what it left in the store");
      }
    } finally {
      givingUp.cancel(false);
    }
  }

  private void giveUp() {
    LOG.warn("what is in flight does not end; it is given up");
    store.hurry();
    redeemer.close();
  }

  private synchronized List<ConfiguredWork> retireAll() {
    closed = true;
    List<ConfiguredWork> all = new ArrayList<>(retired);
    all.add(work);
    all.forEach(ConfiguredWork::retire);
    return all;
  }

  private static boolean stop(List<ConfiguredWork> all, long end) throws InterruptedException {
    boolean stopped = true;
    for (ConfiguredWork one : all) {
      stopped &= one.stop(Duration.ofNanos(end - System.nanoTime()));
    }
    return stopped;
  }
}
