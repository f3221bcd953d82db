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
  public static Level worst(Collection<GrantStatus> grants) {
    return grants.stream().map(GrantStatus::level).max(Comparator.naturalOrder()).orElse(OK);
  }

  /** Likewise of grants and the credentials that they go by. */
  public static Level worst(
      Collection<GrantStatus> grants, Collection<CredentialStatus> credentials) {
    Level ofGrants = worst(grants);
    Level ofCredentials =
        credentials.stream().map(CredentialStatus::level).max(Comparator.naturalOrder()).orElse(OK);
    return ofGrants.compareTo(ofCredentials) < 0 ? ofCredentials : ofGrants;
  }

  /** The word for it in JSON and texts. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
