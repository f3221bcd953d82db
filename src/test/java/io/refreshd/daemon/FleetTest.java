package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.testing.Grants;
import io.refreshd.testing.InMemoryTokenStore;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.ReusableServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FleetTest {

  private final MutableClock clock = new MutableClock(Instant.parse("2026-11-29T12:00:00Z"));
  private final InMemoryTokenStore store = new InMemoryTokenStore(clock);
  private final ReusableServer server = new ReusableServer(clock, Duration.ofDays(90));

  @Test
  void saysInWordsHowItStands() {
    List<Grant> all = Grants.fleet(2);
    assertThat(all).hasSize(4);
    Fleet fleet = new Fleet(all);
    assertThat(fleet.described(store))
        .isEqualTo("4 grants of 2 tenants, 4 of them without a token (refreshd import)");
    assertThat(fleet.summary(store, clock.instant())).isEqualTo("4 grants, 4 new");

    all.subList(0, 3).forEach(this::bringIn);
    assertThat(fleet.described(store))
        .isEqualTo("4 grants of 2 tenants, 1 of them without a token (refreshd import)");
    assertThat(fleet.summary(store, clock.instant())).isEqualTo("4 grants, 1 new");

    Fleet smaller = new Fleet(all.subList(1, 3));
    assertThat(smaller.described(store)).isEqualTo("2 grants of 2 tenants");
    assertThat(smaller.summary(store, clock.instant())).isEqualTo("2 grants, 1 unconfigured");

    clock.advance(Duration.ofDays(1_000));
    assertThat(new Fleet(all.subList(0, 1)).summary(store, clock.instant()))
        .isEqualTo("1 grant, 1 expired, 2 unconfigured");
  }

  private void bringIn(Grant grant) {
    RotationPolicy policy = new RotationPolicy((expression, after) -> Instant.MAX);
    RefreshToken token = server.issue();
    new Rotator(store, server, policy, (entry, kept) -> {}, clock)
        .bringIn(grant, new Import(token, null, null, true, false));
  }
}
