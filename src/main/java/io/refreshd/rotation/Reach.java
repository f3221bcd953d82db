package io.refreshd.rotation;

import java.util.Locale;

/** Which grants a refusal speaks of: an answer about the client is not the fault of one grant. */
public enum Reach {
  /** That grant alone. */
  GRANT,
  /** The tenant, or the application in it: every grant with that authority, tenant and client. */
  APPLICATION,
  /** The client's secret or certificate: every grant with that authority, client and credential. */
  CREDENTIAL,
  /** How often the client may ask: every grant with that authority and client. */
  RATE;

  /** The word for it in the store. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
