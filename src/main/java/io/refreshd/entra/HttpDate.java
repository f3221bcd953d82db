package io.refreshd.entra;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The dates of HTTP headers: the form in use, and the two obsolete ones that a recipient must still
 * accept (RFC 9110 section 5.6.7). The name of the weekday is passed over, right or wrong.
 */
final class HttpDate {

  private static final Pattern WEEKDAY = Pattern.compile("^[A-Za-z]{3,9},?\\s++(?=[0-9A-Z])");
  private static final Pattern BLANKS = Pattern.compile("\\s++");

  /** A two-digit year lies at most so far ahead, else it is of the century before. */
  private static final int YEARS_AHEAD = 50;

  /** {@code 06 Nov 1994 08:49:37 GMT}; an offset instead of GMT will do. */
  private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.RFC_1123_DATE_TIME;

  /** {@code Nov 6 08:49:37 1994}. */
  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("MMM d HH:mm:ss uuuu", Locale.ROOT);

  private HttpDate() {}

  /**
   * The instant of a date.
   *
   * @param now decides the century of a two-digit year
   * @return {@code null} if it is none
   */
  static @Nullable Instant parse(@Nullable String header, Instant now) {
    if (header == null) {
      return null;
    }
    String date = BLANKS.matcher(header.strip()).replaceAll(" ");
    date = WEEKDAY.matcher(date).replaceFirst("");
    Instant fixdate = parse(date, IMF_FIXDATE);
    if (fixdate != null) {
      return fixdate;
    }
    Instant asctime = parse(date, ASCTIME);
    return asctime == null ? parse(date, rfc850(now)) : asctime;
  }

  /** Strict: the 31st of February is no date. */
  private static @Nullable Instant parse(String date, DateTimeFormatter form) {
    try {
      return form.withResolverStyle(ResolverStyle.STRICT)
          .parse(date, parsed -> instant(LocalDateTime.from(parsed), parsed));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static Instant instant(LocalDateTime time, TemporalAccessor parsed) {
    return parsed.isSupported(ChronoField.OFFSET_SECONDS)
        ? time.toInstant(ZoneOffset.ofTotalSeconds(parsed.get(ChronoField.OFFSET_SECONDS)))
        : time.toInstant(ZoneOffset.UTC);
  }

  /** {@code 06-Nov-94 08:49:37 GMT}. */
  private static DateTimeFormatter rfc850(Instant now) {
    LocalDate first = LocalDate.ofInstant(now, ZoneOffset.UTC).plusYears(YEARS_AHEAD - 99L);
    return new DateTimeFormatterBuilder()
        .appendPattern("d-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, first)
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.ROOT);
  }
}
