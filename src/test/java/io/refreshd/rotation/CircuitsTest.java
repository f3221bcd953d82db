package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Client;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.testing.ClientServer;
import io.refreshd.testing.Grants;
import io.refreshd.testing.InMemoryTokenStore;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.Records;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is wrong with a client stops its grants together, and costs one redemption, not many. */
class CircuitsTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration WEEKS = Duration.ofDays(14);
  private static final Instant NOW = MutableClock.START;
  private static final URI AUTHORITY = URI.create("https://login.microsoftonline.com");
  private static final Standing CONFIRMED =
      Records.failed(NOW, RefusalKind.CONFIGURATION, RefusalKind.CONFIGURATION);

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

  @Test
  void aKeyTellsDirectoriesAndCertificatesApart() {
    TokenEndpoint v1 = new TokenEndpoint.V1(AUTHORITY, "one", "resource");
    Grant one = Grants.named("a/a").endpoint(Grants.tenant("one")).build();
    Grant other = Grants.named("a/a").endpoint(Grants.tenant("other")).build();
    assertThat(CircuitKeys.of(one, Reach.APPLICATION))
        .isNotEqualTo(CircuitKeys.of(other, Reach.APPLICATION))
        .isEqualTo(CircuitKeys.of(Grants.named("b/b").endpoint(v1).build(), Reach.APPLICATION));
    assertThat(CircuitKeys.of(one, Reach.CREDENTIAL))
        .isEqualTo(CircuitKeys.of(other, Reach.CREDENTIAL));
    assertThat(CircuitKeys.of(certificate("aa"), Reach.CREDENTIAL))
        .isNotEqualTo(CircuitKeys.of(certificate("bb"), Reach.CREDENTIAL))
        .isEqualTo(CircuitKeys.of(certificate("aa"), Reach.CREDENTIAL));
  }

  @Test
  void aKeyIsNotTakenInByWhereOnePartEnds() {
    Grant one = application("tenant", "1-client");
    Grant two = application("tenant1", "-client");

    assertThat(CircuitKeys.of(one, Reach.APPLICATION))
        .isNotEqualTo(CircuitKeys.of(two, Reach.APPLICATION));
  }

  /** Whoever may not read the secrets sees by whom a circuit speaks what it holds. */
  @Test
  void withoutASightOfTheSecretsTheClientTellsWhatIsHeld() {
    Grant seen = Grants.named("a/a").secrets("one", "two").build();
    Grant unseen = unread(seen, 2);
    Circuits first = Circuits.of(List.of(refused(seen, 0)));
    Circuits both = Circuits.of(List.of(refused(seen, 0), refused(seen, 1)));
    Circuit ofGrant = new Circuit(CircuitKeys.of(seen, Reach.GRANT), Reach.GRANT, CONFIRMED, NOW);

    assertThat(first.holding(unseen)).isNull();
    assertThat(both.holding(unseen)).isNotNull();
    assertThat(first.holding(unread(seen, 1))).isNotNull();
    assertThat(first.ofCredential(unseen)).isNotNull();
    assertThat(Circuits.of(List.of(ofGrant)).holding(unseen)).isEqualTo(ofGrant);
    assertThat(both.holding(unread(Grants.named("b/b").endpoint(elsewhere()).build(), 2))).isNull();
  }

  @Test
  void ofSeveralRefusedSecretsTheOneThatIsTriedFirstLetsGo() {
    Grant seen = Grants.named("a/a").secrets("one", "two").build();
    Circuit later = refused(seen, 0);
    Circuit sooner = refused(seen, 1);
    Circuit soonest =
        new Circuit(sooner.key(), sooner.reach(), CONFIRMED, NOW.minus(Duration.ofHours(1)));

    assertThat(Circuits.of(List.of(later, soonest)).holding(seen)).isEqualTo(soonest);
    assertThat(Circuits.of(List.of(later)).holding(seen)).isNull();
  }

  @Test
  void aSuccessClosesOnlyTheCircuitsOfItsGrant() {
    Grant one = Grants.named("a/a").secrets("one").build();
    Grant strange = Grants.named("b/b").endpoint(elsewhere()).secrets("one").build();
    Circuits open = Circuits.of(List.of(refused(one, 0), refused(strange, 0)));

    assertThat(open.closedBy(one, one, NOW)).containsExactly(refused(one, 0).key());
  }

  private static Circuit refused(Grant grant, int place) {
    Grant by = grant.by(grant.client().credentials().get(place));
    return new Circuit(CircuitKeys.of(by, Reach.CREDENTIAL), Reach.CREDENTIAL, CONFIRMED, NOW);
  }

  private static Grant unread(Grant grant, int credentials) {
    List<Client.Credential> unread =
        Collections.nCopies(credentials, new Client.Unread("env:A", null));
    return withClient(grant, new Client(grant.client().id(), unread));
  }

  private static Grant application(String tenant, String client) {
    Grant grant = Grants.named("a/a").endpoint(Grants.tenant(tenant)).build();
    return withClient(grant, new Client(client, grant.client().credential()));
  }

  private static Grant certificate(String thumbprint) {
    return Grants.named("a/a")
        .credential(new Client.Certificate(Path.of("/etc/c.pem"), null, thumbprint, null))
        .build();
  }

  private static TokenEndpoint elsewhere() {
    return new TokenEndpoint.Plain(URI.create("https://sso.example.org/token"), List.of());
  }

  private static Grant withClient(Grant grant, Client client) {
    return new Grant(
        grant.name(),
        grant.endpoint(),
        client,
        grant.refreshTokens(),
        grant.cadence(),
        grant.lifetime(),
        null,
        null);
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
