package io.refreshd.rotation;

import java.util.Locale;

/** What an entry of the rotation log tells. */
public enum Event {
  IMPORTED,
  ROTATED,
  /** An answer that is not a new token. */
  REFUSED,
  /** No usable answer: no connection, time-out, not JSON. */
  UNREACHABLE,
  /** An answer told something about a clock that was not known, or known wrongly. */
  LEARNED,
  /** People were told. */
  ALERTED,
  /** People could not be told; it is tried again. */
  ALERT_FAILED,
  /** The first success after a failure. */
  RECOVERED,
  /** The refresh token was shown to a person. */
  REVEALED,
  /** A person had the grant and its tokens removed from the store. */
  FORGOTTEN,
  /** The store was resealed with a new key. */
  KEY_ROTATED,
  /** The store is another than it was: restored from a backup, or put back by hand. */
  RESTORED;

  /** The word for it in the rotation log: {@code key-rotated}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
