package io.refreshd.simulation;

import static io.refreshd.simulation.Stage.EVERYBODY;
import static io.refreshd.simulation.Stage.START;
import static io.refreshd.simulation.Stage.day;
import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.grant.Selector;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.Told;
import io.refreshd.testing.Grants;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** 400 days in which users, administrators, clocks and machines do what they do. */
class IncidentTest {

  private static final Duration MONTH = Duration.ofDays(30);

  @Test
  void aConfiguredSignInFrequencyKillsAtTheSecondWhateverIsRotated() {
    Grant grant = Grants.named("germany/live").signInFrequency(MONTH).build();

    SimulationResult result = Stage.result(Stage.enrolled(List.of(grant)));

    Death death = death(result.grants().get(0));
    assertThat(death.at()).isEqualTo(day(30));
    assertThat(death.clock()).isEqualTo(Told.Which.SIGN_IN);
    assertThat(death.refusal().code()).isEqualTo("70043");
    assertThat(death.why()).contains("maximum allowed lifetime for this request is 2592000.");
    assertThat(result.grants().get(0).oldest()).isEqualTo(Stage.interval(grant));
  }

  @Test
  void rememberedMultiFactorAuthenticationEndsAGrantToo() {
    Grant grant = Grants.named("germany/live").rememberMfa(Duration.ofDays(60)).build();

    Death death = death(Stage.result(Stage.enrolled(List.of(grant))).grants().get(0));

    assertThat(death.at()).isEqualTo(day(60));
    assertThat(death.refusal().code()).isEqualTo("50078");
    assertThat(death.clock()).isEqualTo(Told.Which.SIGN_IN);
    assertThat(death.limit()).isEqualTo(Duration.ofDays(60));
    assertThat(death.told()).as("its text tells no time").isEqualTo(Told.NOTHING);
  }

  @Test
  void aPolicyThatIsSwitchedOnKillsThoseWhoSignedInTooLongAgoAndTeachesTheDaemon() {
    Incident policy = new Incident.SignInPolicy(Selector.parse("*/sandbox"), MONTH, day(100));

    Stage.Played played = Stage.play(Stage.fleet(), null, policy);

    assertThat(played.fates())
        .allSatisfy(
            fate -> {
              boolean concerned = fate.grant().name().equals("sandbox");
              assertThat(fate.death() == null ? null : fate.death().at())
                  .isEqualTo(concerned ? day(100) : null);
            });
    assertThat(played.entries())
        .filteredOn(entry -> entry.event() == Event.LEARNED)
        .hasSize(12)
        .allSatisfy(entry -> assertThat(entry.message()).contains("30d"));
  }

  @Test
  void aPolicyThatComesBeforeTheSignInIsTooOldKillsLater() {
    Incident policy = new Incident.SignInPolicy(EVERYBODY, Duration.ofDays(120), day(100));

    assertThat(Stage.result(Stage.fleet(), policy).deaths())
        .hasSize(24)
        .allSatisfy(fate -> assertThat(death(fate).at()).isEqualTo(day(120)));
  }

  @Test
  void aRevokedGrantIsDeadAtOnceAndItsPreviousTokenTriedInVain() {
    Incident revocation = new Incident.Revocation(Selector.parse("market-1/live"), day(50));

    SimulationResult result = Stage.result(Stage.fleet(), revocation);

    assertThat(result.deaths()).hasSize(1);
    Fate dead = result.deaths().get(0);
    assertThat(dead.grant()).hasToString("market-1/live");
    assertThat(death(dead).at()).isEqualTo(day(50));
    assertThat(death(dead).refusal().code()).isEqualTo("50173");
    assertThat(death(dead).clock()).isNull();
    assertThat(result.redemptions()).isEqualTo(result.rotations() + 2L * result.failures());
  }

  @Test
  void aSecretThatExpiresCostsTwoRedemptionsInTheFirstHourAndNobodyDiesIfItIsReplaced() {
    Incident expiry = new Incident.SecretExpiry(EVERYBODY, day(50), day(80));

    Stage.Played played = Stage.play(Stage.fleet(), null, expiry);

    List<Instant> refused =
        played.entries().stream()
            .filter(entry -> entry.event() == Event.REFUSED)
            .map(Entry::at)
            .toList();
    Instant anHourOn = refused.get(0).plus(Duration.ofHours(1));
    assertThat(refused.stream().filter(at -> at.isBefore(anHourOn)).count()).isLessThanOrEqualTo(2);
    assertThat(refused).hasSizeBetween(25, 45);
    assertThat(played.fates()).allSatisfy(fate -> assertThat(fate.death()).isNull());
  }

