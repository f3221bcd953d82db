package io.refreshd.sandbox;

import java.time.Duration;
import java.time.Instant;

/** Something that goes wrong, for a user, a client or everyone, until it is switched off. */
public sealed interface Trouble {

  /** The connection closes without an answer, and nothing was done. */
  record NoAnswer() implements Trouble {}

  /** The token is redeemed, and the connection closes without an answer. */
  record LostAnswer() implements Trouble {}

  /** The answer takes that long. The token is redeemed even if nobody waits any more. */
  record Slow(Duration delay) implements Trouble {}

  /** 429, as plain text, with {@code Retry-After} in seconds. */
  record Throttled(Duration retryAfter) implements Trouble {}

  /** 503 with an HTML page: what a gateway says before a dead server. */
  record Outage() implements Trouble {}

  /** 503 with 90033: the server itself asks to try again. */
  record Unavailable() implements Trouble {}

  /** 7000222. */
  record SecretExpired() implements Trouble {}

  /** 7000215: the secret was replaced, the old one is sent. */
  record SecretChanged() implements Trouble {}

  /** 50057. */
  record UserDisabled() implements Trouble {}

  /** 50173 for tokens issued before the instant: the password was changed, or sessions revoked. */
  record Revoked(Instant validFrom) implements Trouble {}

  /** 50076, with claims. */
  record MfaRequired() implements Trouble {}

  /** 70043 once the sign-in is that old: rotation does not help. */
  record SignInFrequency(Duration longest) implements Trouble {}

  /** 200 without a refresh token. */
  record NoRefreshToken() implements Trouble {}
}
