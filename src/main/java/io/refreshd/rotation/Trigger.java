package io.refreshd.rotation;

import java.util.Locale;

/** What set an attempt off. */
public enum Trigger {
  SCHEDULE,
  RETRY,
  MANUAL,
  IMPORT,
  ENROL,
  WATCHMAN;

  /** The word for it in the rotation log. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
