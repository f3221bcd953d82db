package io.refreshd.daemon;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.TokenRedeemer;
import io.refreshd.rotation.Trigger;
import io.refreshd.schedule.RotationQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Rotations that a person asks for, beside a running daemon and beside others of their kind. */
final class ManualRotation {

  /** Longer than any lease: whoever holds one after that, holds it again and again. */
  private static final Duration PATIENCE = TokenRedeemer.EXCHANGE_LIMIT.multipliedBy(4);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private final Rotator rotator;
  private final int inFlight;
  private final int perTenant;

  ManualRotation(Rotator rotator, int inFlight, int perTenant) {
    this.rotator = rotator;
    this.inFlight = inFlight;
    this.perTenant = perTenant;
  }

  void rotate(List<Grant> grants, Consumer<Outcome> outcomes) throws InterruptedException {
    RotationQueue.Worker worker =
        (grant, trigger) -> {
          Outcome outcome = rotate(grant);
          synchronized (outcomes) {
            outcomes.accept(outcome);
          }
        };
    int threads = Math.max(1, Math.min(inFlight, grants.size()));
    try (RotationQueue queue = new RotationQueue(threads, perTenant, worker)) {
      // equally urgent: a person has asked for all of them
      queue.offer(
          grants.stream()
              .map(grant -> new RotationQueue.Waiting(grant, Trigger.MANUAL, Instant.EPOCH))
              .toList());
      queue.awaitIdle();
    }
  }

  private Outcome rotate(Grant grant) {
    try {
      return patiently(() -> rotator.rotate(grant, Trigger.MANUAL));
    } catch (StoreException e) {
      return new Outcome.Skipped(grant.name(), String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Skipped(grant.name(), "interrupted");
    }
  }

  /** Waits while another process holds the lease, then goes on. */
  static Outcome patiently(Supplier<Outcome> attempt) throws InterruptedException {
    return patiently(attempt, outcome -> outcome instanceof Outcome.Busy);
  }

  /** Tries again while somebody else is busy with the grant. */
  static <T> T patiently(Supplier<T> attempt, Predicate<T> busy) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    T outcome = attempt.get();
    while (busy.test(outcome) && System.nanoTime() < end) {
      Thread.sleep(LOOK_AGAIN.toMillis());
      outcome = attempt.get();
    }
    return outcome;
  }
}
