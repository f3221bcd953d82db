package io.refreshd.daemon;

import io.refreshd.config.Config;
import io.refreshd.entra.EntraTokenRedeemer;
import io.refreshd.report.RotationLogFile;
import io.refreshd.rotation.RotationListener;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.schedule.RotationScheduler;
import io.refreshd.store.OpenStore;
import io.refreshd.store.RunLock;
import io.refreshd.store.TokenStores;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon: owns everything that runs, starts it in order and stops it in reverse. A start that
 * fails cleans up after itself.
 */
public final class Daemon implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

  /** Of the ten seconds that a stop may take, what a redemption in flight gets to end by itself. */
  private static final Duration TO_FINISH = Duration.ofSeconds(5);

  /** And what it gets to notice that it was aborted. */
  private static final Duration TO_ABANDON = Duration.ofSeconds(1);

  /** One daemon at a time on a SQLite file, so all of them go by one name. */
  private static final String OWNER = "run";

  private final Config config;
  private final Clock clock;
  private final RotationListener listener;
  private final Deque<Part> parts = new ArrayDeque<>();
  private boolean closed;

  private Daemon(Config config, Clock clock, RotationListener listener) {
    this.config = config;
    this.clock = clock;
    this.listener = listener;
  }

  /** A daemon that logs; nothing of it runs yet. */
  public static Daemon create(Config config, Clock clock) {
    return new Daemon(config, clock, new EntryLog());
  }

  /** A daemon that tells somebody else. */
  static Daemon create(Config config, Clock clock, RotationListener listener) {
    return new Daemon(config, clock, listener);
  }

  /**
   * Starts; returns when it rotates.
   *
   * @throws io.refreshd.rotation.StoreException if the store cannot be opened, or another daemon
   *     runs on it
   */
  public synchronized void start() {
    if (closed) {
      return;
    }
    try {
      build();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void build() {
    RunLock lock = RunLock.acquire(config.store());
    parts.push(new Part("the run lock", lock));
    OpenStore store =
        TokenStores.openToWrite(Assembly.location(config), OWNER, config.concurrency(), clock);
    parts.push(new Part("the store", store));
    // a predecessor that was killed left its leases behind, and nobody else goes by that name
    store.endLeasesOf(OWNER);
    EntraTokenRedeemer redeemer = new EntraTokenRedeemer(clock);
    parts.push(new Part("the token endpoint", redeemer));
    Housekeeping housekeeping =
        new Housekeeping(
            store, new RotationLogFile(config.log(), store, RotationLogFile.DEFAULT_LIMIT));
    parts.push(new Part("housekeeping", housekeeping));
    housekeeping.start();
    RotationPolicy policy = Assembly.policy();
    RotationListener everyone =
        (entry, kept) -> {
          listener.told(entry, kept);
          housekeeping.told(entry, kept);
        };
    RotationScheduler scheduler =
        new RotationScheduler(
            config.grants(),
            store,
            new Rotator(store, redeemer, policy, everyone, clock),
            policy,
            config.concurrency(),
            config.tenantConcurrency(),
            clock);
    parts.push(new Part("the schedule", () -> stop(scheduler, redeemer)));
    scheduler.start();
    LOG.info("ready: {}", new Fleet(config.grants(), store.records()));
  }

  private static void stop(RotationScheduler scheduler, EntraTokenRedeemer redeemer)
      throws InterruptedException {
    if (!scheduler.stop(TO_FINISH)) {
      LOG.warn("a redemption in flight does not end; it is given up");
      redeemer.abortAll();
      scheduler.stop(TO_ABANDON);
    }
  }

  /** Stops within ten seconds: a redemption in flight is finished or given up, nothing is lost. */
  @Override
  public synchronized void close() {
    closed = true;
    boolean ran = !parts.isEmpty();
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
    if (ran) {
      LOG.info("stopped");
    }
  }

  /** Something that runs, by the name that a person would call it. */
  private record Part(String name, AutoCloseable running) {

    void close() {
      try {
        running.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        // what was started before it must be stopped all the same
        LOG.error("{} does not stop: {}", name, e.toString(), e);
      }
    }
  }
}
