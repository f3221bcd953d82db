package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.testing.ClientServer;
import io.refreshd.testing.Grants;
import io.refreshd.testing.InMemoryTokenStore;
import io.refreshd.testing.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is wrong with a client stops its grants together, and costs one redemption, not many. */
class CircuitsTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration WEEKS = Duration.ofDays(14);

  private final MutableClock clock = new MutableClock();
  private final InMemoryTokenStore store = new InMemoryTokenStore(clock);
  private final ClientServer server = new ClientServer(clock, "client-secret", "second");
  private final RotationPolicy policy = new RotationPolicy((expression, after) -> Instant.MAX);
  private final Rotator rotator = new Rotator(store, server, policy, (entry, kept) -> {}, clock);
  private final List<Grant> fleet = Grants.fleet(12);

  @BeforeEach
  void tokensAreThere() {
    fleet.forEach(this::bringIn);
    clock.advance(WEEKS); // all of them are due
  }

  @Test
  void twentyFourGrantsBehindAnExpiredSecretCostTwoRedemptionsInTheFirstHour() {
    server.expire("client-secret");

    play(HOUR);

    assertThat(server.asked()).hasSize(2);
    assertThat(store.circuits()).hasSize(1);
    assertThat(store.circuits().get(0).isConfirmed()).isTrue();
    assertThat(states()).containsOnly(State.BLOCKED);
    assertThat(fleet)
        .allSatisfy(grant -> assertThat(status(grant).reason().message()).contains("7000222"));
  }

  @Test
  void aStoppedClientIsProbedOnceADay() {
    server.expire("client-secret");
    play(HOUR);

    play(Duration.ofDays(10));

    assertThat(server.asked().size() - 2).isBetween(8, 13);
  }

  @Test
  void aReplacedSecretIsTriedAtOnce() {
    server.expire("client-secret");
    play(HOUR);
    List<Grant> mended =
        fleet.stream()
            .map(g -> Grants.named(g.name().toString()).secrets("second").build())
            .toList();

    mended.forEach(grant -> rotator.rotate(grant, Trigger.SCHEDULE));

    assertThat(mended).allSatisfy(grant -> assertThat(generation(grant)).isEqualTo(2));
    assertThat(store.circuits()).isEmpty();
  }

  @Test
  void aSecretThatWorksAgainFreesAllGrantsWithTheNextProbe() {
    server.expire("client-secret");
    play(HOUR);
    server.accept("client-secret");

    play(Duration.ofDays(2));

    assertThat(fleet).allSatisfy(grant -> assertThat(generation(grant)).isEqualTo(2));
    assertThat(states()).containsOnly(State.HEALTHY);
    assertThat(store.circuits()).isEmpty();
  }

  @Test
  void aPersonMayTryAnyOfThem() {
    server.expire("client-secret");
    play(HOUR);
    server.accept("client-secret");

    assertThat(rotator.rotate(fleet.get(20), Trigger.MANUAL)).isInstanceOf(Outcome.Rotated.class);

    play(Duration.ofSeconds(1));
    assertThat(fleet).allSatisfy(grant -> assertThat(generation(grant)).isEqualTo(2));
  }

  @Test
  void anUnknownTenantStopsItsGrantsOfThatClientOnly() {
    server.knowTenant(false);

    rotator.rotate(fleet.get(0), Trigger.SCHEDULE);

    Circuit circuit = store.circuits().get(0);
    assertThat(circuit.reach()).isEqualTo(Reach.APPLICATION);
    assertThat(Circuits.of(store.circuits()).holding(fleet.get(5))).isEqualTo(circuit);
    Grant elsewhere = Grants.named("elsewhere/live").endpoint(Grants.tenant("another")).build();
    assertThat(Circuits.of(store.circuits()).holding(elsewhere)).isNull();
  }

  @Test
  void aThrottledClientWaitsAsOneAndItsGrantsAreNoLessHealthy() {
    server.beBusy(true);

    play(Duration.ofSeconds(59));

    assertThat(server.asked()).hasSize(1);
    assertThat(status(fleet.get(7)).state()).isIn(State.HEALTHY, State.RETRYING);
    server.beBusy(false);
    play(Duration.ofMinutes(2));
    assertThat(fleet).allSatisfy(grant -> assertThat(generation(grant)).isEqualTo(2));
    assertThat(store.circuits()).isEmpty();
  }

  @Test
  void theNextSecretOfAListIsTriedAtOnceAndRemembered() {
    List<Grant> listed =
        fleet.stream()
            .map(g -> Grants.named(g.name().toString()).secrets("client-secret", "second").build())
            .toList();
    server.expire("client-secret");

    assertThat(rotator.rotate(listed.get(0), Trigger.SCHEDULE)).isInstanceOf(Outcome.Rotated.class);
    assertThat(rotator.rotate(listed.get(1), Trigger.SCHEDULE)).isInstanceOf(Outcome.Rotated.class);

    assertThat(server.asked()).hasSize(3);
    Circuits circuits = Circuits.of(store.circuits());
    assertThat(circuits.holding(listed.get(2))).isNull();
    Grant byFirst = listed.get(0).by(listed.get(0).client().credentials().get(0));
    assertThat(circuits.ofCredential(byFirst)).isNotNull().matches(Circuit::isConfirmed);
    assertThat(store.entries())
        .filteredOn(entry -> entry.event() == Event.REFUSED)
        .singleElement()
        .satisfies(entry -> assertThat(entry.message()).contains("7000222"));
    assertThat(store.entries()).noneMatch(entry -> entry.event() == Event.RECOVERED);
  }

  @Test
  void allSecretsOfAListRefusedStopTheClient() {
    List<Grant> listed =
        fleet.stream()
            .map(g -> Grants.named(g.name().toString()).secrets("client-secret", "second").build())
            .toList();
    server.expire("client-secret");
    server.expire("second");

    rotator.rotate(listed.get(0), Trigger.SCHEDULE);

    assertThat(rotator.rotate(listed.get(1), Trigger.SCHEDULE)).isInstanceOf(Outcome.Skipped.class);
    assertThat(server.asked()).hasSize(2);
  }

  @Test
  void whatOneGrantAloneGotWrongStopsNoOther() {
    Grant wrong =
        Grants.named("market-1/live").endpoint(Grants.tenant("wrong")).secrets("second").build();
    server.expire("second");
    rotator.rotate(wrong, Trigger.MANUAL);

    assertThat(rotator.rotate(fleet.get(3), Trigger.SCHEDULE)).isInstanceOf(Outcome.Rotated.class);
  }

  @Test
  void aKeyTellsNothingOfTheSecretButThatItChanged() {
    Grant one = Grants.named("a/a").secrets("one").build();
    Grant two = Grants.named("a/a").secrets("two").build();
    assertThat(CircuitKeys.of(one, Reach.CREDENTIAL))
        .isNotEqualTo(CircuitKeys.of(two, Reach.CREDENTIAL))
        .startsWith(CircuitKeys.prefix(two, Reach.CREDENTIAL));
    assertThat(CircuitKeys.of(one, Reach.RATE)).isEqualTo(CircuitKeys.of(two, Reach.RATE));
    assertThat(CircuitKeys.of(one, Reach.GRANT)).isNotEqualTo(CircuitKeys.of(two, Reach.GRANT));
  }

  /** Rotates whatever is due, one at a time, until the time is over. */
  private void play(Duration duration) {
    Instant end = clock.instant().plus(duration);
    while (true) {
      Circuits circuits = Circuits.of(store.circuits());
      Grant next =
          fleet.stream().min(Comparator.comparing(grant -> due(grant, circuits))).orElseThrow();
      Instant due = due(next, circuits);
      if (due.isAfter(end)) {
        break;
      }
      if (due.isAfter(clock.instant())) {
        clock.set(due);
      }
      rotator.rotate(next, Trigger.SCHEDULE);
    }
    clock.set(end);
  }

  private Instant due(Grant grant, Circuits circuits) {
    GrantRecord record = store.findRecord(grant.name()).orElseThrow();
    return policy.due(grant, record, circuits, clock.instant());
  }

  private void bringIn(Grant grant) {
    RefreshToken token = RefreshToken.of("first-of-" + grant.name());
    rotator.bringIn(grant, new Import(token, clock.instant(), null, false, false));
  }

  private List<State> states() {
    return fleet.stream().map(grant -> status(grant).state()).toList();
  }

  private GrantStatus status(Grant grant) {
    GrantRecord record = store.findRecord(grant.name()).orElseThrow();
    return GrantStatus.of(grant, record, Circuits.of(store.circuits()), clock.instant());
  }

  private int generation(Grant grant) {
    return store.findRecord(grant.name()).orElseThrow().generation();
  }
}
