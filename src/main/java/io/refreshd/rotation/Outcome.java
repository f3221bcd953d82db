package io.refreshd.rotation;

import io.refreshd.grant.GrantName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a call to the rotator ended. */
public sealed interface Outcome {

  GrantName grant();

  /**
   * There is a new generation.
   *
   * @param kept whether the store has it, or it is held until the store is back
   */
  record Rotated(
      GrantName grant,
      int generation,
      @Nullable Instant expiresAt,
      Instant nextAttemptAt,
      TokenStore.Kept kept)
      implements Outcome {}

  /** There is none, and what is stored is as it was. */
  record Failed(GrantName grant, Redemption.Refused refused, State state, Instant nextAttemptAt)
      implements Outcome {}

  /** Nothing was tried, for a reason. */
  record Skipped(GrantName grant, String reason) implements Outcome {}

  /**
   * Another process, or another thread of this one, holds the lease; or may hold it by now, because
   * this process stood still since it leased the grant.
   */
  record Busy(GrantName grant) implements Outcome {}
}
