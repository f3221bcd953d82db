package io.refreshd.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as Entra writes them, which is how .NET does. */
final class Times {

  private static final DateTimeFormatter PRECISE = format("yyyy-MM-dd'T'HH:mm:ss.SSSSSSS'Z'");
  private static final DateTimeFormatter STAMP = format("yyyy-MM-dd HH:mm:ss'Z'");

  private Times() {}

  /** With seven digits behind the point: {@code 2019-01-02T09:19:53.5422744Z}. */
  static String precise(Instant instant) {
    return PRECISE.format(instant);
  }

  /** With a blank in the middle: {@code 2019-04-25 16:38:07Z}. */
  static String stamp(Instant instant) {
    return STAMP.format(instant);
  }

  /** A TimeSpan: {@code 90.00:00:00}, and {@code 00:01:30} below a day. */
  static String span(Duration duration) {
    String clock =
        String.format(
            Locale.ROOT,
            "%02d:%02d:%02d",
            duration.toHoursPart(),
            duration.toMinutesPart(),
            duration.toSecondsPart());
    return duration.toDays() == 0 ? clock : duration.toDays() + "." + clock;
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }
}
