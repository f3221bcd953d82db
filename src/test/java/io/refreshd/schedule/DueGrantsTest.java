package io.refreshd.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.Partition;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.Trigger;
import io.refreshd.testing.Grants;
import io.refreshd.testing.InMemoryTokenStore;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.ReusableServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DueGrantsTest {

  private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
  private final InMemoryTokenStore store = new InMemoryTokenStore(clock);
  private final RotationPolicy policy = new RotationPolicy(new QuartzCron());
  private final Grant grant = Grants.sample();
  private final DueGrants dueGrants =
      new DueGrants(List.of(grant), store, policy, new Scouts(clock), clock);

  private DueGrants.Look look() {
    return dueGrants.in(Partition.WHOLE, Trigger.SCHEDULE);
  }

  private void bringIn() {
    ReusableServer server = new ReusableServer(clock, Duration.ofDays(90));
    new Rotator(store, server, policy, (entry, kept) -> {}, clock)
        .bringIn(grant, new Import(server.issue(), null, null, true, false));
  }

  @Test
  void aGrantThatWasPostponedWhileTheClockWasAYearAheadIsDueOnceTheClockIsRight() {
    bringIn();
    clock.advance(Duration.ofDays(365));
    dueGrants.postpone(grant.name(), Duration.ofSeconds(30));
    clock.advance(Duration.ofDays(-365 + 10));

    assertThat(look().due()).hasSize(1);
  }

  @Test
  void aGrantThatWasPostponedIsDueLater() {
    bringIn();
    clock.advance(Duration.ofDays(10));
    dueGrants.postpone(grant.name(), Duration.ofSeconds(30));

    assertThat(look().due()).isEmpty();
    assertThat(look().next()).isEqualTo(clock.instant().plusSeconds(30));

    clock.advance(Duration.ofSeconds(30));
    assertThat(look().due()).hasSize(1);
  }
}
