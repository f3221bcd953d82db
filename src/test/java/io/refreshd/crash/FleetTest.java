package io.refreshd.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.entra.EntraTokenRedeemer;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshTokens;
import io.refreshd.rotation.LeaseTerms;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.Trigger;
import io.refreshd.schedule.QuartzCron;
import io.refreshd.store.OpenStore;
import io.refreshd.store.TokenStores;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What once made the crash matrix stand still, and count a loss that was none. */
class FleetTest {

  private final Clock clock = Clock.systemUTC();

  @TempDir private Path folder;

  /** A retry is half a minute off, and a minute after the second: the next kill gave up. */
  @ParameterizedTest
  @EnumSource
  void theNextKillDoesNotWaitForTheRetryOfAGrantThatWasRefusedInTwoLives(RefreshTokens tokens)
      throws Exception {
    try (SandboxServer server = new SandboxServer(tokens)) {
      Fleet fleet = new Fleet(folder, server);
      Grant grant = fleet.grants().get(0);
      Tally tally = new Tally(Step.AFTER_RECORD, server);
      server.refuse(true);
      rotate(fleet, grant);
      rotate(fleet, grant);
      server.refuse(false);

      fleet.mend(fleet.check(Step.AFTER_RECORD, grant.name(), tally));

      try (OpenStore store = open(fleet)) {
        Instant next = store.findRecord(grant.name()).orElseThrow().nextAttemptAt();
        assertThat(Duration.between(clock.instant(), next)).isLessThan(Duration.ofSeconds(2));
      }
      fleet.check(Step.NEVER, null, tally);
      assertThat(tally.faults()).isEmpty();
    }
  }

  private void rotate(Fleet fleet, Grant grant) {
    try (OpenStore store = open(fleet);
        EntraTokenRedeemer redeemer = new EntraTokenRedeemer(clock)) {
      RotationPolicy policy = new RotationPolicy(new QuartzCron());
      new Rotator(store, redeemer, policy, (entry, kept) -> {}, clock)
          .rotate(grant, Trigger.MANUAL);
    }
  }

  /** Without the recovery a live lease hid them, and the next look counted two kills at once. */
  @Test
  void theConsentsOfTwoKillsInARowAreNotCountedAsOneKills() throws Exception {
    try (SandboxServer server = new SandboxServer(RefreshTokens.SINGLE_USE)) {
      Fleet fleet = new Fleet(folder, server);
      Tally tally = new Tally(Step.ANY_TIME, server);
      List<Grant> grants = fleet.grants();

      for (List<Grant> inFlight : List.of(grants.subList(0, 4), grants.subList(4, 8))) {
        dieWith(fleet, inFlight);
        fleet.recover();
        List<Grant> ill = fleet.check(Step.ANY_TIME, null, tally);
        assertThat(ill).isEqualTo(inFlight);
        fleet.mend(ill);
      }

      assertThat(tally.cost()).isEqualTo(8);
      assertThat(tally.faults()).isEmpty();
    }
  }

  /** A daemon that dies leaves its leases behind. */
  private void dieWith(Fleet fleet, List<Grant> inFlight) {
    try (OpenStore store = open(fleet)) {
      Instant now = clock.instant();
      for (Grant grant : inFlight) {
        Instant until = now.plus(Duration.ofMinutes(1));
        assertThat(store.lease(new LeaseTerms(grant.name(), now, until, true))).isPresent();
      }
    }
  }

  private OpenStore open(Fleet fleet) {
    return TokenStores.openToWrite(fleet.location(), "run", 4, clock);
  }
}
