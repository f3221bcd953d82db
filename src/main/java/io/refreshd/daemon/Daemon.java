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
import org.jspecify.annotations.Nullable;
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
  private final Object stopping = new Object();
  private boolean stopped;
  private volatile @Nullable OpenStore opened;

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
   * From now on the end of the process stops the daemon first: on SIGTERM and SIGINT the JVM then
   * exits with 143 or 130. If something hangs it is cut short, with exit code 1.
   */
  public void stopWithTheProcess() {
    StopLimit.atTheEnd(this);
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

  private void start(Config config) {
    try {
      build(config);
    } catch (Stopped e) {
      LOG.info("stopped while it started");
    } catch (RuntimeException | Error e) {
      boolean isMeantime = isStopped();
      close();
      if (!isMeantime) {
        throw e;
      }
      // what it was about to use was stopped under its hands
      LOG.info("stopped while it started: {}", e.toString());
    }
  }

  private void build(Config config) {
    RunLock lock = RunLock.acquire(Assembly.location(config));
    add("the run lock", lock);
    add("the service notices", notices);
    OpenStore store =
        TokenStores.openToWrite(
            Assembly.location(config), lock.owner(), config.concurrency(), clock);
    add("the store", store);
    opened = store;
    // one that was killed left its leases behind, and nobody else goes by that name
    lock.predecessor().ifPresent(store::endLeasesOf);
    var unused = new PutBack(config, store, clock, notices::starting).settle(); // it has said so
    EntraTokenRedeemer redeemer = new EntraTokenRedeemer(clock);
    add("the token endpoint", redeemer);
    Housekeeping housekeeping =
        new Housekeeping(
            store, new RotationLogFile(config.log(), store, RotationLogFile.DEFAULT_LIMIT));
    add("housekeeping", housekeeping);
    RotationListener everyone =
        (entry, kept) -> {
          listener.told(entry, kept);
          housekeeping.told(entry, kept);
        };
    WorkInForce work = new WorkInForce(config, store, redeemer, everyone, clock);
    add("the schedule", work);
    housekeeping.start(
        () -> {
          work.forgetEnded();
          work.withholdIfGoneBack();
        });
    if (store.cluster().isPresent()) {
      Heartbeat heartbeat = new Heartbeat(store.cluster().get(), work::standBack);
      add("the heartbeat", heartbeat);
      heartbeat.start();
    }
    work.start();
    LOG.info("ready: {}", work.fleet().described(store));
    notices.ready(work::status);
    notices.watch(work::findHanging, work::status);
    add("reloading", reloads);
    reloads.open(() -> reload(work));
  }

  private void reload(WorkInForce work) {
    notices.reloading();
    try {
      work.reload(source);
    } finally {
      notices.ready(work::status);
    }
  }

  /**
   * From now on there is something more to stop. A stop does not wait for a start that is under
   * way, for that may wait long for others: it stops what there is, and the start ends here.
   */
  private void add(String name, AutoCloseable running) {
    Part part = new Part(name, running);
    synchronized (parts) {
      if (!stopped) {
        parts.push(part);
        return;
      }
    }
    part.close();
    throw new Stopped();
  }

  private boolean isStopped() {
    synchronized (parts) {
      return stopped;
    }
  }

  /** The next to be stopped; {@code null} if nothing is left. */
  private @Nullable Part takeNewest() {
    synchronized (parts) {
      stopped = true;
      return parts.poll();
    }
  }

  /**
   * Stops within ten seconds, also in the midst of a start: a redemption in flight is finished or
   * given up, nothing is lost.
   */
  @Override
  public void close() {
    synchronized (stopping) { // whoever comes second returns when everything has stopped as well
      Part newest = takeNewest();
      boolean ran = newest != null;
      OpenStore store = opened;
      if (store != null) {
        store.waitNoLonger(); // first of all: whatever is in the way may wait for it
      }
      notices.stopping();
      while (newest != null) {
        newest.close();
        newest = takeNewest();
      }
      if (ran) {
        LOG.info("stopped");
      }
    }
  }

  /** Ends a start that a stop has overtaken. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
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
