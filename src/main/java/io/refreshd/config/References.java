package io.refreshd.config;

/** What loading does with references to secrets. */
public enum References {
  /** Reads them; one that cannot be read is a problem. For commands that redeem. */
  RESOLVE,
  /**
   * Leaves them alone, so that people without access to the secrets can look. Secrets and
   * certificates are {@code Unread} then: such a configuration is not for redeeming. Nor has it
   * channels for alerts or token lifetime policies.
   */
  LEAVE
}
