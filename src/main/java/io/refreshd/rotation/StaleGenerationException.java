package io.refreshd.rotation;

import io.refreshd.grant.GrantName;

/** Somebody else rotated the grant in the meantime: what is stored is newer. */
public final class StaleGenerationException extends StoreException {

  private static final long serialVersionUID = 1L;
  private final transient GrantName grant;
  private final int expected;

  public StaleGenerationException(GrantName grant, int expected) {
    super(
        grant + ": generation " + expected + " is no longer the current one; nothing was changed",
        null);
    this.grant = grant;
    this.expected = expected;
  }

  public GrantName grant() {
    return grant;
  }

  public int expected() {
    return expected;
  }
}
