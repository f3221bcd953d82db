package io.refreshd.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Durations as people write them: {@code 90d}, {@code 36h}, {@code 15m}, {@code 30s}, {@code
 * 1d12h}, or ISO-8601 ({@code P90D}, {@code PT36H}). Whole seconds, 100 years at most.
 */
public final class Durations {

  /** The form without ISO-8601, for the JSON schema too. */
  static final String COMPACT = "(?:(\\d{1,9})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,10})s)?";

  private static final Pattern PARTS = Pattern.compile(COMPACT);
  private static final Duration LONGEST = Duration.ofDays(36_500);
  private static final int ISO_LENGTH = 40;

  private Durations() {}

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException if the text is not one, or is negative, longer than 100 years,
   *     or not of whole seconds
   */
  public static Duration parse(String text) {
    Matcher parts = PARTS.matcher(text);
    Duration duration =
        !text.isEmpty() && parts.matches()
            ? Duration.ofDays(number(parts.group(1)))
                .plusHours(number(parts.group(2)))
                .plusMinutes(number(parts.group(3)))
                .plusSeconds(number(parts.group(4)))
            : iso(text);
    if (duration.isNegative() || duration.compareTo(LONGEST) > 0 || duration.toNanosPart() != 0) {
      throw new IllegalArgumentException(
          Mistake.quoted(text)
              + " is out of range; would be whole seconds, "
              + format(LONGEST)
              + " at most");
    }
    return duration;
  }

  /**
   * Writes a duration so that {@link #parse} reads it again, for example {@code 1d12h}; parts of a
   * second are left out.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public static String format(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("a negative duration: " + duration);
    }
    String text =
        part(duration.toDaysPart(), "d")
            + part(duration.toHoursPart(), "h")
            + part(duration.toMinutesPart(), "m")
            + part(duration.toSecondsPart(), "s");
    return text.isEmpty() ? "0s" : text;
  }

  private static Duration iso(String text) {
    try {
      return Duration.parse(text.length() > ISO_LENGTH ? "" : text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          Mistake.quoted(text)
              + " is not a duration; would be for example 90d, 36h, 15m, 30s, 1d12h or P90D",
          e);
    }
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private static String part(long number, String unit) {
    return number == 0 ? "" : number + unit;
  }
}
