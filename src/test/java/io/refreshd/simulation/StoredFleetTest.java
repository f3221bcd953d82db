package io.refreshd.simulation;

import static io.refreshd.simulation.Stage.START;
import static io.refreshd.simulation.Stage.day;
import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.Forecast;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.Learned;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.Told;
import io.refreshd.testing.Grants;
import io.refreshd.testing.Records;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plays that begin with what a store knows. */
class StoredFleetTest {

  private static final Duration DAY = Duration.ofDays(1);
  private final Grant grant = Grants.sample();

  private static Fate fate(Grant grant, GrantRecord record) {
    return Stage.result(List.of(new Member(grant, record, Circuits.NONE))).grants().get(0);
  }

  private GrantRecord aged(Duration age) {
    return Records.issued(grant, START.minus(age), START.plus(DAY));
  }

  @Test
  void aTokenIsAsOldAsTheStoreSays() {
    Fate fate = fate(grant, aged(DAY.multipliedBy(60)));

    assertThat(fate.isNew()).isFalse();
    assertThat(fate.oldest()).isEqualTo(DAY.multipliedBy(60)); // overdue, so rotated at once
    assertThat(fate.death()).isNull();
  }

  @Test
  void aTokenThatIsTooOldIsDeadSinceItsEnd() {
    Fate fate = fate(grant, aged(DAY.multipliedBy(100)));

    assertThat(Objects.requireNonNull(fate.death()).at())
        .isEqualTo(START.minus(DAY.multipliedBy(10)));
    assertThat(fate.rotations()).isZero();
  }

  @Test
  void aSignInOfTheStoreCountsFromItsTime() {
    Grant limited = Grants.named("germany/live").signInFrequency(DAY.multipliedBy(30)).build();
    Instant signedInAt = START.minus(DAY.multipliedBy(20));

    Fate fate = fate(limited, Records.signedIn(aged(DAY), signedInAt));

    assertThat(Objects.requireNonNull(fate.death()).at()).isEqualTo(day(10));
  }

  @ParameterizedTest
  @CsvSource({"70043, P30D, INTERACTION_REQUIRED", "700084, P21D, DEAD"})
  void aSignInEndsWhenTheServerOnceToldThatItDoes(String code, Duration limit, RefusalKind kind) {
    Learned learned = new Learned(null, new Learned.Lesson(code, START, limit));
    GrantRecord record = Records.signedIn(aged(DAY), START.minus(DAY.multipliedBy(20)));
    GrantRecord told = Records.told(record, record.expiresAt(), learned);

    Death death = Objects.requireNonNull(fate(grant, told).death());

    assertThat(death.at()).isEqualTo(START.minus(DAY.multipliedBy(20)).plus(limit));
    assertThat(death.at())
        .as("the day that doctor names")
        .isEqualTo(
            Forecast.find(GrantStatus.of(grant, told, Circuits.NONE, START), grant)
                .orElseThrow()
                .diesAt());
    assertThat(death.refusal().code()).isEqualTo(code);
    assertThat(death.refusal().kind()).isEqualTo(kind);
    assertThat(death.clock()).isEqualTo(Told.Which.SIGN_IN);
    assertThat(death.why()).contains("AADSTS" + code);
  }

  @Test
  void anOutageThatOutlastsTheLifeWhichTheServerGivesIsDeadly() {
    Incident outage = new Incident.Outage(day(100), day(112));
    GrantRecord record = aged(DAY);
    GrantRecord told =
        Records.told(record, record.expiresAt(), new Learned(lesson(DAY.multipliedBy(10)), null));

    assertThat(death(grant, record, outage)).isNull();
    assertThat(death(grant, told, outage)).as("learned from a refusal").isNotNull();
    assertThat(death(grant, Records.told(record, day(9), Learned.NOTHING), outage))
        .as("said with the newest token")
        .isNotNull();
  }

  @Test
  void aTokenLivesNoLongerThanIsConfiguredSinceItWasIssued() {
    Grant shorter = Grants.named("germany/live").lifetime(DAY.multipliedBy(30)).build();
    Incident outage = new Incident.Outage(day(100), day(140));

    assertThat(death(shorter, Records.told(aged(DAY), day(89), Learned.NOTHING), outage))
        .isNotNull();
  }

  private static Learned.Lesson lesson(Duration limit) {
    return new Learned.Lesson("700082", START, limit);
  }

  private static @Nullable Death death(Grant grant, GrantRecord record, Incident... incidents) {
    return Stage.result(List.of(new Member(grant, record, Circuits.NONE)), incidents)
        .grants()
        .get(0)
        .death();
  }

  @Test
  void aSignInThatNobodyKnowsIsTakenAsOfTheStart() {
    Grant limited = Grants.named("germany/live").signInFrequency(DAY.multipliedBy(30)).build();

    assertThat(Objects.requireNonNull(fate(limited, aged(DAY)).death()).at()).isEqualTo(day(30));
  }

  @Test
  void aTokenOfUnknownAgeIsRotatedAtOnce() {
    Fate fate = fate(grant, Records.issued(grant, null, day(3)));

    assertThat(fate.death()).isNull();
    assertThat(fate.oldest()).isEqualTo(Stage.interval(grant));
  }

  @Test
  void aGrantThatNeedsConsentIsDeadFromTheStart() {
    GrantRecord dead =
        Records.standing(
            aged(DAY), Records.failed(START, RefusalKind.DEAD, RefusalKind.DEAD, RefusalKind.DEAD));

    Fate fate = fate(grant, dead);

    assertThat(Objects.requireNonNull(fate.death()).at()).isEqualTo(START);
    assertThat(Objects.requireNonNull(fate.death()).refusal().kind()).isEqualTo(RefusalKind.DEAD);
    assertThat(fate.rotations()).isZero();
  }

  @Test
  void aGrantWhoseRedemptionWasNeverAnsweredIsDeadFromTheStart() {
    GrantRecord retrying =
        Records.standing(aged(DAY), Records.failed(START, RefusalKind.TRANSIENT));

    for (GrantRecord before : List.of(aged(DAY), retrying)) {
      Death death = Objects.requireNonNull(fate(grant, Records.unanswered(before)).death());
      assertThat(death.at()).isEqualTo(START);
      assertThat(death.refusal().kind()).isEqualTo(RefusalKind.LOST_ANSWER);
      assertThat(death.why()).contains("died while it redeemed");
    }
  }

  @Test
  void aGrantThatIsBlockedStaysSoAndDiesOfItsAge() {
    GrantRecord blocked =
        Records.standing(
            aged(DAY),
            Records.failed(START, RefusalKind.ACCOUNT, RefusalKind.ACCOUNT, RefusalKind.ACCOUNT));

    Fate fate = fate(grant, blocked);

    assertThat(Objects.requireNonNull(fate.death()).at()).isEqualTo(day(89));
    assertThat(fate.rotations()).isZero();
  }

  @Test
  void aGrantThatOnlyRetriesIsTakenToSucceed() {
    GrantRecord retrying =
        Records.standing(aged(DAY.multipliedBy(20)), Records.failed(START, RefusalKind.TRANSIENT));

    assertThat(fate(grant, retrying).death()).isNull();
  }
}
