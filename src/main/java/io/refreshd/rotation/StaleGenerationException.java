package io.refreshd.rotation;

import io.refreshd.grant.GrantName;

/** Somebody else was at the grant in the meantime: what is stored is newer. */
public final class StaleGenerationException extends StoreException {

  private static final long serialVersionUID = 1L;
  private final transient GrantName grant;
  private final int expected;

  public StaleGenerationException(GrantName grant, int expected) {
    this(
        grant,
        expected,
        "generation " + expected + " is no longer the current one; nothing was changed");
  }

  private StaleGenerationException(GrantName grant, int expected, String why) {
    super(grant + ": " + why, null);
    this.grant = grant;
    this.expected = expected;
  }

  /** For a failed attempt, which somebody may also have been ahead of with a lost answer. */
  public static StaleGenerationException ofAttempt(GrantName grant, int expected) {
    return new StaleGenerationException(
        grant,
        expected,
        "generation "
            + expected
            + " is no longer the current one, or another process has presented it since and its"
            + " answer was lost; this attempt is not recorded");
  }

  public GrantName grant() {
    return grant;
  }

  public int expected() {
    return expected;
  }
}
