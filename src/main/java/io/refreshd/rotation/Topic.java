package io.refreshd.rotation;

import java.util.Locale;

/**
 * What an alert can be about. A closed set; {@code docs/operations.md} says of each what it means
 * and what to do.
 */
public enum Topic {
  /** The server says that a person must sign in, and retries confirmed it. */
  NEEDS_CONSENT("a sign-in is no longer needed"),
  /** A token may be spent: its single-use server's answer was lost, or the store put back. */
  LOST_ANSWER("its token is no longer in doubt"),
  /** An administrator must change something, for these grants alone. */
  BLOCKED("no longer blocked"),
  /** A client, its credential or its tenant is refused: one trouble of all grants behind it. */
  CIRCUIT("its client is no longer refused"),
  /** A clock has run out. */
  EXPIRED("no longer expired"),
  /** The refresh token ends soon, and nothing else says why it is not rotated. */
  ISSUE_CLOCK("its refresh token no longer ends soon"),
  /** The sign-in of a person ends soon; rotation cannot help. */
  SIGN_IN_CLOCK("its sign-in no longer ends soon"),
  /** Every attempt has failed for over a day. */
  RETRYING("its endpoint answers again"),
  /** No successful rotation for long, whatever the reason. */
  SILENCE("no longer without a rotation"),
  /** A client's secret or certificate ends soon. */
  CREDENTIAL("its credential no longer ends soon"),
  /** The clocks of this machine and of the token endpoint differ. */
  CLOCK_SKEW("the clocks agree again");

  private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');
  private final String over;

  Topic(String over) {
    this.over = over;
  }

  /** The word for it, which starts the name of a cause: {@code needs-consent}. */
  public String word() {
    return word;
  }

  /**
   * The name of a cause.
   *
   * @param about what tells it from others of the topic; empty if nothing does
   */
  public String cause(String about) {
    return about.isEmpty() ? word : word + "/" + about;
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

  /** That it is over, in a few words. */
  String over() {
    return over;
  }
}
