package io.refreshd.config;

import io.refreshd.config.Node.Scalar;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/** Reads dates and instants of the years from 2000 to 2999. */
final class Dates {

  static final String PATTERN =
      "^2\\d{3}-\\d{2}-\\d{2}" + "(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2}))?$";

  private static final Pattern FORM = Pattern.compile(PATTERN);

  private Dates() {}

  /** A date is its start in UTC: on the day that is named, nobody can rely on what ends then. */
  static Instant read(Scalar scalar) throws Mistake {
    String text = scalar.text();
    try {
      if (FORM.matcher(text).matches()) {
        return text.indexOf('T') < 0
            ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
            : Instant.parse(text);
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
