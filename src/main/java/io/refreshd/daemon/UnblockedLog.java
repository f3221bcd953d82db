package io.refreshd.daemon;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Log lines on a thread of their own: a pipe that nobody reads holds up no rotation, and no stop.
 * What does not fit into the queue is lost, and counted.
 */
final class UnblockedLog extends AsyncAppender {

  private static final int LINES = 1_000;

  /** Of the ten seconds that a stop may take. */
  private static final int LAST_WORDS_MILLIS = 500;

  private final AtomicInteger lost = new AtomicInteger();

  UnblockedLog(LoggerContext context, Appender<ILoggingEvent> slow) {
    setContext(context);
    setName("unblocked");
    setQueueSize(LINES);
    setDiscardingThreshold(0);
    setNeverBlock(true);
    setMaxFlushTime(LAST_WORDS_MILLIS);
    addAppender(slow);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (getRemainingCapacity() < 2) {
      lost.incrementAndGet();
      return;
    }
    int before = lost.getAndSet(0);
    if (before > 0) {
      super.append(warning(before));
    }
    super.append(event);
  }

  private LoggingEvent warning(int lines) {
    Logger logger = ((LoggerContext) getContext()).getLogger(UnblockedLog.class);
    return new LoggingEvent(
        UnblockedLog.class.getName(),
        logger,
        Level.WARN,
        lines + " log lines are missing here: nobody read standard output",
        null,
        null);
  }
}
