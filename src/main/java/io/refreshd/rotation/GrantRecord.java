package io.refreshd.rotation;

import io.refreshd.grant.GrantName;
import io.refreshd.grant.Identity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the store knows of a grant, its tokens aside.
 *
 * @param name whose
 * @param generation the current generation's number
 * @param fingerprint of its token
 * @param issuedAt of the current generation; {@code null} if it was imported and nobody knows
 * @param expiresAt of the current generation; {@code null} as {@code issuedAt}
 * @param signedInAt when a person last signed in; {@code null} if nobody said
 * @param nextAttemptAt when it is to be rotated next
 * @param identity whose grant it is, as redemptions told
 * @param learned what the server's error texts taught about its clocks
 * @param standing how the attempts have gone
 * @param unanswered whether the current generation was presented to a single-use server by a lease
 *     that ended without an outcome: its holder died in mid-redemption
 */
public record GrantRecord(
    GrantName name,
    int generation,
    String fingerprint,
    @Nullable Instant issuedAt,
    @Nullable Instant expiresAt,
    @Nullable Instant signedInAt,
    Instant nextAttemptAt,
    Identity identity,
    Learned learned,
    Standing standing,
    boolean unanswered) {
  /** How its attempts have gone; a presentation without an outcome is the last of them. */
  public Standing reason() {
    return unanswered ? standing.unanswered() : standing;
  }

  /** The same grant after an attempt that brought no new generation. */
  public GrantRecord after(Attempt attempt) {
    return with(attempt.corrected(), attempt.nextAttemptAt(), attempt.standing(), false);
  }

  /** The same grant, its clocks corrected. */
  GrantRecord with(Attempt.Corrected corrected) {
    return with(corrected, nextAttemptAt, standing, unanswered);
  }

  private GrantRecord with(
      Attempt.Corrected corrected, Instant nextAttemptAt, Standing standing, boolean unanswered) {
    return new GrantRecord(
        name,
        generation,
        fingerprint,
        corrected.issuedAt(),
        corrected.expiresAt(),
        corrected.signedInAt(),
        nextAttemptAt,
        identity,
        corrected.learned(),
        standing,
        unanswered);
  }
}
