package io.refreshd.config;

import io.refreshd.config.Node.Scalar;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads dates and instants; in a configuration, of the years from 2000 to 2999. */
public final class Dates {

  static final String PATTERN =
      "^2\\d{3}-\\d{2}-\\d{2}" + "(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2}))?$";

  private static final Pattern FORM = Pattern.compile(PATTERN);

  private static final Pattern WITHOUT_SECONDS =
      Pattern.compile("(.*T\\d{2}:\\d{2})(Z|[+-]\\d{2}:\\d{2})");

  private Dates() {}

  /**
   * Reads a date, which is its start in UTC: on the day that is named, nobody can rely on what ends
   * then. Or an instant, whose seconds may be left out.
   *
   * @throws DateTimeException if it is neither
   */
  public static Instant parse(String text) {
    if (text.indexOf('T') < 0) {
      return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    Matcher brief = WITHOUT_SECONDS.matcher(text);
    return Instant.parse(brief.matches() ? brief.group(1) + ":00" + brief.group(2) : text);
  }

  static Instant read(Scalar scalar) throws Mistake {
    String text = scalar.text();
    try {
      if (FORM.matcher(text).matches()) {
        return parse(text);
      }
    } catch (DateTimeException e) {
      throw new Mistake(
          scalar.place(), Mistake.quoted(text) + " is no day of the calendar; would be one");
    }
    throw new Mistake(
        scalar.place(),
        Mistake.quoted(text) + " is not a date; would be 2027-01-31 or 2027-01-31T12:00:00Z");
  }
}
