package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.config.Config;
import io.refreshd.config.References;
import io.refreshd.grant.Grant;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.LeaseTerms;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.State;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.Trigger;
import io.refreshd.schedule.QuartzCron;
import io.refreshd.store.OpenStore;
import io.refreshd.store.TokenStores;
import io.refreshd.testing.PostgresPast;
import io.refreshd.testing.PostgresServer;
import io.refreshd.testing.SingleUseServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two machines keep a head each, and a failover loses what both of them tell of. */
class TwoHeadsTest {

  @TempDir Path folder;

  /** The files' own time is compared with it. */
  private final Clock clock = Clock.systemUTC();

  private final SingleUseServer server = new SingleUseServer(clock);
  private PostgresPast past;
  private Config first;
  private Config second;
  private Grant grant;
  private OpenStore store;
  private Rotator rotator;

  @BeforeEach
  void bothHaveSeenARotationThatIsLost() throws Exception {
    past = new PostgresPast(PostgresServer.newSchema());
    first = config("first");
    second = config("second");
    grant = first.grants().get(0);
    store = open(first);
    rotator = new Rotator(store, server, new RotationPolicy(new QuartzCron()), (e, k) -> {}, clock);
    bringIn();
    past.remember();
    try (OpenStore other = open(second)) {
      rotator.rotate(grant, Trigger.MANUAL);
      other.keepHead();
    }
  }

  @AfterEach
  void close() {
    store.close();
    past.close();
  }

  private Config config(String machine) throws Exception {
    String url = past.url().replace("user=" + past.role() + "&", "");
    Path here = Files.createDirectories(folder.resolve(machine));
    Files.writeString(
        here.resolve("refreshd.yaml"),
        """
        store: { url: '%s', username: %s, key: 'file:%s', directory: '%s' }
        tenants:
          - name: idp
            token-endpoint: http://localhost:1/token
            refresh-tokens: single-use
            client-id: keeper
            grants: [{ name: main, scopes: [a] }]
        """
            .formatted(url, past.role(), folder.resolve("pg.key"), here));
    return Assembly.loader(Map.of(), here, clock)
        .load(here.resolve("refreshd.yaml"), References.RESOLVE);
  }

  private OpenStore open(Config config) {
    return TokenStores.openToWrite(Assembly.location(config), "run", 1, clock);
  }

  private void bringIn() {
    rotator.bringIn(grant, new Import(server.issue(), null, null, true, false));
  }

  private State state() {
    return GrantStatus.of(
            grant, store.findRecord(grant.name()).orElseThrow(), Circuits.NONE, clock.instant())
        .state();
  }

  private void settle(Config config, OpenStore on) {
    var unused = new PutBack(config, on, clock, () -> {}).settle();
  }

  /** The first machine goes on to a later entry, which is lost too. */
  private void failOverAndSettleOnTheFirst() {
    rotator.rotate(grant, Trigger.MANUAL);
    store.keepHead();
    past.failOver();
    Instant now = clock.instant();
    assertThatThrownBy(
            () -> store.lease(new LeaseTerms(grant.name(), now, now.plusSeconds(60), true)))
        .isInstanceOf(StoreException.Unavailable.class);
    settle(first, store);
    assertThat(state()).isEqualTo(State.NEEDS_CONSENT);
  }

  @Test
  void whatAPersonHasSettledIsNotWithheldAgainWhenTheSecondMachineStarts() {
    failOverAndSettleOnTheFirst();
    bringIn();
    rotator.rotate(grant, Trigger.MANUAL);
    rotator.rotate(grant, Trigger.MANUAL);

    try (OpenStore other = open(second)) {
      settle(second, other);
    }

    assertThat(state()).isEqualTo(State.HEALTHY);
  }

  @Test
  void aLossAfterThatIsALossOfItsOwn() {
    failOverAndSettleOnTheFirst();
    bringIn();
    past.remember();
    rotator.rotate(grant, Trigger.MANUAL);
    past.failOver();
    store.keepHead();

    settle(first, store);

    assertThat(state()).isEqualTo(State.NEEDS_CONSENT);
  }

  @Test
  void aSecondLossIsSeenByTheNextProcessTooThoughNobodyHasRemovedTheFirstHead() {
    failOverAndSettleOnTheFirst();
    bringIn();
    past.remember();
    rotator.rotate(grant, Trigger.MANUAL);
    store.close();
    past.failOver();
    store = open(first);

    settle(first, store);

    assertThat(state()).isEqualTo(State.NEEDS_CONSENT);
    assertThat(store.verifyLog().isProven()).isFalse();
  }
}
