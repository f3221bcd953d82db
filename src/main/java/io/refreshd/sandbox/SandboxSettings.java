package io.refreshd.sandbox;

import io.refreshd.grant.RefreshTokens;
import java.time.Duration;

/**
 * How the sandbox behaves while nothing is wrong.
 *
 * @param lifetime of a refresh token, from its own issue
 * @param accessTokenLifetime of an access token
 * @param plain what the endpoint without a tenant does with a redeemed token; Entra's are reusable
 */
public record SandboxSettings(
    Duration lifetime, Duration accessTokenLifetime, RefreshTokens plain) {

  /** As Entra: 90 days and an hour; the plain endpoint's tokens are for single use. */
  public static final SandboxSettings DEFAULT =
      new SandboxSettings(Duration.ofDays(90), Duration.ofHours(1), RefreshTokens.SINGLE_USE);

  /** The same, with another lifetime of refresh tokens. */
  public SandboxSettings withLifetime(Duration other) {
    return new SandboxSettings(other, accessTokenLifetime, plain);
  }
}
