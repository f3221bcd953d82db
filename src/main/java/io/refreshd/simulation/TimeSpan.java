package io.refreshd.simulation;

import java.time.Duration;
import java.util.Locale;

/** Durations as Entra writes them. */
final class TimeSpan {

  private TimeSpan() {}

  /** For example {@code 90.00:00:00}. */
  static String of(Duration duration) {
    return String.format(
        Locale.ROOT,
        "%d.%02d:%02d:%02d",
        duration.toDays(),
        duration.toHoursPart(),
        duration.toMinutesPart(),
        duration.toSecondsPart());
  }
}
