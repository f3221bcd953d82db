package io.refreshd.cli;

import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.TokenStore;
import java.time.Duration;
import java.time.Instant;

/** An outcome in words, the grant's name first. */
final class OutcomeText {

  private OutcomeText() {}

  /** Whether there is a new generation and the store has it. */
  static boolean isSuccess(Outcome outcome) {
    return outcome instanceof Outcome.Rotated rotated && rotated.kept() == TokenStore.Kept.STORED;
  }

  static String of(Outcome outcome, Instant now) {
    return outcome.grant() + ": " + what(outcome, now);
  }

  private static String what(Outcome outcome, Instant now) {
    if (outcome instanceof Outcome.Rotated rotated) {
      return rotated(rotated, now);
    }
    if (outcome instanceof Outcome.Failed failed) {
      return "not rotated ("
          + failed.refused().kind().word()
          + "): "
          + failed.refused().message()
          + "; state: "
          + failed.state().word();
    }
    if (outcome instanceof Outcome.Skipped skipped) {
      return "not rotated: " + skipped.reason();
    }
    return "not rotated: another process is rotating it and does not end";
  }

  private static String rotated(Outcome.Rotated rotated, Instant now) {
    String done = "generation " + rotated.generation();
    Instant end = rotated.expiresAt();
    String until = end == null ? "" : until(Duration.between(now, end));
    return rotated.kept() == TokenStore.Kept.STORED
        ? done + until
        : done
            + " is held in the spool: the store could not be written; it is stored by the daemon"
            + " or the next command as soon as the store is back";
  }

  private static String until(Duration left) {
    return left.isNegative()
        ? ", which was over " + Span.of(left.negated()) + " ago"
        : ", good for " + Span.of(left);
  }
}
