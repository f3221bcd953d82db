package io.refreshd.bench;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.Trigger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One of the daemon's threads, as its queue lets it work: the next one begins with the commit. */
final class InTurn {

  private final Rotator rotator;
  private final Supplier<@Nullable Grant> grants;
  private Rotator.@Nullable Begun next;

  /**
   * A thread that does nothing yet.
   *
   * @param grants one after the other; {@code null} ends it
   */
  InTurn(Rotator rotator, Supplier<@Nullable Grant> grants) {
    this.rotator = rotator;
    this.grants = grants;
  }

  /**
   * Rotates all of them.
   *
   * @return how many
   */
  long rotate() {
    long count = 0;
    begin();
    for (Rotator.Begun begun = next; begun != null; begun = next) {
      next = null;
      Outcome outcome = begun.end(this::begin);
      if (!(outcome instanceof Outcome.Rotated)) {
        throw new IllegalStateException("not rotated: " + outcome);
      }
      count++;
    }
    return count;
  }

  private void begin() {
    Grant grant = grants.get();
    next = grant == null ? null : rotator.begin(grant, Trigger.MANUAL);
  }
}
