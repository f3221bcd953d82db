package io.refreshd.daemon;

import io.refreshd.store.StopRequest;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ctrl-C or SIGTERM in the midst of a command: what is in flight is finished or given up, and what
 * came of it is stored, before the process ends. A token may be spent that nobody knows else.
 */
final class OrderlyEnd implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OrderlyEnd.class);

  /** What nobody notices. */
  private static final Duration AT_ONCE = Duration.ofMillis(500);

  private static final Duration TO_FINISH = Duration.ofSeconds(4);
  private static final Duration TO_ABANDON = Duration.ofSeconds(3);

  private final Runnable beginNothing;
  private final Runnable abandon;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::waitForTheEnd, "orderly-end");

  /**
   * From now on the process ends in order, until this is closed.
   *
   * @param beginNothing keeps the command from beginning anything more
   * @param abandon gives up what is in flight
   */
  OrderlyEnd(Runnable beginNothing, Runnable abandon) {
    this.beginNothing = beginNothing;
    this.abandon = abandon;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** For what can be stopped, and clears away then; there is nothing to give up. */
  static OrderlyEnd by(StopRequest stop) {
    return new OrderlyEnd(stop::ask, stop::ask);
  }

  private void waitForTheEnd() {
    beginNothing.run();
    if (isEndedWithin(AT_ONCE)) {
      return;
    }
    LOG.warn("stopping: what is in flight is finished first, for a few seconds");
    if (!isEndedWithin(TO_FINISH)) {
      abandon.run();
      isEndedWithin(TO_ABANDON);
    }
  }

  private boolean isEndedWithin(Duration limit) {
    try {
      return ended.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The command has ended. */
  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.debug("the process ends, and the hook with it");
    }
  }
}
