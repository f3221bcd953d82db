package io.refreshd.simulation;

import io.refreshd.grant.Selector;
import java.time.Duration;
import java.time.Instant;

/** Something that happens to the endpoint, to its users or to the daemon, by the world's clock. */
public sealed interface Incident {

  /** Nobody reaches the endpoint: no connection carries a request. */
  record Outage(Instant from, Instant to) implements Incident {}

  /** An administrator revokes the sessions of these users: their tokens are dead (AADSTS50173). */
  record Revocation(Selector whose, Instant at) implements Incident {}

  /**
   * The client secret of these grants is refused as expired (AADSTS7000222).
   *
   * @param to when it was replaced; {@link Instant#MAX} if it never is
   */
  record SecretExpiry(Selector whose, Instant from, Instant to) implements Incident {}

  /**
   * A Conditional Access policy is switched on: whoever signed in longer ago than that is refused
   * (AADSTS70043).
   */
  record SignInPolicy(Selector whose, Duration frequency, Instant from) implements Incident {}

  /** The daemon's clock is moved, forwards or, by a negative duration, back; the world's is not. */
  record ClockJump(Instant at, Duration by) implements Incident {}

  /** The daemon does not run. */
  record Downtime(Instant from, Instant to) implements Incident {}
}
