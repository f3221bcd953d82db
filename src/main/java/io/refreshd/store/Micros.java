package io.refreshd.store;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Times as the store keeps them: whole microseconds, instants since 1970. */
final class Micros {

  private Micros() {}

  static long of(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
  }

  static @Nullable Long ofNullable(@Nullable Instant instant) {
    return instant == null ? null : Long.valueOf(of(instant));
  }

  static @Nullable Long ofNullable(@Nullable Duration duration) {
    return duration == null ? null : Long.valueOf(TimeUnit.MICROSECONDS.convert(duration));
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  static Duration duration(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS);
  }
}
