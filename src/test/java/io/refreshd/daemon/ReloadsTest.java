package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReloadsTest {

  private final Semaphore begun = new Semaphore(0);
  private final Semaphore mayEnd = new Semaphore(0);
  private final AtomicInteger together = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  private void reload() {
    most.accumulateAndGet(together.incrementAndGet(), Math::max);
    begun.release();
    mayEnd.acquireUninterruptibly();
    together.decrementAndGet();
  }

  @Test
  void whateverIsAskedForWhileOneRunsLeadsToExactlyOneMore() throws Exception {
    CountDownLatch nothingWaits = new CountDownLatch(1);
    try (Reloads reloads = new Reloads()) {
      reloads.open(this::reload);
      reloads.request();
      begun.acquire();
      reloads.request();
      reloads.request();
      reloads.request();
      mayEnd.release();
      begun.acquire();
      mayEnd.release(2);
      // one that is asked for now is the third, for nothing is left of the three
      reloads.request();
      begun.acquire();
      nothingWaits.countDown();
      assertThat(begun.tryAcquire(200, TimeUnit.MILLISECONDS)).isFalse();
    }
    assertThat(most).hasValue(1);
  }

  @Test
  void afterTheEndNothingBegins() throws Exception {
    Reloads reloads = new Reloads();
    reloads.open(this::reload);
    reloads.close();

    reloads.request();

    assertThat(begun.tryAcquire(200, TimeUnit.MILLISECONDS)).isFalse();
  }
}
