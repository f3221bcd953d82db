package io.refreshd.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Durations as Microsoft's policies write them: {@code D.HH:MM:SS} or {@code HH:MM:SS} (the form of
 * a .NET TimeSpan; Microsoft Graph, resource tokenLifetimePolicy).
 */
final class TimeSpans {

  private static final Pattern FORM =
      Pattern.compile("(?:(\\d{1,7})\\.)?([01]?\\d|2[0-3]):([0-5]\\d):([0-5]\\d)");

  private TimeSpans() {}

  /** The duration; empty if the text is not one. */
  static Optional<Duration> find(String text) {
    Matcher parts = FORM.matcher(text);
    return parts.matches()
        ? Optional.of(
            Duration.ofDays(number(parts.group(1)))
                .plusHours(number(parts.group(2)))
                .plusMinutes(number(parts.group(3)))
                .plusSeconds(number(parts.group(4))))
        : Optional.empty();
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
