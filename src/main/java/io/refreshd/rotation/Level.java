package io.refreshd.rotation;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** How urgent it is; the order is that of urgency. */
public enum Level {
  OK,
  WARNING,
  CRITICAL;

  /** The most urgent of all; {@link #OK} of none. */
  public static Level worst(Collection<CredentialStatus> credentials) {
    return credentials.stream()
        .map(CredentialStatus::level)
        .max(Comparator.naturalOrder())
        .orElse(OK);
  }

  /** Of what keeps the store from taking new tokens: nothing is rotated until that is over. */
  public static Level ofWarnings(Collection<String> warnings) {
    return warnings.isEmpty() ? OK : WARNING;
  }

  /** The word for it in JSON and texts. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
