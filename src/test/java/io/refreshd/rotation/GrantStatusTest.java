package io.refreshd.rotation;

import static io.refreshd.rotation.RefusalKind.CONFIGURATION;
import static io.refreshd.rotation.RefusalKind.DEAD;
import static io.refreshd.rotation.RefusalKind.INTERACTION_REQUIRED;
import static io.refreshd.rotation.RefusalKind.LOST_ANSWER;
import static io.refreshd.rotation.RefusalKind.TRANSIENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.Records;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GrantStatusTest {

  private static final Instant ISSUED = MutableClock.START;

  private final Grant grant = Grants.sample();
  private final GrantRecord healthy = Records.issued(grant, ISSUED, ISSUED);

  @Test
  void withoutATokenItIsNewAndWarns() {
    GrantStatus status = GrantStatus.of(grant, null, Circuits.NONE, ISSUED);

    assertThat(status.state()).isEqualTo(State.NEW);
    assertThat(status.level()).isEqualTo(Level.WARNING);
    assertThat(status.daysLeft()).isNull();
    assertThat(status.nextAttemptAt()).isNull();
  }

  @Test
  void withoutAConfigurationItWarnsWithItsRealClocksAndNobodyTriesIt() {
    GrantRecord signedIn = Records.signedIn(healthy, ISSUED.minus(Duration.ofDays(5)));
    Instant late = ISSUED.plus(Duration.ofDays(100));

    GrantStatus status = GrantStatus.unconfigured(signedIn, late);

    assertThat(status.state()).isEqualTo(State.UNCONFIGURED);
    assertThat(status.level()).isEqualTo(Level.WARNING);
    assertThat(status.clocks())
        .isEqualTo(
            new Clocks(ISSUED, healthy.expiresAt(), signedIn.signedInAt(), null, null, null));
    assertThat(status.daysLeft()).isEqualTo(-10);
    assertThat(status.nextAttemptAt()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "P0D, OK",
    "P45D, OK",
    "P45DT0.001S, WARNING",
    "P75D, WARNING",
    "P75DT0.001S, CRITICAL",
    "P89DT23H, CRITICAL"
  })
  void theLessLifeIsLeftTheMoreUrgentItIs(Duration age, Level level) {
    GrantStatus status = GrantStatus.of(grant, healthy, Circuits.NONE, ISSUED.plus(age));

    assertThat(status.state()).isEqualTo(State.HEALTHY);
    assertThat(status.level()).isEqualTo(level);
  }

  @Test
  void itExpiresAtTheDeadlineExactly() {
    Instant deadline = ISSUED.plus(grant.lifetime());

    assertThat(state(healthy, deadline.minusMillis(1))).isEqualTo(State.HEALTHY);
    assertThat(state(healthy, deadline)).isEqualTo(State.EXPIRED);
    assertThat(GrantStatus.of(grant, healthy, Circuits.NONE, deadline).level())
        .isEqualTo(Level.CRITICAL);
  }

  @ParameterizedTest
  @EnumSource(RefusalKind.class)
  void afterTheDeadlineItIsExpiredWhateverFailed(RefusalKind kind) {
    Instant late = ISSUED.plus(Duration.ofDays(91));
    GrantRecord record = failed(late, kind, kind, kind);

    assertThat(state(record, late)).isEqualTo(State.EXPIRED);
    assertThat(state(Records.unanswered(record), late)).isEqualTo(State.EXPIRED);
  }

  @Test
  void theClockThatIsWorseOffDecides() {
    Grant limited = Grants.named("germany/live").signInFrequency(Duration.ofDays(30)).build();
    GrantRecord record = Records.signedIn(healthy, ISSUED.minus(Duration.ofDays(26)));

    GrantStatus status = GrantStatus.of(limited, record, Circuits.NONE, ISSUED);

    assertThat(status.state()).isEqualTo(State.HEALTHY);
    assertThat(status.level()).isEqualTo(Level.CRITICAL);
    assertThat(status.daysLeft()).isEqualTo(4);
    assertThat(
            GrantStatus.of(limited, record, Circuits.NONE, ISSUED.plus(Duration.ofDays(4))).state())
        .isEqualTo(State.EXPIRED);
  }

  @Test
  void aSignInThatNoPolicyLimitsDoesNotExpire() {
    GrantRecord record = Records.signedIn(healthy, ISSUED.minus(Duration.ofDays(3650)));

    assertThat(GrantStatus.of(grant, record, Circuits.NONE, ISSUED).level()).isEqualTo(Level.OK);
  }

  @ParameterizedTest
  @CsvSource(
      value = {"null", "P30D"},
      nullValues = "null")
  void anAgeThatNobodyKnowsWarns(@Nullable Duration signInFrequency) {
    Grants grants = Grants.named("germany/live");
    Grant limited =
        signInFrequency == null ? grants.build() : grants.signInFrequency(signInFrequency).build();
    GrantRecord record = Records.signedIn(Records.issued(limited, null, ISSUED), ISSUED);

    GrantStatus status = GrantStatus.of(limited, record, Circuits.NONE, ISSUED);

    assertThat(status.state()).isEqualTo(State.HEALTHY);
    assertThat(status.level()).isEqualTo(Level.WARNING);
  }

  @Test
  void aHiccupIsRetriedAndWarnsAfterADay() {
    GrantRecord record = failed(ISSUED, TRANSIENT);
    Instant day = ISSUED.plus(Duration.ofDays(1));

    assertThat(state(record, day)).isEqualTo(State.RETRYING);
    assertThat(GrantStatus.of(grant, record, Circuits.NONE, day).level()).isEqualTo(Level.OK);
    assertThat(GrantStatus.of(grant, record, Circuits.NONE, day.plusMillis(1)).level())
        .isEqualTo(Level.WARNING);
  }

  @ParameterizedTest
  @CsvSource({"DEAD, NEEDS_CONSENT", "INTERACTION_REQUIRED, NEEDS_CONSENT", "ACCOUNT, BLOCKED"})
  void aVerdictIsBelievedOnceTwoRetriesSayTheSame(RefusalKind kind, State confirmed) {
    assertThat(state(failed(ISSUED, kind), ISSUED)).isEqualTo(State.RETRYING);
    assertThat(state(failed(ISSUED, kind, kind), ISSUED)).isEqualTo(State.RETRYING);
    assertThat(state(failed(ISSUED, kind, kind, kind), ISSUED)).isEqualTo(confirmed);
  }

  @Test
  void aConfirmedVerdictIsCriticalAndSurvivesAHiccup() {
    GrantRecord record = failed(ISSUED, DEAD, DEAD, DEAD, TRANSIENT);

    assertThat(state(record, ISSUED)).isEqualTo(State.NEEDS_CONSENT);
    assertThat(GrantStatus.of(grant, record, Circuits.NONE, ISSUED).level())
        .isEqualTo(Level.CRITICAL);
  }

  @Test
  void aConfigurationErrorBlocksAtOnce() {
    GrantStatus status =
        GrantStatus.of(grant, failed(ISSUED, CONFIGURATION), Circuits.NONE, ISSUED);

    assertThat(status.state()).isEqualTo(State.BLOCKED);
    assertThat(status.level()).isEqualTo(Level.CRITICAL);
  }

  @Test
  void aLostAnswerNeedsConsentAtOnceAndHasNoNextAttempt() {
    GrantStatus status = GrantStatus.of(grant, failed(ISSUED, LOST_ANSWER), Circuits.NONE, ISSUED);

    assertThat(status.state()).isEqualTo(State.NEEDS_CONSENT);
    assertThat(status.level()).isEqualTo(Level.CRITICAL);
    assertThat(status.nextAttemptAt()).isNull();
  }

  @Test
  void aPresentationThatWasNeverAnsweredNeedsConsent() {
    assertThat(state(Records.unanswered(healthy), ISSUED)).isEqualTo(State.NEEDS_CONSENT);
  }

  @Test
  void aPresentationThatWasNeverAnsweredIsTheReasonWhateverFailedBefore() {
    for (GrantRecord before : new GrantRecord[] {healthy, failed(ISSUED, TRANSIENT)}) {
      GrantStatus status = GrantStatus.of(grant, Records.unanswered(before), Circuits.NONE, ISSUED);

      assertThat(status.reason().kind()).isEqualTo(LOST_ANSWER);
      assertThat(status.reason().message()).startsWith("the process died while it redeemed");
      assertThat(status.nextAttemptAt()).isNull();
    }
  }

  @Test
  void statesAndLevelsHaveTheContractsWords() {
    assertThat(State.NEEDS_CONSENT.word()).isEqualTo("needs-consent");
    assertThat(Level.CRITICAL.word()).isEqualTo("critical");
    assertThat(INTERACTION_REQUIRED.word()).isEqualTo("interaction-required");
    assertThat(Event.KEY_ROTATED.word()).isEqualTo("key-rotated");
    assertThat(Trigger.WATCHMAN.word()).isEqualTo("watchman");
  }

  private State state(GrantRecord record, Instant now) {
    return GrantStatus.of(grant, record, Circuits.NONE, now).state();
  }

  private GrantRecord failed(Instant at, RefusalKind... kinds) {
    return Records.standing(healthy, Records.failed(at, kinds));
  }
}