  @Test
  void aSecretThatNobodyReplacesKillsByTheIssueClock() {
    Incident expiry = new Incident.SecretExpiry(EVERYBODY, day(50), Instant.MAX);

    assertThat(Stage.result(Stage.fleet(), expiry).deaths())
        .hasSize(24)
        .allSatisfy(fate -> assertThat(death(fate).clock()).isEqualTo(Told.Which.ISSUE))
        .allSatisfy(fate -> assertThat(death(fate).at()).isBetween(day(132), day(140)));
  }

  @Test
  void aClockThatJumpsAheadHasEverybodyRotatedWithinMinutes() {
    rotatesTheFleetAtOnce(Duration.ofDays(40));
  }

  @Test
  void aClockThatJumpsBackHasEverybodyRotatedWithinMinutes() {
    rotatesTheFleetAtOnce(Duration.ofDays(-40));
  }

  private static void rotatesTheFleetAtOnce(Duration jump) {
    Stage.Played played = Stage.play(Stage.fleet(), null, new Incident.ClockJump(day(100), jump));

    Instant shown = day(100).plus(jump);
    assertThat(played.fates())
        .allSatisfy(fate -> assertThat(fate.death()).isNull())
        .allSatisfy(fate -> assertThat(fate.failures()).isZero())
        .allSatisfy(fate -> assertThat(fate.oldest()).isLessThan(Duration.ofDays(8)));
    assertThat(
            played.entries().stream()
                .filter(entry -> entry.event() == Event.ROTATED)
                .filter(entry -> !entry.at().isBefore(shown))
                .filter(entry -> entry.at().isBefore(shown.plusSeconds(180)))
                .map(Entry::grant)
                .distinct())
        .hasSize(24);
  }

  @Test
  void afterARestartTheMostUrgentGoFirstFourOfATenantAtOnce() {
    List<Member> fleet =
        Stage.enrolled(
            IntStream.range(0, 40).mapToObj(n -> Grants.named("germany/g" + n).build()).toList());

    Stage.Played played = Stage.play(fleet, null, new Incident.Downtime(day(50), day(80)));

    List<Entry> back =
        played.entries().stream().filter(entry -> !entry.at().isBefore(day(80))).limit(40).toList();
    assertThat(back).extracting(Entry::grant).doesNotHaveDuplicates();
    assertThat(played.entries())
        .noneSatisfy(entry -> assertThat(entry.at()).isBetween(day(50), day(80).minusMillis(1)));
    assertThat(played.fates()).allSatisfy(fate -> assertThat(fate.death()).isNull());
    for (int i = 0; i < 40; i++) {
      assertThat(back.get(i).at()).isEqualTo(day(80).plusSeconds(i / 4));
    }
    List<Instant> lastRotations = back.stream().map(entry -> lastBefore(played, entry)).toList();
    assertThat(lastRotations).isSorted();
  }

  private static Instant lastBefore(Stage.Played played, Entry entry) {
    return played.entries().stream()
        .filter(other -> Objects.equals(other.grant(), entry.grant()))
        .map(Entry::at)
        .filter(at -> at.isBefore(entry.at()))
        .reduce((first, second) -> second)
        .orElse(START);
  }

  @Test
  void aDaemonThatIsDownForAWholeLifeLosesEverybody() {
    assertThat(Stage.result(Stage.fleet(), new Incident.Downtime(day(50), day(141))).deaths())
        .hasSize(24)
        .allSatisfy(fate -> assertThat(death(fate).at()).isBefore(day(140)));
  }

  @Test
  void manyRestartsChangeNothing() {
    List<Incident> restarts =
        IntStream.range(0, 390)
            .<Incident>mapToObj(n -> new Incident.Downtime(day(n), day(n).plusSeconds(90)))
            .toList();

    SimulationResult result = Stage.result(Stage.fleet(), restarts.toArray(Incident[]::new));

    assertThat(result.deaths()).isEmpty();
    assertThat(result.oldest().orElseThrow().oldest()).isLessThan(Duration.ofDays(7).plusHours(17));
  }

  private static Death death(Fate fate) {
    return Objects.requireNonNull(fate.death());
  }
}
