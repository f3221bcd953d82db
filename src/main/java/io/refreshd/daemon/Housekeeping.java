package io.refreshd.daemon;

import io.refreshd.report.RotationLogException;
import io.refreshd.report.RotationLogFile;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.RotationListener;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.TokenStore;
import io.refreshd.schedule.Recurring;
import io.refreshd.store.OpenStore;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows a rotation at its own pace, on one thread of its own: the lines of the rotation log
 * file, the head of the log, and the storing of successors that the store could not take.
 */
final class Housekeeping implements RotationListener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

  /** In seconds: so soon it sees to what was told, and tries again to store what is held. */
  private static final int SOON = 1;

  /**
   * In seconds: so often it comes by itself, for what others wrote into the log, whose head they
   * keep too. What an idle daemon costs is mostly to wake up.
   */
  private static final int ROUND = 10;

  private final OpenStore store;
  private final RotationLogFile logFile;
  private final AtomicBoolean lineWaits = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor thread;
  private final Recurring round = new Recurring("housekeeping has failed", this::round);
  private final Recurring flush = new Recurring("held tokens could not be stored", this::flush);
  private final Recurring keepHead;
  private Recurring watch = new Recurring("nothing is watched yet", () -> {});
  private @Nullable String trouble;
  private boolean comesSoon;

  Housekeeping(OpenStore store, RotationLogFile logFile) {
    this(
        store,
        logFile,
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread made = new Thread(task, "housekeeping");
              made.setDaemon(true);
              return made;
            }));
  }

  /** On a thread of somebody else's, which it ends. */
  Housekeeping(OpenStore store, RotationLogFile logFile, ScheduledThreadPoolExecutor thread) {
    this.store = store;
    this.logFile = logFile;
    this.thread = thread;
    // whoever closes it does not wait for a round that is still to come
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.keepHead =
        new Recurring("the head of the rotation log could not be kept", store::keepHead);
  }

  /**
   * Waits for nothing: a file that is begun anew has a hundred thousand lines to come.
   *
   * @param watch sees to a store that has gone back, if it has
   */
  void start(Runnable watch) {
    this.watch = new Recurring("the store has gone back, and that cannot be seen to yet", watch);
    thread.execute(this::follow);
    var unused = thread.scheduleWithFixedDelay(round, ROUND, ROUND, TimeUnit.SECONDS);
  }

  @Override
  public void told(Entry entry, TokenStore.Kept kept) {
    if (lineWaits.compareAndSet(false, true)) {
      try {
        thread.execute(this::follow);
      } catch (RejectedExecutionException e) {
        // it is closing, and the last thing it does is to catch up
        LOG.debug("closing");
      } catch (Error e) {
        lineWaits.set(false); // there may be memory for it next time
        LOG.error("the rotation log file cannot follow the store: {}", e.toString());
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.shutdown();
    if (thread.awaitTermination(1, TimeUnit.SECONDS)) {
      catchUp();
    }
  }

  /** What was told goes into the file now; the rest may wait until a few more were told. */
  private void follow() {
    catchUp();
    comeSoon();
  }

  private void comeSoon() {
    if (comesSoon) {
      return;
    }
    try {
      var unused = thread.schedule(round, SOON, TimeUnit.SECONDS);
      comesSoon = true;
    } catch (RejectedExecutionException e) {
      LOG.debug("closing");
    }
  }

  private void catchUp() {
    lineWaits.set(false);
    try {
      logFile.catchUp();
      if (trouble != null) {
        trouble = null;
        LOG.info("the rotation log file has every entry again");
      }
    } catch (RotationLogException e) {
      say(String.valueOf(e.getMessage()));
    } catch (StoreException e) {
      say("the rotation log file lags behind the store: " + e.getMessage());
    } catch (RuntimeException | Error e) {
      say("the rotation log file could not follow the store: " + e);
    }
  }

  /** The store has the truth, and the file catches up later; said once, not at every line. */
  private void say(String what) {
    if (!what.equals(trouble)) {
      trouble = what;
      LOG.warn("{}", what);
    }
  }

  private void round() {
    comesSoon = false;
    flush.run();
    keepHead.run();
    watch.run(); // after the head, which sees whether the store has gone back
    if (store.holdsAny()) {
      comeSoon();
    }
  }

  private void flush() {
    OpenStore.Flushed flushed = store.flush();
    flushed.stored().forEach(grant -> LOG.info("{}: the held token is stored now", grant));
    flushed
        .dropped()
        .forEach(grant -> LOG.warn("{}: the held token is not needed any more", grant));
    if (!flushed.stored().isEmpty()) {
      catchUp();
    }
  }
}
