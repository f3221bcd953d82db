package io.refreshd.simulation;

import static io.refreshd.simulation.Stage.START;
import static io.refreshd.simulation.Stage.day;
import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.testing.Grants;
import io.refreshd.testing.Records;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

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
    Fate fate = fate(grant, Records.unanswered(aged(DAY)));

    assertThat(Objects.requireNonNull(fate.death()).refusal().kind())
        .isEqualTo(RefusalKind.LOST_ANSWER);
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
