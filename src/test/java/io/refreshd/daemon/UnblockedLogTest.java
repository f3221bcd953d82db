package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nobody reads the log: that holds up nobody, and what is missing is said. */
@Timeout(60)
class UnblockedLogTest {

  private final LoggerContext context = new LoggerContext();
  private final CountDownLatch reading = new CountDownLatch(1);
  private final CountDownLatch blocked = new CountDownLatch(1);
  private final List<String> read = new CopyOnWriteArrayList<>();

  /** A pipe that nobody reads until somebody does. */
  private final class Pipe extends AppenderBase<ILoggingEvent> {

    @Override
    protected void append(ILoggingEvent event) {
      blocked.countDown();
      boolean waiting = true;
      while (waiting) {
        try {
          reading.await();
          waiting = false;
        } catch (InterruptedException e) {
          // as a write to a pipe: it does not end by that
        }
      }
      read.add(event.getFormattedMessage());
    }
  }

  private Logger log() {
    context.setMDCAdapter(new LogbackMDCAdapter());
    Pipe pipe = new Pipe();
    pipe.setContext(context);
    pipe.start();
    UnblockedLog unblocked = new UnblockedLog(context, pipe);
    unblocked.start();
    Logger logger = context.getLogger("test");
    logger.addAppender(unblocked);
    return logger;
  }

  @Test
  void aPipeThatNobodyReadsHoldsUpNeitherAWriterNorTheStop() {
    Logger log = log();
    for (int line = 0; line < 3_000; line++) {
      log.info("line {}", line);
    }
    log.detachAndStopAllAppenders();

    assertThat(read).isEmpty();
    reading.countDown();
  }

  @Test
  void whatIsLostIsCountedWhereItIsMissing() throws Exception {
    Logger log = log();
    log.info("line 0");
    blocked.await();
    for (int line = 1; line < 3_000; line++) {
      log.info("line {}", line);
    }
    reading.countDown();
    awaitRoom((UnblockedLog) log.getAppender("unblocked"));
    log.info("the last");
    log.detachAndStopAllAppenders();

    int missing = 3_000 - (read.size() - 2);
    assertThat(read)
        .startsWith("line 0", "line 1")
        .endsWith(missing + " log lines are missing here: nobody read standard output", "the last");
    assertThat(missing).as("what the queue and its thread do not hold").isEqualTo(2_000);
  }

  /** Its thread takes all that waits at once, when it has written what it took before. */
  private static void awaitRoom(UnblockedLog log) {
    while (log.getNumberOfElementsInQueue() > 0) {
      LockSupport.parkNanos(1_000_000);
    }
  }
}
