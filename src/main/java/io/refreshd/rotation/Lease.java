package io.refreshd.rotation;

import io.refreshd.grant.GrantName;
import java.time.Duration;
import java.time.Instant;

/**
 * The time-limited right to rotate a grant. While it is live no other process gets one.
 *
 * @param grant which grant
 * @param id unique to this lease
 * @param until when it ends by itself
 */
public record Lease(GrantName grant, String id, Instant until) {

  /** The longest that one is asked for: it outlives an exchange by so much, for the commit. */
  public static final Duration LONGEST = TokenRedeemer.EXCHANGE_LIMIT.plusSeconds(30);
}
