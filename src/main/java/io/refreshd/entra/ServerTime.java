package io.refreshd.entra;

import static io.refreshd.entra.ErrorText.pointAfter;
import static io.refreshd.entra.ErrorText.secondsAfter;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the server's clock showed when it answered. */
final class ServerTime {

  /** AADSTS700024 and 500133, about an assertion that is not valid now. */
  private static final Pattern IN_TEXT = pointAfter("[Cc]urrent time(?: is)?");

  /** AADB2C90080. */
  private static final Pattern IN_B2C_TEXT = secondsAfter("Current time");

  private ServerTime() {}

  /**
   * By the text of the error, which is exact, else by the header {@code Date}, in whole seconds.
   *
   * @param description of the error; {@code null} if there is none
   * @param now our time, for dates with a two-digit year
   * @return {@code null} if the answer does not say
   */
  static @Nullable Instant of(Exchanged.Answer answer, @Nullable String description, Instant now) {
    Instant told = description == null ? null : told(ErrorText.of(description));
    return told == null ? HttpDate.parse(answer.header("Date"), now) : told;
  }

  private static @Nullable Instant told(ErrorText text) {
    Instant told = text.instant(IN_TEXT);
    return told == null ? text.instant(IN_B2C_TEXT) : told;
  }
}
