package io.refreshd.schedule;

import java.time.Duration;

/** What was queued together, and is waited for together. */
final class Turn {

  private int left;
  private boolean again;

  synchronized void added() {
    left++;
  }

  synchronized void done() {
    left--;
    notifyAll();
  }

  /** Something has changed: whoever waits looks at the store again. */
  synchronized void again() {
    again = true;
    notifyAll();
  }

  /** Waits until nothing of it is left, somebody says {@link #again}, or the time is over. */
  synchronized void await(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    long millis = millisUntil(end);
    while (left > 0 && !again && millis > 0) {
      wait(millis);
      millis = millisUntil(end);
    }
    again = false;
  }

  /** Lets time pass, unless somebody says {@link #again}. */
  synchronized void rest(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    long millis = millisUntil(end);
    while (!again && millis > 0) {
      wait(millis);
      millis = millisUntil(end);
    }
    again = false;
  }

  private static long millisUntil(long end) {
    return (end - System.nanoTime() + 999_999) / 1_000_000;
  }
}
