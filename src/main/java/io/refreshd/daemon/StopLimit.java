package io.refreshd.daemon;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a process that is told to stop. Everything that is stopped has a time limit of its
 * own; this is for what none of them knows of, as a disk that hangs.
 */
final class StopLimit {

  private static final Logger LOG = LoggerFactory.getLogger(StopLimit.class);

  /** Of the ten seconds; the rest is for the JVM. */
  private static final Duration LIMIT = Duration.ofSeconds(9);

  /** What a stop that had to be cut short exits with: somebody should look into it. */
  private static final int FAILED = 1;

  private StopLimit() {}

  /** On SIGTERM, SIGINT, or any other end of the JVM: stops this, and writes the last log lines. */
  static void atTheEnd(AutoCloseable running) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(running), "shutdown"));
  }

  private static void stop(AutoCloseable running) {
    Thread limit = new Thread(StopLimit::halt, "stop-limit");
    limit.setDaemon(true);
    limit.start();
    try {
      running.close();
    } catch (Exception e) {
      LOG.error("it does not stop: {}", e.toString(), e);
    }
    Logs.end();
  }

  private static void halt() {
    long end = System.nanoTime() + LIMIT.toNanos();
    for (long left = LIMIT.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    LOG.error("it does not stop within {} seconds; it is cut short", LIMIT.toSeconds());
    Logs.end();
    Runtime.getRuntime().halt(FAILED);
  }
}
