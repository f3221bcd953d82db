package io.refreshd.rotation;

import java.util.Locale;

/** How urgent it is; the order is that of urgency. */
public enum Level {
  OK,
  WARNING,
  CRITICAL;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
