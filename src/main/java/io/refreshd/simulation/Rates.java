package io.refreshd.simulation;

import java.time.Duration;
import java.time.Instant;

/**
 * Counts redemptions by the second. Plays that run side by side share it: a sum does not depend on
 * who adds first. Only the times with a redemption take memory.
 */
final class Rates {

  private static final int SECONDS = 60;
  private static final int MINUTES = 60;
  private static final int MINUTES_PER_PAGE = 8;
  private static final int BATCH = 4_096;

  private final Instant start;
  private final int minutes;
  private final int[][] pages;

  /** The busiest times, and how many redemptions there were at all. */
  record Summary(long total, Peak second, Peak minute, Peak hour) {}

  Rates(Instant start, Duration length) {
    this.start = start;
    this.minutes = Math.toIntExact(length.toMinutes() + 1);
    this.pages = new int[minutes / MINUTES_PER_PAGE + 1][];
  }

  /** What one thread counts: it adds up in batches, for memory far apart is slow to touch. */
  final class Counter {
    private final int[] batch = new int[BATCH];
    private int filled;

    void count(Instant at) {
      batch[filled++] = (int) (at.getEpochSecond() - start.getEpochSecond());
      if (filled == BATCH) {
        flush();
      }
    }

    void flush() {
      add(batch, filled);
      filled = 0;
    }
  }

  synchronized Summary summary() {
    long total = 0;
    long hour = 0;
    Peak busiestSecond = new Peak(0, start);
    Peak busiestMinute = busiestSecond;
    Peak busiestHour = busiestSecond;
    for (int minute = 0; minute < minutes; minute++) {
      long inMinute = 0;
      int[] page = pages[minute / MINUTES_PER_PAGE];
      for (int second = 0; page != null && second < SECONDS; second++) {
        int inSecond = page[minute % MINUTES_PER_PAGE * SECONDS + second];
        inMinute += inSecond;
        busiestSecond = higher(busiestSecond, inSecond, minute, second);
      }
      hour = minute % MINUTES == 0 ? inMinute : hour + inMinute;
      total += inMinute;
      busiestMinute = higher(busiestMinute, inMinute, minute, 0);
      busiestHour = higher(busiestHour, hour, minute - minute % MINUTES, 0);
    }
    return new Summary(total, busiestSecond, busiestMinute, busiestHour);
  }

  private synchronized void add(int[] seconds, int count) {
    for (int i = 0; i < count; i++) {
      int page = seconds[i] / (MINUTES_PER_PAGE * SECONDS);
      if (pages[page] == null) {
        pages[page] = new int[MINUTES_PER_PAGE * SECONDS];
      }
      pages[page][seconds[i] % (MINUTES_PER_PAGE * SECONDS)]++;
    }
  }

  private Peak higher(Peak peak, long redemptions, int minute, int second) {
    return redemptions > peak.redemptions()
        ? new Peak(redemptions, start.plusSeconds((long) minute * SECONDS + second))
        : peak;
  }
}
