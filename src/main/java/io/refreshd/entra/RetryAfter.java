package io.refreshd.entra;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The header {@code Retry-After}: seconds or a date (RFC 9110 section 10.2.3). */
final class RetryAfter {

  private RetryAfter() {}

  /**
   * How long the server asks us to wait. A date counts from the answer's own {@code Date}, so that
   * a clock that is wrong does no harm.
   *
   * @return {@code null} if it does not ask, or asks for nonsense
   */
  static @Nullable Duration of(Exchanged.Answer answer, Clock clock) {
    String asked = answer.header("Retry-After");
    if (asked == null) {
      return null;
    }
    Duration wait =
        asked.strip().matches("[0-9]{1,9}") ? seconds(asked) : until(asked, answer, clock);
    return wait != null && wait.compareTo(Duration.ZERO) > 0 ? wait : null;
  }

  private static Duration seconds(String text) {
    return Duration.ofSeconds(Long.parseLong(text.strip()));
  }

  private static @Nullable Duration until(String date, Exchanged.Answer answer, Clock clock) {
    Instant ours = clock.instant();
    Instant then = HttpDate.parse(date, ours);
    Instant theirs = HttpDate.parse(answer.header("Date"), ours);
    return then == null ? null : Duration.between(theirs == null ? ours : theirs, then);
  }
}
