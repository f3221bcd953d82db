package io.refreshd.rotation;

import java.util.Locale;

/**
 * What a redemption that brought no new token means. A closed set: everything that an endpoint can
 * do falls into one of them, and what follows is read off here.
 */
public enum RefusalKind {
  /** Nobody's fault and likely to pass: no connection, a 5xx, an answer that is not JSON. */
  TRANSIENT(Verdict.NONE, 0),
  /** The server asks for patience: 429, 90055, the loop detection 50196. */
  THROTTLED(Verdict.NONE, 0),
  /** The server says that this token is no more. Some say so of good tokens (70000). */
  DEAD(Verdict.CONSENT, 2),
  /** A person must sign in: a second factor, a consent, a policy. */
  INTERACTION_REQUIRED(Verdict.CONSENT, 2),
  /** The user's account is locked, disabled, gone or not allowed. */
  ACCOUNT(Verdict.ADMINISTRATOR, 2),
  /** The client, its credential, the tenant or the request is wrong; one retry confirms it. */
  CONFIGURATION(Verdict.ADMINISTRATOR, 1),
  /** A number or an error that we do not know: kept, retried, told. */
  UNKNOWN(Verdict.NONE, 0),
  /** Sent to a single-use server, and no usable answer came back: presenting it again may kill. */
  LOST_ANSWER(Verdict.CONSENT, 0);

  /** Who can mend what a kind says, once it is confirmed. */
  enum Verdict {
    /** time */
    NONE,
    /** a person who signs in */
    CONSENT,
    /** an administrator who changes something */
    ADMINISTRATOR
  }

  private final Verdict verdict;
  private final int confirmations;

  RefusalKind(Verdict verdict, int confirmations) {
    this.verdict = verdict;
    this.confirmations = confirmations;
  }

  Verdict verdict() {
    return verdict;
  }

  /** How many spaced retries must say the same before it is believed. */
  int confirmations() {
    return confirmations;
  }

  /** The word for it in JSON, YAML and texts: {@code interaction-required}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
