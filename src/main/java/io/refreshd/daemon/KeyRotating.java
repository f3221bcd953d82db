package io.refreshd.daemon;

import io.refreshd.store.SealingKeyRotation;
import io.refreshd.store.SealingKeyRotation.Step;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * A new sealing key for a store. It goes over all grants, so a person may stop it on the way: what
 * is sealed anew stays so, and running it again completes it.
 *
 * @param soFar told how many tokens are sealed anew, from time to time
 */
record KeyRotating(SealingKeyRotation rotation, Patience patience, IntConsumer soFar) {

  /** Ends the rotation where it is. */
  private static final class StoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private final int resealed;

    StoppedException(int resealed) {
      this.resealed = resealed;
    }
  }

  /** Makes a new key and reseals every token, or completes what was begun. */
  KeyChange rotate() {
    return change(rotation::run);
  }

  /** Removes the old keys from this machine's key file. */
  KeyChange dropOldKeys() {
    return change(rotation::dropOldKeys);
  }

  private KeyChange change(
      Function<SealingKeyRotation.Progress, SealingKeyRotation.Result> rotating) {
    try {
      SealingKeyRotation.Result result = rotating.apply(this::goOn);
      boolean isOldKeyNeeded = result.oldKeys() == SealingKeyRotation.OldKeys.NEEDED;
      return new KeyChange(
          result.isNewKey(),
          result.resealed(),
          isOldKeyNeeded,
          false,
          result.damaged(),
          result.damagedBefore(),
          result.neededBy());
    } catch (StoppedException e) {
      return new KeyChange(false, e.resealed, true, true, List.of(), List.of(), List.of());
    }
  }

  private void goOn(Step step, int resealed) {
    soFar.accept(resealed);
    if (patience.isOver() && step != Step.OLD_KEYS_REMOVED) { // that is the last one
      throw new StoppedException(resealed);
    }
  }
}
