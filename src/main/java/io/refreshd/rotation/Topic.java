package io.refreshd.rotation;

import java.util.Locale;

/**
 * What an alert can be about. A closed set; {@code docs/operations.md} says of each what it means
 * and what to do.
 */
public enum Topic {
  /** The server says that a person must sign in, and retries confirmed it. */
  NEEDS_CONSENT("needs a sign-in"),
  /** The answer of a single-use server was lost: the token may be spent. */
  LOST_ANSWER("an answer was lost"),
  /** An administrator must change something, for these grants alone. */
  BLOCKED("blocked"),
  /** A client, its credential or its tenant is refused: one trouble of all grants behind it. */
  CIRCUIT("the client is refused"),
  /** A clock has run out. */
  EXPIRED("expired"),
  /** The refresh token ends soon, and nothing else says why it is not rotated. */
  ISSUE_CLOCK("the refresh token runs out"),
  /** The sign-in of a person ends soon; rotation cannot help. */
  SIGN_IN_CLOCK("the sign-in runs out"),
  /** Every attempt has failed for over a day. */
  RETRYING("attempts keep failing"),
  /** No successful rotation for long, whatever the reason. */
  SILENCE("no successful rotation"),
  /** A client's secret or certificate ends soon. */
  CREDENTIAL("the credential runs out"),
  /** The clocks of this machine and of the token endpoint differ. */
  CLOCK_SKEW("the clock is wrong");

  private final String phrase;

  Topic(String phrase) {
    this.phrase = phrase;
  }

  /** The word for it, which starts the name of a cause: {@code needs-consent}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The topic of a cause, by the cause's name. */
  public static Topic of(String cause) {
    int slash = cause.indexOf('/');
    String word = slash < 0 ? cause : cause.substring(0, slash);
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** Whether its subjects are grants. */
  public boolean isAboutGrants() {
    return this != CREDENTIAL && this != CLOCK_SKEW;
  }

  /** What was the matter, in a few words. */
  String phrase() {
    return phrase;
  }
}
