package io.refreshd.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.testing.LogRecorder;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RecurringTest {

  @Test
  void anErrorIsToldAndDoesNotEndTheRounds() throws InterruptedException {
    CountDownLatch rounds = new CountDownLatch(3);
    ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    try (LogRecorder log = new LogRecorder()) {
      Recurring task =
          new Recurring(
              "the round has failed",
              () -> {
                rounds.countDown();
                throw new OutOfMemoryError("planted by the test");
              });
      var unused = thread.scheduleWithFixedDelay(task, 1, 1, TimeUnit.MILLISECONDS);

      assertThat(rounds.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(log.lines())
          .anyMatch(
              line ->
                  line.startsWith(
                      "ERROR the round has failed: java.lang.OutOfMemoryError: planted by"));
    } finally {
      thread.shutdownNow();
    }
  }
}
