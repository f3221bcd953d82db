package io.refreshd.rotation;

import io.refreshd.grant.Grant;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The two clocks of a grant. The issue clock starts anew with each generation; the sign-in clock
 * runs from the last sign-in of a person, and rotation does not touch it (Microsoft Entra,
 * Conditional Access session lifetime).
 *
 * @param issuedAt start of the issue clock; {@code null} if unknown
 * @param expiresAt its end
 * @param signedInAt start of the sign-in clock; {@code null} if unknown
 * @param signInExpiresAt its end; {@code null} if unknown or no policy limits it
 */
public record Clocks(
    @Nullable Instant issuedAt,
    @Nullable Instant expiresAt,
    @Nullable Instant signedInAt,
    @Nullable Instant signInExpiresAt) {

  public static Clocks of(Grant grant, GrantRecord record) {
    Instant signedInAt = record.signedInAt();
    Duration frequency = grant.signInFrequency();
    Instant end = signedInAt == null || frequency == null ? null : signedInAt.plus(frequency);
    return new Clocks(record.issuedAt(), record.expiresAt(), signedInAt, end);
  }

  /** The end of the earlier clock; {@code null} if neither is known. */
  public @Nullable Instant deadline() {
    if (expiresAt == null || signInExpiresAt == null) {
      return expiresAt == null ? signInExpiresAt : expiresAt;
    }
    return expiresAt.isBefore(signInExpiresAt) ? expiresAt : signInExpiresAt;
  }

  /** How much of its life is left on the clock that is worse off, from 1 to 0 and below. */
  public double lifeLeft(Instant now) {
    return Math.min(left(issuedAt, expiresAt, now), left(signedInAt, signInExpiresAt, now));
  }

  private static double left(@Nullable Instant from, @Nullable Instant to, Instant now) {
    if (from == null || to == null || !from.isBefore(to)) {
      return 1;
    }
    return (double) Duration.between(now, to).toMillis() / Duration.between(from, to).toMillis();
  }
}
