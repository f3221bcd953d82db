package io.refreshd.cli;

import java.time.Duration;
import java.util.Locale;

/** A duration as a person says it: the two largest units that matter, or one with a decimal. */
final class Span {

  private Span() {}

  /** For example {@code 86.3d}, {@code 5h 12m}, {@code 3m 20s}, {@code 4.2s}. */
  static String of(Duration duration) {
    if (duration.isNegative()) {
      return "-" + of(duration.negated());
    }
    long seconds = duration.toSeconds();
    if (seconds >= 86_400) {
      return String.format(Locale.ROOT, "%.1fd", duration.toMillis() / 86_400_000d);
    }
    if (seconds >= 3_600) {
      return duration.toHours() + "h " + duration.toMinutesPart() + "m";
    }
    if (seconds >= 60) {
      return duration.toMinutes() + "m " + duration.toSecondsPart() + "s";
    }
    return String.format(Locale.ROOT, "%.1fs", duration.toMillis() / 1_000d);
  }
}
