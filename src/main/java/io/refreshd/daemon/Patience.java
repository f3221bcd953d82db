package io.refreshd.daemon;

import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.TokenRedeemer;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A command's waiting for others that are at work on the same grant. */
final class Patience {

  /** Longer than any lease: whoever holds one after that, holds it again and again. */
  private static final Duration LIMIT = TokenRedeemer.EXCHANGE_LIMIT.multipliedBy(4);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private volatile boolean over;

  /** Tries again while somebody else is busy with the grant. */
  <T> T until(Supplier<T> attempt, Predicate<T> busy) throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    T outcome = attempt.get();
    while (busy.test(outcome) && !over && System.nanoTime() - end < 0) {
      Thread.sleep(LOOK_AGAIN.toMillis());
      outcome = attempt.get();
    }
    return outcome;
  }

  /** The same for a rotation or an import; it says so if the command was told to end meanwhile. */
  Outcome untilFree(Supplier<Outcome> attempt) throws InterruptedException {
    Outcome outcome = until(attempt, one -> one instanceof Outcome.Busy);
    return outcome instanceof Outcome.Busy && over
        ? new Outcome.Skipped(outcome.grant(), why())
        : outcome;
  }

  /** Why a grant was not to be had, in words. */
  String why() {
    return over
        ? "stopped while another process was rotating it"
        : "another process is rotating it and does not end";
  }

  /** Waits no longer, also where it waits now. */
  void end() {
    over = true;
  }

  /** Whether the command is to end: nothing more is begun then. */
  boolean isOver() {
    return over;
  }
}
