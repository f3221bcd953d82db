package io.refreshd;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.daemon.Assembly;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Circuit;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.CredentialStatus;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.State;
import io.refreshd.rotation.Trigger;
import io.refreshd.schedule.QuartzCron;
import io.refreshd.testing.ClientServer;
import io.refreshd.testing.InMemoryTokenStore;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two tenants have the same client id, each with a secret of its own; that of one is refused. */
class SharedClientIdTest {

  private static final String EACH_ITS_OWN =
      """
      defaults: {client-id: partner, tenant-id: example.org, scopes: [s]}
      tenants:
        - {name: good, client-secret: env:GOOD, grants: [{name: live, rotate-every: 1h}]}
        - {name: bad, client-secret: env:BAD, grants: [{name: live}, {name: other}]}
      """;

  private static final String BOTH_THE_SAME = EACH_ITS_OWN.replace("env:BAD", "env:GOOD");

  private static final Duration STEP = Duration.ofMinutes(5);

  @TempDir Path folder;

  private final MutableClock clock = new MutableClock();
  private final InMemoryTokenStore store = new InMemoryTokenStore(clock);
  private final ClientServer server = new ClientServer(clock, "good");
  private final RotationPolicy policy = new RotationPolicy(new QuartzCron());
  private final Rotator rotator = new Rotator(store, server, policy, (entry, kept) -> {}, clock);

  @BeforeEach
  void allAreOverdue() throws Exception {
    for (Grant grant : grants(EACH_ITS_OWN)) {
      bringIn(grant);
    }
    clock.advance(Duration.ofDays(14));
  }

  @Test
  void whereAnotherSecretOfTheClientWorksTheRefusedOneIsStillConfirmedAndThenTriedOnceADay()
      throws Exception {
    List<Grant> grants = grants(EACH_ITS_OWN);

    int refused = play(grants, Duration.ofDays(10));

    assertThat(refused).isBetween(10, 14);
    assertThat(store.circuits()).singleElement().matches(Circuit::isConfirmed);
    assertThat(status(grants.get(0)).state()).isEqualTo(State.HEALTHY);
    assertThat(grants.subList(1, 3))
        .allSatisfy(grant -> assertThat(status(grant).state()).isEqualTo(State.BLOCKED));
  }

  @Test
  void anImportByAnotherSecretOfTheClientIsNoAllClearForTheRefusedOne() throws Exception {
    List<Grant> grants = grants(EACH_ITS_OWN);
    play(grants, Duration.ofHours(1));

    bringIn(grants.get(0), true);

    assertThat(status(grants.get(2)).state()).isEqualTo(State.BLOCKED);
  }

  /** Nobody can tell it from one that another daemon's configuration still has, but by that. */
  @Test
  void aRefusedSecretOfASharedClientThatNoGrantHasAnyMoreIsForgottenWhenNobodyTriesIt()
      throws Exception {
    play(grants(EACH_ITS_OWN), Duration.ofHours(1));
    List<Grant> mended = grants(EACH_ITS_OWN.replace("env:BAD", "env:BETTER"));
    server.accept("better");

    play(mended, Duration.ofDays(20));
    assertThat(store.circuits()).as("may be another daemon's").hasSize(1);
    play(mended, Duration.ofDays(20));

    assertThat(store.circuits()).isEmpty();
  }

  @Test
  void aReplacedSecretOfAClientThatAllGrantsProveAlikeIsForgottenWithTheFirstSuccess()
      throws Exception {
    play(grants(EACH_ITS_OWN), Duration.ofHours(1));
    List<Grant> alike = grants(BOTH_THE_SAME);

    assertThat(rotator.rotate(alike.get(2), Trigger.MANUAL)).isInstanceOf(Outcome.Rotated.class);

    assertThat(store.circuits()).isEmpty();
  }

  /** Whoever looks on has no access to the secrets, and so cannot tell which one was refused. */
  @Test
  void withoutASightOfTheSecretsAGrantIsNotBlockedByTheRefusedSecretOfAnother() throws Exception {
    play(grants(EACH_ITS_OWN), Duration.ofHours(1));

    List<Grant> unread = load(EACH_ITS_OWN, References.LEAVE);

    assertThat(status(unread.get(0)).state()).isEqualTo(State.HEALTHY);
    assertThat(unread.subList(1, 3))
        .as("who was refused says so itself")
        .anySatisfy(grant -> assertThat(status(grant).state()).isEqualTo(State.BLOCKED));
    assertThat(CredentialStatus.of(unread, store::circuitsOf, clock.instant()))
        .extracting(CredentialStatus::use)
        .containsOnly(CredentialStatus.Use.IN_USE);
  }

  /** As with a configuration of one's own, which names some of the grants only. */
  @Test
  void withoutASightOfTheSecretsAGrantIsNotBlockedThatWasRotatedSinceTheRefusal() throws Exception {
    play(grants(EACH_ITS_OWN), Duration.ofHours(3));

    List<Grant> unread = load(BOTH_THE_SAME, References.LEAVE);

    assertThat(status(unread.get(0)).state()).isEqualTo(State.HEALTHY);
    assertThat(unread.subList(1, 3))
        .allSatisfy(grant -> assertThat(status(grant).state()).isEqualTo(State.BLOCKED));
  }

  /** Rotates whatever is due, step by step; how many redemptions were refused. */
  private int play(List<Grant> grants, Duration duration) {
    int refused = 0;
    Instant end = clock.instant().plus(duration);
    while (clock.instant().isBefore(end)) {
      for (Grant grant : grants) {
        if (rotator.rotate(grant, Trigger.SCHEDULE) instanceof Outcome.Failed) {
          refused++;
        }
      }
      clock.advance(STEP);
    }
    return refused;
  }

  private GrantStatus status(Grant grant) {
    GrantRecord record = store.findRecord(grant.name()).orElseThrow();
    return GrantStatus.of(grant, record, Circuits.of(store.circuits()), clock.instant());
  }

  private void bringIn(Grant grant) {
    bringIn(grant, false);
  }

  private void bringIn(Grant grant, boolean redeem) {
    RefreshToken token = RefreshToken.of("first-of-" + grant.name());
    var unused = rotator.bringIn(grant, new Import(token, clock.instant(), null, redeem, false));
  }

  private List<Grant> grants(String yaml) throws ConfigException, IOException {
    return load(yaml, References.RESOLVE);
  }

  private List<Grant> load(String yaml, References references) throws ConfigException, IOException {
    Path file = Files.writeString(folder.resolve("refreshd.yaml"), yaml);
    Map<String, String> environment = Map.of("GOOD", "good", "BAD", "bad", "BETTER", "better");
    return Assembly.loader(environment, folder, clock).load(file, references).grants();
  }
}
