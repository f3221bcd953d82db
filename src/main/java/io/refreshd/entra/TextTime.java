package io.refreshd.entra;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Points and spans of time as Entra's texts write them, which is how .NET does. What stands there
 * is read only if it cannot be the beginning of something longer: a text may have been cut.
 */
final class TextTime {

  /** {@code 2019-01-02T09:19:53.5422744Z}, also with a blank in the middle, and without a zone. */
  static final String POINT =
      "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]+)?"
          + "(?:Z|[+-][0-9]{2}:[0-9]{2})?";

  /**
   * A TimeSpan, {@code 90.00:00:00}, or whole seconds, {@code 604800}, with what ends them. {@code
   * 90.} at the end of a text may be a TimeSpan cut off, {@code 3600.} may not.
   */
  static final String SPAN =
      "-?(?:[0-9]{1,9}\\.)?[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]+)?"
          + "|-?[0-9]{1,12}(?=[.,;]?[\\s'])|-?[0-9]{4,12}(?=\\.$)";

  private static final int NANOS = 9;

  private static final Pattern PARTS_OF_POINT =
      Pattern.compile("(.{10})[T ]([0-9:]{8})(?:\\.([0-9]+))?(.*)");

  private static final Pattern PARTS_OF_SPAN =
      Pattern.compile("(?:([0-9]+)\\.)?([0-9]+):([0-5][0-9]):([0-5][0-9])(?:\\.([0-9]+))?");

  private TextTime() {}

  /**
   * The instant of a {@link #POINT}; without a zone it is UTC.
   *
   * @return {@code null} if there is no such day or hour
   */
  static @Nullable Instant instant(String point) {
    Matcher parts = PARTS_OF_POINT.matcher(point);
    if (!parts.matches()) {
      return null;
    }
    try {
      LocalDateTime time = LocalDateTime.parse(parts.group(1) + "T" + parts.group(2));
      ZoneOffset zone = parts.group(4).isEmpty() ? ZoneOffset.UTC : ZoneOffset.of(parts.group(4));
      return time.toInstant(zone).plus(fraction(parts.group(3)));
    } catch (DateTimeException e) {
      return null;
    }
  }

  /**
   * The duration of a {@link #SPAN}.
   *
   * @return {@code null} if it is negative, or none
   */
  static @Nullable Duration duration(String span) {
    if (span.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Duration.ofSeconds(Long.parseLong(span));
    }
    Matcher parts = PARTS_OF_SPAN.matcher(span);
    if (!parts.matches()) {
      return null;
    }
    String days = parts.group(1);
    return Duration.ofDays(days == null ? 0 : Long.parseLong(days))
        .plusHours(Long.parseLong(parts.group(2)))
        .plusMinutes(Long.parseLong(parts.group(3)))
        .plusSeconds(Long.parseLong(parts.group(4)))
        .plus(fraction(parts.group(5)));
  }

  /** The digits behind the point of a second; .NET writes seven. */
  private static Duration fraction(@Nullable String digits) {
    if (digits == null) {
      return Duration.ZERO;
    }
    String nanos = (digits + "0".repeat(NANOS)).substring(0, NANOS);
    return Duration.ofNanos(Long.parseLong(nanos));
  }
}
