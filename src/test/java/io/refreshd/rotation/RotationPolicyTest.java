package io.refreshd.rotation;

import static io.refreshd.rotation.RefusalKind.CONFIGURATION;
import static io.refreshd.rotation.RefusalKind.DEAD;
import static io.refreshd.rotation.RefusalKind.INTERACTION_REQUIRED;
import static io.refreshd.rotation.RefusalKind.LOST_ANSWER;
import static io.refreshd.rotation.RefusalKind.THROTTLED;
import static io.refreshd.rotation.RefusalKind.TRANSIENT;
import static io.refreshd.rotation.RefusalKind.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.testing.Answers;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.Records;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RotationPolicyTest {

  private static final Instant NOW = MutableClock.START;
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration WEEK = Duration.ofDays(7);

  private final Grant grant = Grants.sample();
  private final RotationPolicy policy = new RotationPolicy((expression, after) -> Instant.MAX);

  @Test
  void whatAConfigurationErrorStoppedWaitsForItsCircuitAndIsFreeWithoutIt() {
    Instant next = NOW.plus(DAY);
    Standing failed = Records.failed(NOW, CONFIGURATION, CONFIGURATION);
    GrantRecord stopped = Records.standing(Records.issued(grant, NOW, next), failed);
    Circuits circuits = circuit(grant, Reach.GRANT, failed, next);
    Instant now = NOW.plus(Duration.ofHours(3));

    assertThat(policy.due(grant, stopped, circuits, now)).isEqualTo(next);
    assertThat(policy.due(grant, stopped, Circuits.NONE, now)).isEqualTo(now);
  }

  @Test
  void aCircuitHoldsAGrantThatIsWellUntilItLetsGo() {
    Grant other = Grants.named("germany/sandbox").build();
    Standing failed = Records.failed(NOW, CONFIGURATION, CONFIGURATION);
    Circuits circuits = circuit(grant, Reach.CREDENTIAL, failed, NOW.plus(DAY));
    GrantRecord due = Records.issued(other, NOW.minus(DAY.multipliedBy(9)), NOW.minus(DAY));
    GrantRecord fresh = Records.issued(other, NOW, NOW.plus(WEEK));

    assertThat(policy.due(other, due, circuits, NOW)).isEqualTo(NOW.plus(DAY));
    assertThat(policy.decide(other, due, circuits, Trigger.SCHEDULE, NOW).reason())
        .startsWith("held back until");
    assertThat(policy.due(other, fresh, circuits, NOW))
        .isEqualTo(policy.due(other, fresh, Circuits.NONE, NOW));
    assertThat(policy.decide(other, due, circuits, Trigger.MANUAL, NOW).due()).isTrue();
  }

  @Test
  void aCircuitFromTheFutureDoesNotHoldAfterTheClockWentBack() {
    Instant ahead = NOW.plus(DAY.multipliedBy(300));
    Standing failed = Records.failed(ahead, CONFIGURATION, CONFIGURATION);
    Circuits circuits = circuit(grant, Reach.CREDENTIAL, failed, ahead.plus(DAY));
    GrantRecord due = Records.issued(grant, NOW.minus(WEEK.multipliedBy(2)), NOW.minus(WEEK));

    assertThat(policy.due(grant, due, circuits, NOW)).isBeforeOrEqualTo(NOW);
  }

  /** Shortly before the end a held grant is tried once: if that is over, the circuit holds it. */
  @Test
  void theLastCallIsMadeOnce() {
    Instant issuedAt = NOW.minus(DAY.multipliedBy(90)).plus(Duration.ofHours(20));
    GrantRecord old = Records.issued(grant, issuedAt, NOW.minus(WEEK));
    Standing failed = Records.failed(NOW, CONFIGURATION, CONFIGURATION);
    Circuits circuits = circuit(grant, Reach.CREDENTIAL, failed, NOW.plus(DAY));

    Instant before = policy.due(grant, old, circuits, NOW);
    GrantRecord called = Records.standing(old, Standing.good(NOW, Event.ROTATED));
    GrantRecord never = Records.standing(old, Standing.good(null, null));

    assertThat(before).isBeforeOrEqualTo(NOW);
    assertThat(policy.due(grant, never, circuits, NOW)).isBeforeOrEqualTo(NOW);
    assertThat(policy.due(grant, called, circuits, NOW)).isAfter(NOW);
  }

  /** A server's own, shorter life of a generation caps the wait between retries. */
  @Test
  void theLifeOfTheGenerationCapsTheRetriesNotThatOfTheConfiguration() {
    Grant hourly = Grants.named("germany/live").lifetime(Duration.ofHours(1)).build();
    GrantRecord shortLived = Records.issued(hourly, NOW, NOW.plus(WEEK));
    Standing failing =
        Records.failed(NOW, Collections.nCopies(9, TRANSIENT).toArray(RefusalKind[]::new));

    Instant next = policy.afterFailure(grant, shortLived, failing, null, NOW);

    assertThat(Duration.between(NOW, next)).isLessThan(Duration.ofMinutes(4));
  }

  private static Circuits circuit(Grant grant, Reach reach, Standing standing, Instant next) {
    String key = CircuitKeys.of(grant, reach);
    return Circuits.of(List.of(new Circuit(key, reach, standing, next)));
  }

  // when all is well

  @Test
  void aGenerationIsDueAfterTheIntervalMovedByATenthAtMost() {
    Instant due = policy.afterSuccess(grant, NOW, grant.lifetime());

    assertThat(Duration.between(NOW, due)).isBetween(part(WEEK, 0.9), part(WEEK, 1.1));
  }

  @Test
  void theSlotOfAGrantIsTheSameForEachGeneration() {
    Instant later = NOW.plus(Duration.ofDays(40)).plusSeconds(17);

    Duration first = Duration.between(NOW, after(grant, NOW));
    Duration second = Duration.between(later, after(grant, later));

    assertThat(first).isEqualTo(second);
  }

  @Test
  void grantsEnrolledTogetherDoNotFallDueTogether() {
    List<Instant> due = Grants.fleet(12).stream().map(grant -> after(grant, NOW)).sorted().toList();

    assertThat(due).hasSize(24).doesNotHaveDuplicates();
    assertThat(Duration.between(due.get(0), due.get(23))).isGreaterThan(DAY);
  }

  @Test
  void aLifetimeThatTheServerShortenedShortensTheInterval() {
    Instant due = policy.afterSuccess(grant, NOW, DAY);

    assertThat(Duration.between(NOW, due)).isBetween(part(DAY, 0.9 / 3), part(DAY, 1.1 / 3));
  }

  @Test
  void anImportWhoseAgeNobodyKnowsIsDueAtOnce() {
    GrantRecord record = Records.issued(grant, null, NOW.plus(WEEK));

    assertThat(policy.decide(grant, record, Circuits.NONE, Trigger.SCHEDULE, NOW).due()).isTrue();
  }

  @Test
  void whatIsNotDueYetSaysWhenItIs() {
    GrantRecord record = Records.issued(grant, NOW, NOW.plus(DAY));

    Decision decision = policy.decide(grant, record, Circuits.NONE, Trigger.SCHEDULE, NOW);

    assertThat(decision).isEqualTo(new Decision(false, "next rotation at " + NOW.plus(DAY)));
  }

  @Test
  void itIsDueAtTheStoredInstantExactly() {
    GrantRecord record = Records.issued(grant, NOW, NOW.plus(DAY));

    assertThat(isDue(record, NOW.plus(DAY).minusMillis(1))).isFalse();
    assertThat(isDue(record, NOW.plus(DAY))).isTrue();
  }

  @Test
  void aConfigurationThatHasBecomeStricterCountsAtOnce() {
    Grant daily = Grants.named("germany/live").rotateEvery(DAY).build();
    GrantRecord record = Records.issued(grant, NOW, NOW.plus(WEEK));

    assertThat(policy.due(daily, record, Circuits.NONE, NOW)).isBefore(NOW.plus(part(DAY, 1.11)));
  }

  @Test
  void aPersonMayRotateAtAnyTime() {
    GrantRecord record = Records.issued(grant, NOW, NOW.plus(WEEK));

    assertThat(policy.decide(grant, record, Circuits.NONE, Trigger.MANUAL, NOW).due()).isTrue();
  }

  // cron

  @Test
  void cronSaysWhen() {
    assertThat(cron(after -> after.plus(DAY))).isEqualTo(NOW.plus(DAY));
  }

  @Test
  void cronIsCappedSoThatThreeAttemptsFitIntoALife() {
    Duration third = Duration.ofDays(30);

    assertThat(cron(after -> after.plus(Duration.ofDays(366))))
        .isBetween(NOW.plus(part(third, 0.9)), NOW.plus(part(third, 1.1)));
  }

  @Test
  void cronThatNeverComesAgainStillRotates() {
    assertThat(cron(after -> Instant.MAX)).isBefore(NOW.plus(Duration.ofDays(34)));
  }

  // after a failure

  @Test
  void retriesFollowTheTableToTheSecond() {
    List<Long> seconds =
        Stream.iterate(1, n -> n + 1)
            .limit(14)
            .map(n -> RetryTable.after(hiccups(n)))
            .map(Duration::toSeconds)
            .toList();

    assertThat(seconds)
        .containsExactly(
            30L, 60L, 120L, 300L, 600L, 1200L, 1800L, 3600L, 7200L, 10800L, 21600L, 21600L, 21600L,
            21600L);
  }

  @ParameterizedTest
  @CsvSource({"1, PT30S", "2, PT1M", "5, PT10M", "10, PT3H", "11, PT6H", "200, PT6H"})
  void aRetryIsMovedByAFifthAtMost(int failures, Duration delay) {
    Duration drawn = retry(hiccups(failures));

    assertThat(drawn).isBetween(part(delay, 0.8), part(delay, 1.2)).isNotEqualTo(delay);
  }

  @Test
  void grantsThatFailTogetherAreNotRetriedTogether() {
    List<Instant> next =
        Grants.fleet(12).stream()
            .map(grant -> policy.afterFailure(grant, fresh(grant), hiccups(8), null, NOW))
            .toList();

    assertThat(next).doesNotHaveDuplicates();
  }

  @Test
  void noRetryWaitsLongerThanATwentiethOfTheLife() {
    Grant brief = Grants.named("demo/brief").lifetime(Duration.ofHours(1)).build();

    Instant next = policy.afterFailure(brief, fresh(brief), hiccups(30), null, NOW);

    assertThat(Duration.between(NOW, next))
        .isBetween(Duration.ofSeconds(144), Duration.ofSeconds(216));
  }

  @Test
  void theServersWishWinsIfItIsLonger() {
    Duration hour = Duration.ofHours(1);

    assertThat(policy.afterFailure(grant, fresh(grant), hiccups(1), hour, NOW))
        .isEqualTo(NOW.plus(hour));
    assertThat(policy.afterFailure(grant, fresh(grant), hiccups(11), hour, NOW))
        .isAfter(NOW.plus(hour));
  }

  @Test
  void aServerCannotAskForMoreThanADay() {
    assertThat(policy.afterFailure(grant, fresh(grant), hiccups(1), Duration.ofDays(400), NOW))
        .isEqualTo(NOW.plus(DAY));
  }

  @Test
  void aThrottledRequestWithoutAWishWaitsAMinuteWhateverTheJitter() {
    Standing throttled = Records.failed(NOW, THROTTLED);

    assertThat(Grants.fleet(12))
        .extracting(grant -> policy.afterFailure(grant, fresh(grant), throttled, null, NOW))
        .allSatisfy(next -> assertThat(next).isBetween(NOW.plusSeconds(60), NOW.plusSeconds(90)));
  }

  @Test
  void noRetrySkipsADeadlineThatCanStillBeMet() {
    Instant issuedAt = NOW.minus(grant.lifetime()).plus(Duration.ofHours(2));
    GrantRecord record = Records.issued(grant, issuedAt, NOW);

    assertThat(policy.afterFailure(grant, record, hiccups(40), DAY, NOW))
        .isEqualTo(NOW.plus(Duration.ofHours(1)));
  }

  @Test
  void theSignInClockIsADeadlineToo() {
    Grant limited = Grants.named("germany/live").signInFrequency(Duration.ofDays(30)).build();
    Instant signedInAt = NOW.minus(Duration.ofDays(30)).plus(Duration.ofHours(2));
    GrantRecord record = Records.signedIn(fresh(limited), signedInAt);

    assertThat(policy.afterFailure(limited, record, hiccups(40), null, NOW))
        .isEqualTo(NOW.plus(Duration.ofHours(1)));
  }

  @Test
  void itIsTriedOnAfterTheDeadline() {
    GrantRecord record = Records.issued(grant, NOW.minus(Duration.ofDays(100)), NOW);

    assertThat(policy.afterFailure(grant, record, hiccups(40), null, NOW))
        .isBetween(NOW, NOW.plus(Duration.ofHours(8)));
  }

  // verdicts

  @ParameterizedTest
  @EnumSource(names = {"DEAD", "INTERACTION_REQUIRED", "ACCOUNT"})
  void whatOnlyAPersonMendsIsConfirmedTwiceThenProbedTwiceADay(RefusalKind kind) {
    assertThat(RetryTable.after(said(kind, 1))).isEqualTo(Duration.ofSeconds(30));
    assertThat(RetryTable.after(said(kind, 2))).isEqualTo(Duration.ofMinutes(1));
    assertThat(RetryTable.after(said(kind, 3))).isEqualTo(Duration.ofHours(12));
    assertThat(RetryTable.after(said(kind, 9))).isEqualTo(Duration.ofHours(12));
  }

  @Test
  void aConfigurationErrorIsConfirmedOnceThenProbedOnceADay() {
    assertThat(RetryTable.after(said(CONFIGURATION, 1))).isEqualTo(Duration.ofSeconds(30));
    assertThat(RetryTable.after(said(CONFIGURATION, 2))).isEqualTo(DAY);
    assertThat(RetryTable.after(said(CONFIGURATION, 9))).isEqualTo(DAY);
  }

  @Test
  void theConfirmingRetriesComeSoonEvenAfterALongOutage() {
    Standing standing = hiccups(50);
    for (int n = 0; n < 2; n++) {
      standing = standing.failed(Answers.refused(DEAD, NOW), NOW);
    }

    assertThat(RetryTable.after(standing)).isEqualTo(Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @EnumSource(names = {"TRANSIENT", "THROTTLED", "UNKNOWN"})
  void aConfirmedVerdictSurvivesAHiccup(RefusalKind hiccup) {
    Standing standing = Records.failed(NOW, DEAD, DEAD, DEAD, hiccup);

    assertThat(standing.kind()).isEqualTo(DEAD);
    assertThat(standing.isConfirmed()).isTrue();
    assertThat(standing.failures()).isEqualTo(4);
  }

  @Test
  void anUnconfirmedVerdictGivesWayToAHiccup() {
    assertThat(Records.failed(NOW, DEAD, DEAD, TRANSIENT).kind()).isEqualTo(TRANSIENT);
  }

  @Test
  void aVerdictMayGiveWayToAnother() {
    Standing standing = Records.failed(NOW, DEAD, DEAD, DEAD, INTERACTION_REQUIRED);

    assertThat(standing.kind()).isEqualTo(INTERACTION_REQUIRED);
    assertThat(standing.isConfirmed()).isTrue();
  }

  // lost answers

  @Test
  void afterALostAnswerOnlyAPersonPresentsTheTokenAgain() {
    Grant grant = Grants.named("idp/main").singleUse().build();
    GrantRecord record = Records.standing(fresh(grant), Records.failed(NOW, LOST_ANSWER));
    Instant late = NOW.plus(Duration.ofDays(89));

    assertThat(policy.due(grant, record, Circuits.NONE, late)).isEqualTo(RotationPolicy.NEVER);
    for (Trigger trigger : List.of(Trigger.SCHEDULE, Trigger.RETRY, Trigger.WATCHMAN)) {
      assertThat(policy.decide(grant, record, Circuits.NONE, trigger, late).due()).isFalse();
    }
    assertThat(policy.decide(grant, record, Circuits.NONE, Trigger.MANUAL, late).due()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(RefusalKind.class)
  void aLostAnswerStandsWhateverComesAfterIt(RefusalKind next) {
    Standing standing = Records.failed(NOW, LOST_ANSWER, next);

    assertThat(standing.kind()).isEqualTo(LOST_ANSWER);
    assertThat(standing.isConfirmed()).isTrue();
  }

  @Test
  void whatWasPresentedAndNeverAnsweredIsLookedAtAtOnce() {
    GrantRecord record = Records.unanswered(Records.issued(grant, NOW, NOW.plus(WEEK)));

    assertThat(policy.due(grant, record, Circuits.NONE, NOW)).isEqualTo(NOW);
  }

  // clocks that jump, schedules that are wrong

  @Test
  void aClockThatIsTurnedBackDoesNotStarveAHealthyGrant() {
    Instant future = NOW.plus(Duration.ofDays(3650));
    GrantRecord record = Records.issued(grant, future, future.plus(WEEK));

    assertThat(isDue(record, NOW)).isTrue();
  }

  @Test
  void aClockThatIsTurnedBackDoesNotStarveAFailingGrant() {
    Instant future = NOW.plus(Duration.ofDays(3650));
    GrantRecord record =
        Records.standing(
            Records.issued(grant, NOW, future.plusSeconds(30)), Records.failed(future, TRANSIENT));

    assertThat(isDue(record, NOW)).isTrue();
  }

  @Test
  void aClockThatIsCorrectedByASecondMakesNothingDue() {
    GrantRecord record = Records.issued(grant, NOW.plusSeconds(1), NOW.plus(WEEK));

    assertThat(isDue(record, NOW)).isFalse();
  }

  @Test
  void aClockThatJumpsAheadMakesItDue() {
    GrantRecord record =
        Records.standing(
            Records.issued(grant, NOW, NOW.plus(DAY)), Records.failed(NOW, CONFIGURATION));

    assertThat(isDue(record, NOW.plus(Duration.ofDays(3650)))).isTrue();
  }

  /** A lost answer as well: whoever takes a server for one of single use may be wrong. */
  @ParameterizedTest
  @EnumSource(RefusalKind.class)
  void whatFailsIsTriedWithinTwoDaysWhateverIsStored(RefusalKind kind) {
    GrantRecord record = Records.standing(Records.issued(grant, NOW, Instant.MAX), said(kind, 5));

    assertThat(isDue(record, NOW.plus(Duration.ofDays(2)))).isTrue();
  }

  @Test
  void withLessThanAThirdLeftAnOverdueGrantIsTriedWhateverIsStored() {
    Grant daily = Grants.named("spa/live").lifetime(DAY).rotateEvery(Duration.ofHours(8)).build();
    Instant attempt = NOW.plus(Duration.ofHours(12));
    GrantRecord record =
        Records.standing(
            Records.issued(daily, NOW, NOW.plus(DAY)), Records.failed(attempt, THROTTLED));

    assertThat(policy.due(daily, record, Circuits.NONE, NOW.plus(Duration.ofHours(15))))
        .isEqualTo(NOW.plus(DAY));
    assertThat(policy.due(daily, record, Circuits.NONE, NOW.plus(Duration.ofHours(17))))
        .isBefore(NOW.plus(Duration.ofHours(17)));
  }

  @Test
  void aHealthyGrantWithLessThanAThirdLeftIsTriedWhateverIsStored() {
    GrantRecord record = Records.issued(grant, NOW, Instant.MAX);

    assertThat(isDue(record, NOW.plus(Duration.ofDays(61)))).isTrue();
  }

  @Test
  void unknownErrorsAreRetriedAsHiccupsAre() {
    RefusalKind[] unknown = Collections.nCopies(4, UNKNOWN).toArray(RefusalKind[]::new);

    assertThat(RetryTable.after(Records.failed(NOW, unknown))).isEqualTo(Duration.ofMinutes(5));
  }

  private boolean isDue(GrantRecord record, Instant now) {
    return policy.decide(grant, record, Circuits.NONE, Trigger.SCHEDULE, now).due();
  }

  private Instant after(Grant grant, Instant issuedAt) {
    return policy.afterSuccess(grant, issuedAt, grant.lifetime());
  }

  private static Instant cron(UnaryOperator<Instant> times) {
    Grant grant = Grants.named("germany/live").rotateCron("0 0 3 ? * SUN").build();
    return new RotationPolicy((expression, after) -> times.apply(after))
        .afterSuccess(grant, NOW, grant.lifetime());
  }

  private Duration retry(Standing standing) {
    return Duration.between(NOW, policy.afterFailure(grant, fresh(grant), standing, null, NOW));
  }

  private static GrantRecord fresh(Grant grant) {
    return Records.issued(grant, NOW, NOW);
  }

  private static Standing hiccups(int failures) {
    return said(TRANSIENT, failures);
  }

  private static Standing said(RefusalKind kind, int times) {
    return Records.failed(NOW, Collections.nCopies(times, kind).toArray(RefusalKind[]::new));
  }

  private static Duration part(Duration duration, double share) {
    return Duration.ofMillis(Math.round(duration.toMillis() * share));
  }
}
