package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.grant.Grant;
import io.refreshd.grant.Identity;
import io.refreshd.grant.RefreshToken;
import io.refreshd.testing.Answers;
import io.refreshd.testing.Grants;
import io.refreshd.testing.InMemoryTokenStore;
import io.refreshd.testing.LogRecorder;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.ScriptedRedeemer;
import io.refreshd.testing.SingleUseServer;
import io.refreshd.testing.SingleUseServer.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On a server that spends each token, none is presented twice on purpose. */
class SingleUseTest {

  private final MutableClock clock = new MutableClock();
  private final InMemoryTokenStore store = new InMemoryTokenStore(clock);
  private final SingleUseServer server = new SingleUseServer(clock);
  private final Grant grant = Grants.named("any-oauth-server/main").singleUse().build();
  private final RefreshToken first = server.issue();

  @BeforeEach
  void aTokenIsThere() {
    rotator(server).bringIn(grant, new Import(first, clock.instant(), null, false, false));
  }

  @Test
  void eachTokenIsPresentedOnce() {
    for (int n = 0; n < 5; n++) {
      assertThat(rotate(Trigger.MANUAL)).isInstanceOf(Outcome.Rotated.class);
    }

    assertThat(server.mostPresentations()).isEqualTo(1);
    assertThat(stored().current().number()).isEqualTo(6);
  }

  @Test
  void aDeadTokenIsNotFollowedByThePreviousOne() {
    rotate(Trigger.MANUAL);
    server.issue(); // somebody else has signed in: ours is good no more

    rotate(Trigger.MANUAL);

    assertThat(server.presentations(first)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"NO_CONNECTION", "OVERLOADED"})
  void aTokenThatWasNotSpentIsPresentedAgainByTheSchedule(Fault fault) {
    server.suffer(fault);
    assertThat(rotate(Trigger.MANUAL)).isInstanceOf(Outcome.Failed.class);
    server.suffer(Fault.NONE);
    clock.advance(Duration.ofMinutes(1));

    assertThat(rotate(Trigger.RETRY)).isInstanceOf(Outcome.Rotated.class);
  }

