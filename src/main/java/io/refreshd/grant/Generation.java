package io.refreshd.grant;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One refresh token in a grant's chain.
 *
 * @param number from 1
 * @param token the token
 * @param issuedAt the instant before its request was sent, so never later than the true one; {@code
 *     null} if it was imported and nobody knows
 * @param expiresAt {@code issuedAt} plus its lifetime; {@code null} as {@code issuedAt}
 */
public record Generation(
    int number, RefreshToken token, @Nullable Instant issuedAt, @Nullable Instant expiresAt) {

  public Generation {
    if (number < 1) {
      throw new IllegalArgumentException("generations are numbered from 1, not " + number);
    }
  }
}
