package io.refreshd.rotation;

import java.util.Locale;

/** How a grant stands. */
public enum State {
  /** No token yet. */
  NEW,
  HEALTHY,
  /** The last attempt failed; trying on. */
  RETRYING,
  /** A person must sign in. */
  NEEDS_CONSENT,
  /** An administrator must change something. */
  BLOCKED,
  /** A clock has run out. */
  EXPIRED,
  /** Its token is stored, but no configuration names it: nobody keeps it alive. */
  UNCONFIGURED;

  /** The word for it in JSON and texts: {@code needs-consent}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
