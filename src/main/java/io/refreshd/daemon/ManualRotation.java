package io.refreshd.daemon;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.Trigger;
import io.refreshd.schedule.RotationQueue;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Rotations that a person asks for, beside a running daemon and beside others of their kind. */
final class ManualRotation {

  private final Rotator rotator;
  private final int inFlight;
  private final int perTenant;
  private final Patience patience;

  ManualRotation(Rotator rotator, int inFlight, int perTenant, Patience patience) {
    this.rotator = rotator;
    this.inFlight = inFlight;
    this.perTenant = perTenant;
    this.patience = patience;
  }

  /** Rotates them all; begins none any more once the patience is over. */
  void rotate(List<Grant> grants, Consumer<Outcome> outcomes) throws InterruptedException {
    RotationQueue.Worker worker =
        (grant, trigger) ->
            beforeCommit -> {
              if (patience.isOver()) {
                return;
              }
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
      return patience.untilFree(() -> rotator.rotate(grant, Trigger.MANUAL));
    } catch (StoreException e) {
      return new Outcome.Skipped(grant.name(), e.of(grant.name()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Skipped(grant.name(), "interrupted");
    }
  }
}
