package io.refreshd.entra;

import static io.refreshd.entra.ErrorText.pointAfter;
import static io.refreshd.entra.ErrorText.secondsAfter;
import static io.refreshd.entra.ErrorText.spanAfter;

import io.refreshd.rotation.Told;
import io.refreshd.rotation.Told.Which;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an error's text tells about the clocks of the grant. Microsoft asks nobody to rely on texts,
 * so what is not there in the known form is not told, and nonsense is not believed.
 */
final class ClockText {

  /**
   * The errors whose texts carry times, and the clock that the times are of. The time that 70043
   * calls the issue is that of the sign-in: it stays the same through rotations; likewise 50173,
   * whose template calls it {@code authTime}. A token of a single-page app hands its end down to
   * all its successors (Microsoft identity platform, refresh tokens), so that one counts from the
   * sign-in, too.
   */
  static final Map<String, Which> CLOCKS =
      Map.of(
          "700082", Which.ISSUE,
          "700081", Which.ISSUE,
          "70008", Which.ISSUE,
          "AADB2C90080", Which.ISSUE,
          "700084", Which.SIGN_IN,
          "70043", Which.SIGN_IN,
          "50173", Which.SIGN_IN);

  private static final Pattern ISSUED = pointAfter("issued on");
  private static final Pattern LIMIT =
      spanAfter("inactive for|lifetime(?: for this [a-z]+)? is|lifetime of");
  private static final Pattern VALID_FROM =
      pointAfter("TokensValidFrom date (?:\\([^()]*\\) )?for this user is");

  /** The B2C documentation gives these words to 90080; seen with seconds since 1970. */
  private static final Pattern B2C_ISSUED = secondsAfter("Grant issued time");

  private static final Pattern B2C_END = secondsAfter("Grant expiration time");

  /** No token lifetime could ever be configured to be shorter (TokenLifetimePolicy). */
  private static final Duration SHORTEST = Duration.ofMinutes(10);

  private static final Duration LONGEST = Duration.ofDays(3653);
  private static final Duration SKEW = Duration.ofDays(1);

  private ClockText() {}

  /**
   * Reads the text. Never throws.
   *
   * @param code the deciding number of the answer; {@code null} if it holds none
   * @param now our time; a start more than a day after it is not believed
   */
  static Told read(@Nullable String code, @Nullable String description, Instant now) {
    Which clock = code == null ? null : CLOCKS.get(code);
    if (clock == null || description == null) {
      return Told.NOTHING;
    }
    ErrorText text = ErrorText.of(description);
    Instant issuedAt = believed(first(text, ISSUED, B2C_ISSUED), now);
    Instant validFrom = believed(text.instant(VALID_FROM), now);
    Duration limit = believed(limit(text, issuedAt), issuedAt, now);
    return issuedAt == null && validFrom == null && limit == null
        ? Told.NOTHING
        : new Told(clock, issuedAt, limit, validFrom);
  }

  private static @Nullable Duration limit(ErrorText text, @Nullable Instant issuedAt) {
    Instant end = text.instant(B2C_END);
    return end == null || issuedAt == null ? text.duration(LIMIT) : Duration.between(issuedAt, end);
  }

  private static @Nullable Instant first(ErrorText text, Pattern one, Pattern other) {
    Instant found = text.instant(one);
    return found == null ? text.instant(other) : found;
  }

  private static @Nullable Instant believed(@Nullable Instant told, Instant now) {
    boolean plausible =
        told != null && told.isAfter(now.minus(LONGEST)) && told.isBefore(now.plus(SKEW));
    return plausible ? told : null;
  }

  /** A clock that by the text's own words still runs is not what the server refuses by. */
  private static @Nullable Duration believed(
      @Nullable Duration told, @Nullable Instant issuedAt, Instant now) {
    if (told == null || told.compareTo(SHORTEST) < 0 || told.compareTo(LONGEST) > 0) {
      return null;
    }
    boolean runs = issuedAt != null && issuedAt.plus(told).isAfter(now.plus(SKEW));
    return runs ? null : told;
  }
}
