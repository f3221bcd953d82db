package io.refreshd.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts redemptions by the second. Threads share it: a sum does not depend on who adds first. Only
 * minutes with a redemption take memory.
 */
final class Rates {

  private static final int SECONDS = 60;
  private static final int MINUTES = 60;

  private final Instant start;
  private final AtomicReferenceArray<@Nullable AtomicIntegerArray> minutes;

  Rates(Instant start, Duration length) {
    this.start = start;
    this.minutes = new AtomicReferenceArray<>(Math.toIntExact(length.toMinutes() + 1));
  }

  void count(Instant at) {
    long second = at.getEpochSecond() - start.getEpochSecond();
    int minute = (int) (second / SECONDS);
    AtomicIntegerArray seconds = minutes.get(minute);
    if (seconds == null) {
      minutes.compareAndSet(minute, null, new AtomicIntegerArray(SECONDS));
      seconds = minutes.get(minute);
    }
    if (seconds != null) {
      seconds.getAndIncrement((int) (second % SECONDS));
    }
  }

  long total() {
    long total = 0;
    for (int minute = 0; minute < minutes.length(); minute++) {
      total += inMinute(minute);
    }
    return total;
  }

  Peak busiestSecond() {
    Peak peak = new Peak(0, start);
    for (int minute = 0; minute < minutes.length(); minute++) {
      AtomicIntegerArray seconds = minutes.get(minute);
      for (int second = 0; seconds != null && second < SECONDS; second++) {
        peak = higher(peak, seconds.get(second), (long) minute * SECONDS + second);
      }
    }
    return peak;
  }

  Peak busiestMinute() {
    Peak peak = new Peak(0, start);
    for (int minute = 0; minute < minutes.length(); minute++) {
      peak = higher(peak, inMinute(minute), (long) minute * SECONDS);
    }
    return peak;
  }

  Peak busiestHour() {
    Peak peak = new Peak(0, start);
    for (int first = 0; first < minutes.length(); first += MINUTES) {
      long hour = 0;
      for (int minute = first; minute < Math.min(first + MINUTES, minutes.length()); minute++) {
        hour += inMinute(minute);
      }
      peak = higher(peak, hour, (long) first * SECONDS);
    }
    return peak;
  }

  private Peak higher(Peak peak, long redemptions, long second) {
    return redemptions > peak.redemptions()
        ? new Peak(redemptions, start.plusSeconds(second))
        : peak;
  }

  private long inMinute(int minute) {
    AtomicIntegerArray seconds = minutes.get(minute);
    long sum = 0;
    for (int second = 0; seconds != null && second < SECONDS; second++) {
      sum += seconds.get(second);
    }
    return sum;
  }
}
