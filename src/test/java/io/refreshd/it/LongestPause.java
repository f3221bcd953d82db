package io.refreshd.it;

import io.refreshd.sandbox.Chain;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Watches from the endpoint's side how long each of some grants is not rotated, at most. */
final class LongestPause implements AutoCloseable {

  private static final long EVERY_MILLIS = 50;

  private final List<Chain> chains;
  private final int[] seen;
  private final long[] since;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private long longest;

  LongestPause(List<Chain> chains) {
    this.chains = chains;
    this.seen = chains.stream().mapToInt(Chain::redemptions).toArray();
    this.since = new long[chains.size()];
    Arrays.fill(since, System.nanoTime());
    var unused = thread.scheduleWithFixedDelay(this::look, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private synchronized void look() {
    long now = System.nanoTime();
    for (int i = 0; i < seen.length; i++) {
      longest = Math.max(longest, now - since[i]);
      int redemptions = chains.get(i).redemptions();
      if (redemptions > seen[i]) {
        seen[i] = redemptions;
        since[i] = now;
      }
    }
  }

  /** Waits until each was rotated once more. */
  void awaitAllAgain(RefreshdProcess daemon) {
    int[] before = chains.stream().mapToInt(Chain::redemptions).toArray();
    daemon.await(
        () -> {
          for (int i = 0; i < before.length; i++) {
            if (chains.get(i).redemptions() <= before[i]) {
              return false;
            }
          }
          return true;
        },
        () -> "a grant is left behind");
  }

  synchronized Duration longest() {
    return Duration.ofNanos(longest);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
