package io.refreshd.cli;

import io.refreshd.config.Dates;
import io.refreshd.config.Durations;
import io.refreshd.grant.Shown;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A point in time on the command line: an instant, a day (UTC), or a duration back from now. */
final class TimeArgument {

  private TimeArgument() {}

  /**
   * Reads one.
   *
   * @param text for example {@code 2026-11-22T08:00:00Z}, {@code 2026-11-22}, {@code 7d}; {@code
   *     null} gives {@code null}
   */
  static @Nullable Instant parse(String option, @Nullable String text, Clock clock) {
    if (text == null) {
      return null;
    }
    try {
      return text.matches("\\d{4}-.*")
          ? Dates.parse(text)
          : clock.instant().minus(Durations.parse(text));
    } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
      throw new UsageException(
          option + ": \"" + Shown.of(text) + "\" is not a time",
          "an instant such as 2026-11-22T08:00:00Z, or a duration back from now such as 7d");
    }
  }
}
