package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ServiceNoticesTest {

  private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();
  private final NotifySocket socket = assignments -> sent.add(String.join(" ", assignments));

  @Test
  void aReloadIsToldWithTheTimeOfTheMonotonicClock() throws Exception {
    long before = System.nanoTime() / 1000;
    ServiceNotices notices =
        new ServiceNotices(Optional.of(socket), Optional.empty(), System::nanoTime);
    notices.ready("24 grants");
    notices.reloading();
    notices.ready("25 grants");
    notices.stopping();
    notices.ready("26 grants");
    notices.close();

    assertThat(sent.poll()).isEqualTo("READY=1 STATUS=24 grants");
    String[] reloading = String.valueOf(sent.poll()).split("[ =]");
    assertThat(reloading).startsWith("RELOADING", "1", "MONOTONIC_USEC");
    assertThat(Long.parseLong(reloading[3])).isBetween(before, System.nanoTime() / 1000);
    assertThat(sent.poll()).isEqualTo("READY=1 STATUS=25 grants");
    assertThat(sent.poll()).isEqualTo("STOPPING=1");
    assertThat(sent).as("nothing after the end").isEmpty();
  }

  @Test
  void aStartThatTakesLongIsGivenMoreTimeWhileItGoesOn() throws Exception {
    AtomicLong nanos = new AtomicLong();
    ServiceNotices notices = new ServiceNotices(Optional.of(socket), Optional.empty(), nanos::get);
    notices.starting();
    nanos.set(Duration.ofSeconds(30).toNanos());
    notices.starting();
    notices.starting();
    nanos.set(Duration.ofSeconds(61).toNanos());
    notices.starting();
    notices.close();

    assertThat(sent)
        .as("once in half a minute, and nothing in a start that is quick")
        .containsExactly("EXTEND_TIMEOUT_USEC=300000000", "EXTEND_TIMEOUT_USEC=300000000");
  }

  @Test
  void signsOfLifeAreSentOnlyWhileThereIsLife() throws Exception {
    AtomicBoolean alive = new AtomicBoolean(true);
    BlockingQueue<Boolean> asked = new LinkedBlockingQueue<>();
    try (ServiceNotices notices =
        new ServiceNotices(
            Optional.of(socket), Optional.of(Duration.ofMillis(20)), System::nanoTime)) {
      notices.watch(
          () -> {
            asked.add(alive.get());
            return alive.get() ? Optional.empty() : Optional.of("the watchman sleeps");
          },
          () -> "24 grants");
      assertThat(sent.poll(20, TimeUnit.SECONDS)).isEqualTo("WATCHDOG=1");

      alive.set(false);
      while (Boolean.TRUE.equals(asked.poll(20, TimeUnit.SECONDS))) {
        // asked while there was life
      }
      sent.clear();
      assertThat(asked.poll(20, TimeUnit.SECONDS)).isFalse();
      assertThat(sent).isEmpty();

      alive.set(true);
      assertThat(sent.poll(20, TimeUnit.SECONDS)).isEqualTo("WATCHDOG=1");
    }
  }

  @Test
  void aMomentWithoutMemoryDoesNotEndTheSignsOfLife() throws Exception {
    AtomicBoolean broken = new AtomicBoolean(true);
    try (ServiceNotices notices =
        new ServiceNotices(
            Optional.of(socket), Optional.of(Duration.ofMillis(20)), System::nanoTime)) {
      notices.watch(
          () -> {
            if (broken.getAndSet(false)) {
              throw new OutOfMemoryError("planted by the test");
            }
            return Optional.empty();
          },
          () -> "24 grants");

      assertThat(sent.poll(20, TimeUnit.SECONDS)).isEqualTo("WATCHDOG=1");
    }
  }

  @Test
  void aStopDoesNotWaitForWhoeverIsAskedForASignOfLife() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    // comes late, as while a reload has the lock and waits for a database that hangs
    CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
    try (ServiceNotices notices =
        new ServiceNotices(
            Optional.of(socket), Optional.of(Duration.ofMillis(20)), System::nanoTime)) {
      notices.watch(
          () -> {
            asked.countDown();
            return answer.join();
          },
          () -> "24 grants");
      asked.await();

      CompletableFuture<Void> stop = CompletableFuture.runAsync(notices::stopping);
      try {
        assertThat(stop).succeedsWithin(Duration.ofSeconds(5));
      } finally {
        answer.complete(Optional.empty());
      }
      assertThat(sent.poll(20, TimeUnit.SECONDS)).isEqualTo("STOPPING=1");
    }
    assertThat(sent).as("nothing after the end").isEmpty();
  }

  @Test
  void whereNobodyListensNothingIsDone() throws Exception {
    ServiceNotices notices =
        new ServiceNotices(Optional.empty(), Optional.empty(), System::nanoTime);
    notices.ready("24 grants");
    notices.watch(
        () -> {
          throw new AssertionError("asked in vain");
        },
        () -> "24 grants");
    notices.stopping();
    notices.close();

    assertThat(sent).isEmpty();
  }
}
