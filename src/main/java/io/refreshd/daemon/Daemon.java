package io.refreshd.daemon;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.entra.EntraTokenRedeemer;
import io.refreshd.report.RotationLogFile;
import io.refreshd.rotation.RotationListener;
import io.refreshd.store.OpenStore;
import io.refreshd.store.RunLock;
import io.refreshd.store.TokenStores;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon: owns everything that runs, starts it in order and stops it in reverse. A start that
 * fails cleans up after itself.
 */
public final class Daemon implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

  private final ConfigSource source;
  private final Clock clock;
  private final RotationListener listener;
  private final ServiceNotices notices;
  private final Reloads reloads = new Reloads();
  private final Deque<Part> parts = new ArrayDeque<>();
  private boolean closed;

  private Daemon(
      ConfigSource source, Clock clock, RotationListener listener, ServiceNotices notices) {
    this.source = source;
    this.clock = clock;
    this.listener = listener;
    this.notices = notices;
  }

  /**
   * A daemon that logs, and tells the service manager how it is; nothing of it runs yet.
   *
   * @param environment where the service manager says how to reach it
   */
  public static Daemon create(ConfigSource source, Map<String, String> environment, Clock clock) {
    return create(source, clock, new EntryLog(), ServiceNotices.of(environment));
  }

  /** A daemon that tells somebody else. */
  static Daemon create(
      ConfigSource source, Clock clock, RotationListener listener, ServiceNotices notices) {
    return new Daemon(source, clock, listener, notices);
  }

  /** From now on SIGHUP is a {@link #requestReload}. */
  public void reloadOnHangUp() {
    Signals.onHangUp(this::requestReload);
  }

  /**
   * Asks for the configuration to be read anew, and returns. Safe at any time: before the start has
   * ended it waits for that, after the stop it does nothing.
   */
  public void requestReload() {
    reloads.request();
  }

  /**
   * Starts; returns when it rotates.
   *
   * @throws ConfigException if the configuration has problems
   * @throws io.refreshd.rotation.StoreException if the store cannot be opened, or another daemon
   *     runs on it
   */
  public void start() throws ConfigException {
    start(source.load());
  }

  private synchronized void start(Config config) {
    if (closed) {
      return;
    }
    try {
      build(config);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void build(Config config) {
    RunLock lock = RunLock.acquire(Assembly.location(config));
    parts.push(new Part("the run lock", lock));
    parts.push(new Part("the service notices", notices));
    OpenStore store =
        TokenStores.openToWrite(
            Assembly.location(config), lock.owner(), config.concurrency(), clock);
    parts.push(new Part("the store", store));
    // one that was killed left its leases behind, and nobody else goes by that name
    lock.predecessor().ifPresent(store::endLeasesOf);
    var unused = new PutBack(config, store, clock).settle(); // it has said so
    EntraTokenRedeemer redeemer = new EntraTokenRedeemer(clock);
    parts.push(new Part("the token endpoint", redeemer));
    Housekeeping housekeeping =
        new Housekeeping(
            store, new RotationLogFile(config.log(), store, RotationLogFile.DEFAULT_LIMIT));
    parts.push(new Part("housekeeping", housekeeping));
    housekeeping.start();
    RotationListener everyone =
        (entry, kept) -> {
          listener.told(entry, kept);
          housekeeping.told(entry, kept);
        };
    WorkInForce work = new WorkInForce(config, store, redeemer, everyone, clock);
    parts.push(new Part("the schedule", work));
    work.start();
    LOG.info("ready: {}", new Fleet(config.grants(), store.records()));
    notices.ready(work.status());
    notices.watch(work::isAlive, work::status);
    parts.push(new Part("reloading", reloads));
    reloads.open(() -> reload(work));
  }

  private void reload(WorkInForce work) {
    notices.reloading();
    try {
      work.reload(source);
    } finally {
      notices.ready(work.status());
    }
  }

  /** Stops within ten seconds: a redemption in flight is finished or given up, nothing is lost. */
  @Override
  public synchronized void close() {
    closed = true;
    boolean ran = !parts.isEmpty();
    notices.stopping();
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