  @Test
  void aLostAnswerNeedsConsentAndNoScheduleTriesItAgain() {
    server.suffer(Fault.ANSWER_LOST);

    Outcome outcome = rotate(Trigger.MANUAL);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.refused().kind()).isEqualTo(RefusalKind.LOST_ANSWER);
              assertThat(failed.state()).isEqualTo(State.NEEDS_CONSENT);
            });
    assertThatNoScheduleTriesIt();
    assertThat(server.presentations(first)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"NO_CONNECTION", "OVERLOADED", "ANSWER_LOST"})
  void aPersonsAttemptThatFailsDoesNotHandItBackToTheSchedule(Fault fault) {
    server.suffer(Fault.ANSWER_LOST);
    rotate(Trigger.MANUAL);
    server.suffer(fault);
    rotate(Trigger.MANUAL);
    server.suffer(Fault.NONE);

    assertThatNoScheduleTriesIt();
  }

  @Test
  void aPersonMayPresentItOnceMore() {
    ScriptedRedeemer redeemer =
        new ScriptedRedeemer(clock)
            .answers(Answers::noAnswer, at -> Answers.successor("second", at));
    rotator(redeemer).rotate(grant, Trigger.MANUAL);

    Outcome outcome = rotator(redeemer).rotate(grant, Trigger.MANUAL);

    assertThat(outcome).isInstanceOf(Outcome.Rotated.class);
    assertThat(redeemer.presented()).containsExactly(first.reveal(), first.reveal());
    assertThat(store.entries())
        .extracting(Entry::event)
        .containsExactly(Event.IMPORTED, Event.UNREACHABLE, Event.ROTATED, Event.RECOVERED);
  }

  @Test
  void afterALostAnswerTheReasonSaysAlsoHowTheLastAttemptEnded() {
    ScriptedRedeemer redeemer =
        new ScriptedRedeemer(clock)
            .answers(
                Answers::noAnswer,
                at -> Answers.refused(RefusalKind.TRANSIENT, at),
                at -> Answers.refused(RefusalKind.DEAD, at));
    for (int n = 0; n < 3; n++) {
      rotator(redeemer).rotate(grant, Trigger.MANUAL);
    }

    Standing standing = stored().record().standing();
    assertThat(standing.lastOutcome()).isEqualTo(Event.REFUSED);
    assertThat(standing.kind()).as("no schedule goes over that").isEqualTo(RefusalKind.LOST_ANSWER);
    assertThat(standing.message())
        .startsWith("the answer of a single-use server was lost")
        .endsWith("import it again); the last attempt since: dead: refused as dead")
        .doesNotContain("transient");
  }

  @Test
  void ofSeveralLostAnswersTheLastIsTheReason() {
    ScriptedRedeemer redeemer =
        new ScriptedRedeemer(clock)
            .answers(
                Answers::noAnswer,
                at -> Answers.noAnswer(at).as(RefusalKind.TRANSIENT, "the second"));
    rotator(redeemer).rotate(grant, Trigger.MANUAL);
    rotator(redeemer).rotate(grant, Trigger.MANUAL);

    assertThat(stored().record().standing().message()).contains("(the second)");
    assertThatNoScheduleTriesIt();
  }

  // a kill in mid-redemption

  @Test
  void aKillInMidRedemptionIsALostAnswer() {
    killedInMidRedemption();
    clock.advance(Duration.ofMinutes(2));

    assertThat(stored().record().unanswered()).isTrue();
    Outcome outcome = rotate(Trigger.SCHEDULE);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.refused().kind()).isEqualTo(RefusalKind.LOST_ANSWER));
    assertThat(stored().record().standing().failures()).isEqualTo(1);
    assertThat(stored().record().unanswered()).isFalse();
    assertThatNoScheduleTriesIt();
  }

  @Test
  void afterAKillAPersonIsToldOfTheLostAnswerBeforeTheTokenIsPresentedOnceMore() {
    killedInMidRedemption();
    clock.advance(Duration.ofMinutes(2));

    List<String> said;
    Outcome outcome;
    try (LogRecorder log = new LogRecorder()) {
      outcome = rotate(Trigger.MANUAL);
      said = log.lines();
    }

    assertThat(outcome).isInstanceOf(Outcome.Rotated.class);
    assertThat(said)
        .contains(
            "WARN "
                + grant.name()
                + ": the answer to its last redemption was lost, so its token may be spent; you ask"
                + " for it, so the token is presented once more");
    List<Entry> entries = store.entries();
    assertThat(entries)
        .extracting(Entry::event)
        .containsExactly(Event.IMPORTED, Event.UNREACHABLE, Event.ROTATED, Event.RECOVERED);
    assertThat(entries.get(1).refusal())
        .isEqualTo(new Entry.Refusal(RefusalKind.LOST_ANSWER, null, null, null));
    assertThat(stored().record().standing().kind()).isNull();
  }

  @Test
  void aSecondKillInAPersonsAttemptDoesNotHideTheFirst() {
    killedInMidRedemption();
    clock.advance(Duration.ofMinutes(2));
    killedInMidRedemption();
    clock.advance(Duration.ofMinutes(2));

    rotate(Trigger.SCHEDULE);

    assertThat(store.entries())
        .extracting(Entry::event)
        .containsExactly(Event.IMPORTED, Event.UNREACHABLE, Event.UNREACHABLE);
    assertThat(stored().record().standing().failures()).isEqualTo(2);
    assertThatNoScheduleTriesIt();
  }

  @Test
  void untilTheLeaseOfTheDeadRunsOutTheGrantIsBusy() {
    killedInMidRedemption();

    assertThat(rotate(Trigger.MANUAL)).isInstanceOf(Outcome.Busy.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"NO_CONNECTION", "OVERLOADED"})
  void afterAKillAPersonsAttemptThatFailsDoesNotHandItToTheSchedule(Fault fault) {
    killedInMidRedemption();
    clock.advance(Duration.ofMinutes(2));
    server.suffer(fault);
    rotate(Trigger.MANUAL);
    server.suffer(Fault.NONE);

    assertThatNoScheduleTriesIt();
  }

  @Test
  void aRotationThatWasNotDueMarksNothing() {
    assertThat(rotate(Trigger.SCHEDULE)).isInstanceOf(Outcome.Skipped.class);

    assertThat(stored().record().unanswered()).isFalse();
  }

  @Test
  void theMarkOfTheDeadOutlivesALeaseThatCameToNothing() {
    killedInMidRedemption();
    Instant later = clock.advance(Duration.ofMinutes(2));
    LeaseTerms terms = new LeaseTerms(grant.name(), later, later.plusSeconds(60), true);

    store.release(store.lease(terms).orElseThrow().lease());

    assertThat(stored().record().unanswered()).isTrue();
  }

  @Test
  void aServerThatTurnsOutToBeReusableIsGoneOnWithByItself() {
    Grant reusable = Grants.named("any-oauth-server/main").build();
    killedInMidRedemption();
    clock.advance(Duration.ofMinutes(2));
    assertThat(rotate(Trigger.SCHEDULE)).isInstanceOf(Outcome.Failed.class);
    assertThatNoScheduleTriesIt();

    assertThat(rotator(server).rotate(reusable, Trigger.SCHEDULE))
        .isInstanceOf(Outcome.Rotated.class);

    killedInMidRedemption();
    clock.advance(Duration.ofMinutes(2));
    assertThat(rotator(server).rotate(reusable, Trigger.SCHEDULE))
        .isInstanceOf(Outcome.Rotated.class);
  }

  @Test
  void aNewImportEndsTheLoss() {
    server.suffer(Fault.ANSWER_LOST);
    rotate(Trigger.MANUAL);
    server.suffer(Fault.NONE);

    rotator(server).bringIn(grant, new Import(server.issue(), null, null, true, false));

    assertThat(rotate(Trigger.MANUAL)).isInstanceOf(Outcome.Rotated.class);
    assertThat(stored().record().standing().kind()).isNull();
  }

  @Test
  void anAnswerForAnotherUserHasSpentTheToken() {
    Identity stranger = new Identity("tenant-id", "oid:stranger");
    ScriptedRedeemer redeemer =
        new ScriptedRedeemer(clock)
            .answers(
                at -> Answers.successor("second", at),
                at -> Answers.successor("strange", stranger, null, at));
    rotator(redeemer).rotate(grant, Trigger.MANUAL);
    rotator(redeemer).rotate(grant, Trigger.MANUAL);

    assertThat(stored().current().token()).isEqualTo(RefreshToken.of("second"));
    assertThatNoScheduleTriesIt();
  }

  /** A pause of the JVM, a suspended machine: somebody else may have the grant since. */
  @ParameterizedTest
  @ValueSource(longs = {31, 61})
  void aProcessThatStoodStillSinceItsLeasePresentsNothing(long seconds) {
    InMemoryTokenStore slow =
        new InMemoryTokenStore(clock) {
          @Override
          public synchronized Optional<Leased> lease(LeaseTerms terms) {
            Optional<Leased> leased = super.lease(terms);
            clock.advance(Duration.ofSeconds(terms.marksPresented() ? seconds : 0));
            return leased;
          }
        };
    Rotator rotator = rotator(slow, server);
    rotator.bringIn(grant, new Import(first, clock.instant(), null, false, false));

    assertThat(rotator.rotate(grant, Trigger.MANUAL)).isInstanceOf(Outcome.Busy.class);

    assertThat(server.presentations(first)).isZero();
    assertThat(slow.findLease(grant.name())).isEmpty();
    clock.advance(Duration.ofMinutes(2));
    assertThat(slow.findRecord(grant.name()).orElseThrow().unanswered())
        .as("what was not presented does not read as presented")
        .isFalse();
  }

  private void killedInMidRedemption() {
    TokenRedeemer killed =
        (grant, token) -> {
          throw new OutOfMemoryError("killed");
        };
    assertThatThrownBy(() -> rotator(killed).rotate(grant, Trigger.MANUAL))
        .isInstanceOf(OutOfMemoryError.class);
  }

  private void assertThatNoScheduleTriesIt() {
    for (Trigger trigger : List.of(Trigger.SCHEDULE, Trigger.RETRY, Trigger.WATCHMAN)) {
      clock.advance(Duration.ofDays(2));
      assertThat(rotate(trigger)).isInstanceOf(Outcome.Skipped.class);
    }
    assertThat(GrantStatus.of(grant, stored().record(), Circuits.NONE, clock.instant()).state())
        .isEqualTo(State.NEEDS_CONSENT);
  }

  private Outcome rotate(Trigger trigger) {
    return rotator(server).rotate(grant, trigger);
  }

  private Rotator rotator(TokenRedeemer redeemer) {
    return rotator(store, redeemer);
  }

  private Rotator rotator(TokenStore store, TokenRedeemer redeemer) {
    RotationPolicy policy = new RotationPolicy((expression, after) -> Instant.MAX);
    return new Rotator(store, redeemer, policy, (entry, kept) -> {}, clock);
  }

  private StoredGrant stored() {
    return store.find(grant.name()).orElseThrow();
  }
}
