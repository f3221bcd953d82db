package io.refreshd.store;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Times as the store keeps them: whole microseconds, instants since 1970. */
final class Micros {

  private Micros() {}

  static long of(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant.truncatedTo(ChronoUnit.MICROS));
  }

  static @Nullable Long ofNullable(@Nullable Instant instant) {
    return instant == null ? null : Long.valueOf(of(instant));
  }

  static @Nullable Long ofNullable(@Nullable Duration duration) {
    return duration == null
        ? null
        : Long.valueOf(duration.dividedBy(ChronoUnit.MICROS.getDuration()));
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  static Duration duration(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS);
  }
}
