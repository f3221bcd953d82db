package io.refreshd.store;

import io.refreshd.rotation.Lease;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A lease as it stands in the store: its end is by the clock that all who share the store agree on.
 *
 * @param lease somebody's
 * @param left for how long it still lasts by that clock, when it was read
 * @param silence how long ago its holder said that it is there; {@code null} if that one says
 *     nothing: a command, or a daemon that has the store to itself
 */
record FoundLease(Lease lease, Duration left, @Nullable Duration silence) {

  /** Whether it is over by its time. */
  boolean isOver() {
    return left.isZero() || left.isNegative();
  }
}
