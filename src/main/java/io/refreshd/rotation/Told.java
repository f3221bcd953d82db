package io.refreshd.rotation;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the text of a refusal tells about the clocks of the grant.
 *
 * @param clock which clock the times are of; {@code null} if the text tells none
 * @param issuedAt when that clock started: the issue of the token, or the sign-in behind it; {@code
 *     null} if the text does not say
 * @param limit how long that clock runs; {@code null} if the text does not say
 * @param validFrom tokens from before this instant were revoked (TokensValidFrom of AADSTS50173);
 *     {@code null} if the text does not say
 */
public record Told(
    @Nullable Which clock,
    @Nullable Instant issuedAt,
    @Nullable Duration limit,
    @Nullable Instant validFrom) {

  /** The text tells nothing. */
  public static final Told NOTHING = new Told(null, null, null, null);

  /** One of the two clocks of a grant. */
  public enum Which {
    /** Starts anew with each generation. */
    ISSUE,
    /** Starts with a sign-in of a person; no rotation resets it. */
    SIGN_IN;

    /** The word for it in JSON and texts: {@code sign-in}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
