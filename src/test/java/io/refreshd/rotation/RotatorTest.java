package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.grant.Generation;
import io.refreshd.grant.Grant;
import io.refreshd.grant.Identity;
import io.refreshd.grant.RefreshToken;
import io.refreshd.testing.Answers;
import io.refreshd.testing.Grants;
import io.refreshd.testing.InMemoryTokenStore;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.ScriptedRedeemer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RotatorTest {

  private static final Duration WEEK = Duration.ofDays(7);

  private final MutableClock clock = new MutableClock();
  private final InMemoryTokenStore store = new InMemoryTokenStore(clock);
  private final ScriptedRedeemer redeemer = new ScriptedRedeemer(clock);
  private final RotationPolicy policy = new RotationPolicy((expression, after) -> Instant.MAX);
  private final List<Entry> told = new ArrayList<>();
  private final Rotator rotator =
      new Rotator(store, redeemer, policy, (entry, kept) -> told.add(entry), clock);
  private final Grant grant = Grants.sample();

  @BeforeEach
  void aTokenIsThere() {
    rotator.bringIn(
        grant, new Import(RefreshToken.of("first"), clock.instant(), null, false, false));
    told.clear();
  }

  // the way of the data

  @Test
  void theSuccessorBecomesCurrentAndThePresentedTokenIsKept() {
    redeemer.answers(at -> Answers.successor("second", at));
    Instant before = clock.advance(WEEK.multipliedBy(2));

    Outcome outcome = rotator.rotate(grant, Trigger.SCHEDULE);

    assertThat(outcome).isInstanceOf(Outcome.Rotated.class);
    StoredGrant stored = stored();
    assertThat(stored.current().number()).isEqualTo(2);
    assertThat(stored.current().token()).isEqualTo(RefreshToken.of("second"));
    assertThat(stored.current().issuedAt()).isEqualTo(before);
    assertThat(stored.current().expiresAt()).isEqualTo(before.plus(grant.lifetime()));
    assertThat(stored.previous()).extracting(Generation::token).isEqualTo(RefreshToken.of("first"));
    assertThat(stored.record().nextAttemptAt()).isBetween(before, before.plus(WEEK.plusDays(1)));
  }

  @Test
  void theLeaseIsHeldWhileTheTokenIsPresentedAndNotAfterwards() {
    redeemer.answers(
        at -> {
          assertThat(rotator.rotate(grant, Trigger.MANUAL)).isInstanceOf(Outcome.Busy.class);
          return Answers.successor("second", at);
        },
        at -> Answers.successor("third", at));

    rotator.rotate(grant, Trigger.MANUAL);

    assertThat(rotator.rotate(grant, Trigger.MANUAL)).isInstanceOf(Outcome.Rotated.class);
  }

  // a server that gives the same token back

  @Test
  void aTokenThatComesBackDoesNotBeginItsNinetyDaysAnew() {
    Instant issuedAt = clock.instant();
    for (int n = 0; n < 10; n++) {
      clock.advance(Duration.ofDays(8));
      redeemer.answers(at -> Answers.successor("first", at));
      assertThat(rotator.rotate(grant, Trigger.SCHEDULE)).isInstanceOf(Outcome.Rotated.class);
    }

    StoredGrant stored = stored();
    assertThat(stored.current().number()).isEqualTo(11);
    assertThat(stored.current().issuedAt()).isEqualTo(issuedAt);
    assertThat(stored.current().expiresAt()).isEqualTo(issuedAt.plus(grant.lifetime()));
    assertThat(told.get(told.size() - 1).message()).contains("the same refresh token back");
    assertThat(GrantStatus.of(grant, stored.record(), Circuits.NONE, clock.instant()).level())
        .isEqualTo(Level.CRITICAL);
  }

  /** However old it is, also beyond what it is taken to be good for. */
  @Test
  void aTokenThatComesBackIsNotPresentedMoreOftenThanTheIntervalSays() {
    for (int days : List.of(60, 29, 20)) {
      Instant at = clock.advance(Duration.ofDays(days));
      redeemer.answers(sentAt -> Answers.successor("first", sentAt));
      rotator.rotate(grant, Trigger.SCHEDULE);

      assertThat(stored().record().nextAttemptAt())
          .isBetween(at.plus(WEEK.minusDays(1)), at.plus(WEEK.plusDays(1)));
      assertThat(rotator.rotate(grant, Trigger.SCHEDULE)).isInstanceOf(Outcome.Skipped.class);
      clock.advance(Duration.ofMinutes(1));
      assertThat(rotator.rotate(grant, Trigger.SCHEDULE)).isInstanceOf(Outcome.Skipped.class);
    }
  }

  @Test
  void aTokenThatIsStillGoodAfterItsEndBeginsAnew() {
    Instant at = clock.advance(Duration.ofDays(91));
    redeemer.answers(sentAt -> Answers.successor("first", sentAt));

    rotator.rotate(grant, Trigger.SCHEDULE);

    assertThat(stored().current().issuedAt()).isEqualTo(at);
    assertThat(GrantStatus.of(grant, stored().record(), Circuits.NONE, at).state())
        .isEqualTo(State.HEALTHY);
  }

  @Test
  void aTokenThatComesBackWithALifetimeHasIt() {
    Instant at = clock.advance(Duration.ofDays(60));
    Duration day = Duration.ofDays(1);
    redeemer.answers(sentAt -> Answers.successor("first", Answers.SOMEBODY, day, sentAt));

    rotator.rotate(grant, Trigger.SCHEDULE);

    assertThat(stored().current().issuedAt()).isEqualTo(at);
    assertThat(stored().current().expiresAt()).isEqualTo(at.plus(day));
    assertThat(told.get(0).message()).isNull();
  }

  /** Its age is not known any better for it, but it must not be presented for ever. */
  @Test
  void aTokenOfUnknownAgeThatComesBackCountsFromItsFirstRedemption() {
    rotator.bringIn(grant, new Import(RefreshToken.of("old"), null, null, false, false));
    redeemer.answers(at -> Answers.successor("old", at), at -> Answers.successor("old", at));
    Instant first = clock.instant();

    rotator.rotate(grant, Trigger.SCHEDULE);
    clock.advance(Duration.ofDays(8));
    rotator.rotate(grant, Trigger.SCHEDULE);

    assertThat(stored().current().issuedAt()).isEqualTo(first);
    assertThat(rotator.rotate(grant, Trigger.SCHEDULE)).isInstanceOf(Outcome.Skipped.class);
  }

  @Test
  void anImportedTokenThatComesBackKeepsItsAge() {
    Instant issuedAt = clock.instant().minus(Duration.ofDays(40));
    redeemer.answers(at -> Answers.successor("old", at));

    rotator.bringIn(grant, new Import(RefreshToken.of("old"), issuedAt, null, true, false));

    assertThat(stored().current().expiresAt()).isEqualTo(issuedAt.plus(grant.lifetime()));
    assertThat(rotator.rotate(grant, Trigger.SCHEDULE)).isInstanceOf(Outcome.Skipped.class);
  }

  // one rotation begins before another ends

  @Test
  void theNextRotationBeginsOnceTheNewTokenIsHereAndBeforeItIsWritten() {
    redeemer.answers(at -> Answers.successor("second", at));
    List<Integer> seen = new ArrayList<>();

    Outcome outcome =
        rotator
            .begin(grant, Trigger.MANUAL)
            .end(
                () -> {
                  assertThat(redeemer.presented()).hasSize(1);
                  seen.add(stored().current().number());
                });

    assertThat(outcome).isInstanceOf(Outcome.Rotated.class);
    assertThat(seen).containsExactly(1);
    assertThat(stored().current().number()).isEqualTo(2);
  }

  @Test
  void aNextRotationThatCannotBeginDoesNotKeepTheNewTokenFromBeingWritten() {
    redeemer.answers(at -> Answers.successor("second", at));

    Outcome outcome =
        rotator
            .begin(grant, Trigger.MANUAL)
            .end(
                () -> {
                  throw new OutOfMemoryError() {
                    private static final long serialVersionUID = 1;

                    @Override
                    public String getMessage() {
                      throw new OutOfMemoryError("for the message as well");
                    }
                  };
                });

    assertThat(outcome).isInstanceOf(Outcome.Rotated.class);
    assertThat(stored().current().number()).isEqualTo(2);
  }

  @Test
  void whatIsRefusedBeginsNoNextRotation() {
    redeemer.answers(at -> Answers.refused(RefusalKind.DEAD, at));
    List<String> begun = new ArrayList<>();

    Outcome outcome = rotator.begin(grant, Trigger.MANUAL).end(() -> begun.add("the next"));

    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(begun).isEmpty();
  }

  @Test
  void aRotationThatIsGivenBackLeavesItsGrantToOthers() {
    Rotator.Begun begun = rotator.begin(grant, Trigger.MANUAL);
    assertThat(rotator.rotate(grant, Trigger.MANUAL)).isInstanceOf(Outcome.Busy.class);

    begun.giveBack();

    redeemer.answers(at -> Answers.successor("second", at));
    assertThat(rotator.rotate(grant, Trigger.MANUAL)).isInstanceOf(Outcome.Rotated.class);
  }

  @Test
  void aLeaseThatHadToWaitForTooLongIsTakenAnew() {
    List<Lease> leases = new ArrayList<>();
    Rotator.Begun begun = rotator.begin(grant, Trigger.MANUAL);
    clock.advance(Duration.ofSeconds(31));
    redeemer.answers(
        at -> {
          leases.add(store.findLease(grant.name()).orElseThrow());
          return Answers.successor("second", at);
        });

    assertThat(begun.end(() -> {})).isInstanceOf(Outcome.Rotated.class);
    assertThat(leases)
        .singleElement()
        .extracting(Lease::until)
        .isEqualTo(clock.instant().plus(TokenRedeemer.EXCHANGE_LIMIT).plusSeconds(30));
  }

  @Test
  void aSingleUseTokenIsNotMarkedAsPresentedBeforeItIs() {
    Grant once = Grants.named("plain/once").singleUse().build();
    rotator.bringIn(once, new Import(RefreshToken.of("only"), clock.instant(), null, false, false));

    Rotator.Begun begun = rotator.begin(once, Trigger.MANUAL);
    assertThat(store.findLease(once.name())).isEmpty();

    redeemer.answers(at -> Answers.successor("second", at));
    assertThat(begun.end(() -> {})).isInstanceOf(Outcome.Rotated.class);
  }

  @Test
  void whoeverIsToldFindsTheSuccessorStored() {
    List<Integer> seen = new ArrayList<>();
    RotationListener looksAtTheStore = (entry, kept) -> seen.add(stored().current().number());
    redeemer.answers(at -> Answers.successor("second", at));

    new Rotator(store, redeemer, policy, looksAtTheStore, clock).rotate(grant, Trigger.MANUAL);

    assertThat(seen).containsExactly(2);
  }

  @Test
  void aListenerThatThrowsDoesNotBreakARotation() {
    RotationListener broken =
        (entry, kept) -> {
          throw new IllegalStateException("a bystander fell");
        };
    redeemer.answers(at -> Answers.successor("second", at));

    Outcome outcome =
        new Rotator(store, redeemer, policy, broken, clock).rotate(grant, Trigger.MANUAL);

    assertThat(outcome).isInstanceOf(Outcome.Rotated.class);
    assertThat(stored().current().number()).isEqualTo(2);
  }

  @Test
  void theLogTellsOfTheRotation() {
    redeemer.answers(at -> Answers.successor("second", at));
    Instant sentAt = clock.instant();

    rotator.rotate(grant, Trigger.MANUAL);

    assertThat(told).hasSize(1);
    Entry entry = told.get(0);
    assertThat(entry.event()).isEqualTo(Event.ROTATED);
    assertThat(entry.trigger()).isEqualTo(Trigger.MANUAL);
    assertThat(entry.generation()).isEqualTo(2);
    assertThat(entry.at()).isEqualTo(sentAt.plus(Answers.TOOK));
    assertThat(entry.duration()).isEqualTo(Answers.TOOK);
    assertThat(entry.refusal()).isNull();
    assertThat(entry.fingerprint()).isEqualTo(RefreshToken.of("second").fingerprint());
    assertThat(store.entries()).endsWith(entry);
  }

  @Test
  void whatIsNotDueIsLeftAlone() {
    Outcome outcome = rotator.rotate(grant, Trigger.SCHEDULE);

    assertThat(outcome).isInstanceOf(Outcome.Skipped.class);
    assertThat(redeemer.presented()).isEmpty();
    assertThatTheLeaseIsFree();
  }

  @Test
  void aGrantWithoutATokenSaysWhatToDo() {
    Grant other = Grants.named("france/live").build();

    Outcome outcome = rotator.rotate(other, Trigger.MANUAL);

    assertThat(outcome)
        .isEqualTo(
            new Outcome.Skipped(
                other.name(), "no token yet; bring one in with `refreshd import france/live`"));
  }

  // failures

  @Test
  void aRefusalKeepsTheTokenAndDrawsTheNextAttempt() {
    redeemer.answers(at -> Answers.refused(RefusalKind.TRANSIENT, at));

    Outcome outcome = rotator.rotate(grant, Trigger.MANUAL);

    StoredGrant stored = stored();
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.state()).isEqualTo(State.RETRYING);
              assertThat(failed.nextAttemptAt()).isEqualTo(stored.record().nextAttemptAt());
            });
    assertThat(stored.current().token()).isEqualTo(RefreshToken.of("first"));
    assertThat(stored.record().standing().failures()).isEqualTo(1);
    assertThat(stored.record().nextAttemptAt())
        .isBetween(clock.instant().plusSeconds(24), clock.instant().plusSeconds(36));
    assertThatTheLeaseIsFree();
  }

  @Test
  void anAnswerIsRefusedAndNoAnswerIsUnreachable() {
    redeemer.answers(
        at -> Answers.refused(RefusalKind.UNKNOWN, at), Answers::noConnection, Answers::noAnswer);

    rotateTimes(3);

    assertThat(told)
        .extracting(Entry::event)
        .containsExactly(Event.REFUSED, Event.UNREACHABLE, Event.UNREACHABLE);
  }

  @Test
  void theFirstSuccessAfterAFailureRecoversAndResetsAll() {
    redeemer.answers(
        at -> Answers.refused(RefusalKind.ACCOUNT, at),
        Answers::noConnection,
        at -> Answers.successor("second", at),
        at -> Answers.successor("third", at));

    rotateTimes(4);

    assertThat(told)
        .extracting(Entry::event)
        .containsExactly(
            Event.REFUSED, Event.UNREACHABLE, Event.ROTATED, Event.RECOVERED, Event.ROTATED);
    assertThat(told.get(3).message()).contains("2", MutableClock.START.toString());
    assertThat(stored().record().standing())
        .isEqualTo(Standing.good(told.get(4).at(), Event.ROTATED));
  }

  @Test
  void theEntriesOfARotationAreInTheOrderOfTime() {
    redeemer.answers(
        at -> Answers.refused(RefusalKind.DEAD, at), at -> Answers.successor("second", at));

    rotateTimes(2);

    assertThat(store.entries()).extracting(Entry::at).isSorted();
  }

  // the previous generation

  @Test
  void aDeadTokenIsFollowedByThePreviousOneWhichIsThenKept() {
    redeemer.answers(
        at -> Answers.successor("second", at),
        at -> Answers.refused(RefusalKind.DEAD, at),
        at -> Answers.successor("third", at));

    rotateTimes(2);

    assertThat(redeemer.presented()).containsExactly("first", "second", "first");
    StoredGrant stored = stored();
    assertThat(stored.current().number()).isEqualTo(3);
    assertThat(stored.previous()).extracting(Generation::number).isEqualTo(1);
    assertThat(stored.previous()).extracting(Generation::token).isEqualTo(RefreshToken.of("first"));
    assertThat(stored.record().standing().failures()).isZero();
    assertThat(told)
        .extracting(Entry::event)
        .containsExactly(Event.ROTATED, Event.REFUSED, Event.ROTATED, Event.RECOVERED);
    assertThat(told.get(1).generation()).isEqualTo(2);
  }

  @Test
  void whereBothAreDeadBothTriesAreLoggedAndTheyCountOnce() {
    redeemer.answers(
        at -> Answers.successor("second", at),
        at -> Answers.refused(RefusalKind.DEAD, at),
        at -> Answers.refused(RefusalKind.INTERACTION_REQUIRED, at));

    rotateTimes(2);

    assertThat(told).extracting(Entry::generation).containsExactly(2, 2, 1);
    assertThat(stored().record().standing().failures()).isEqualTo(1);
    assertThat(stored().record().standing().kind()).isEqualTo(RefusalKind.DEAD);
    assertThat(stored().current().token()).isEqualTo(RefreshToken.of("second"));
  }

  @Test
  void nothingButDeadFallsBack() {
    redeemer.answers(at -> Answers.successor("second", at));
    rotateTimes(1);
    for (RefusalKind kind : RefusalKind.values()) {
      if (kind != RefusalKind.DEAD) {
        redeemer.answers(at -> Answers.refused(kind, at));
        rotateTimes(1);
      }
    }

    assertThat(redeemer.presented().subList(1, redeemer.presented().size()))
        .hasSize(RefusalKind.values().length - 1)
        .containsOnly("second");
  }

  @Test
  void itDoesNotFallBackWhenTheLeaseWouldNotLast() {
    redeemer.answers(
        at -> Answers.successor("second", at),
        at -> {
          clock.advance(TokenRedeemer.EXCHANGE_LIMIT);
          return Answers.refused(RefusalKind.DEAD, at);
        });

    rotateTimes(2);

    assertThat(redeemer.presented()).containsExactly("first", "second");
  }

  // whose it is

  @Test
  void anAnswerForAnotherUserIsRefusedAndTheTokenKept() {
    Identity stranger = new Identity("tenant-id", "oid:stranger");
    redeemer.answers(
        at -> Answers.successor("second", at),
        at -> Answers.successor("strange", stranger, null, at));

    rotateTimes(2);

    assertThat(stored().current().token()).isEqualTo(RefreshToken.of("second"));
    assertThat(stored().record().identity()).isEqualTo(Answers.SOMEBODY);
    assertThat(stored().record().standing().kind()).isEqualTo(RefusalKind.CONFIGURATION);
    assertThat(told.get(1).event()).isEqualTo(Event.REFUSED);
    assertThat(told.get(1).message()).contains("oid:stranger", "oid:somebody", "--new-user");
  }

  @Test
  void anAnswerThatDoesNotTellWhoseItIsKeepsWhatIsRecorded() {
    redeemer.answers(
        at -> Answers.successor("second", at),
        at -> Answers.successor("third", Identity.UNKNOWN, null, at),
        at -> Answers.successor("fourth", new Identity("tenant-id", "sub:other-claim"), null, at));

    rotateTimes(3);

    assertThat(stored().current().number()).isEqualTo(4);
    assertThat(stored().record().identity()).isEqualTo(Answers.SOMEBODY);
  }

  // lifetimes

  @Test
  void theLifetimeThatTheAnswerTellsWins() {
    redeemer.answers(at -> Answers.successor("second", Answers.SOMEBODY, Duration.ofDays(1), at));

    rotateTimes(1);

    assertThat(stored().current().expiresAt()).isEqualTo(clock.instant().plus(Duration.ofDays(1)));
    assertThat(stored().record().nextAttemptAt())
        .isBefore(clock.instant().plus(Duration.ofHours(9)));
  }

  @Test
  void aLifetimeThatIsNonsenseDoesNotCostTheSuccessor() {
    for (Duration nonsense :
        List.of(Duration.ZERO, Duration.ofSeconds(-5), Duration.ofSeconds(Long.MAX_VALUE))) {
      redeemer.answers(at -> Answers.successor("next", Answers.SOMEBODY, nonsense, at));

      rotateTimes(1);

      assertThat(stored().current().expiresAt()).isEqualTo(clock.instant().plus(grant.lifetime()));
    }
  }

  // trouble with the store

  @Test
  void withoutAWritableStoreNoRedemptionIsSpent() {
    store.loseDisk();

    assertThatThrownBy(() -> rotator.rotate(grant, Trigger.MANUAL))
        .isInstanceOf(StoreException.Unavailable.class);
    assertThat(redeemer.presented()).isEmpty();
  }

  @Test
  void aSuccessorThatTheStoreCannotTakeIsHeldAndNotRedeemedAgainUntilItIsStored() {
    redeemer.answers(
        at -> {
          store.loseDisk();
          return Answers.successor("second", at);
        });

    Outcome outcome = rotator.rotate(grant, Trigger.MANUAL);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Rotated.class,
            rotated -> assertThat(rotated.kept()).isEqualTo(TokenStore.Kept.HELD));
    assertThat(stored().current().number()).isEqualTo(1);
    store.regainDisk();
    assertThat(stored().current().token()).isEqualTo(RefreshToken.of("second"));
    assertThat(redeemer.presented()).containsExactly("first");
  }

  @Test
  void aStaleWriterOverwritesNothing() {
    redeemer.answers(
        at -> {
          clock.advance(Duration.ofMinutes(2)); // the lease has run out meanwhile
          rotator.bringIn(
              grant, new Import(RefreshToken.of("other"), clock.instant(), null, false, false));
          return Answers.successor("second", at);
        });

    assertThatThrownBy(() -> rotator.rotate(grant, Trigger.MANUAL))
        .isInstanceOf(StaleGenerationException.class)
        .hasMessageContaining("germany/live")
        .hasMessageContaining("generation 1");
    assertThat(stored().current().token()).isEqualTo(RefreshToken.of("other"));
  }

  @Test
  void aRefusalThatCannotBeWrittenLeavesTheLeaseToItsTime() {
    redeemer.answers(
        at -> {
          store.loseDisk();
          return Answers.refused(RefusalKind.TRANSIENT, at);
        });

    assertThatThrownBy(() -> rotator.rotate(grant, Trigger.MANUAL))
        .isInstanceOf(StoreException.Unavailable.class);
    store.regainDisk();
    assertThat(rotator.rotate(grant, Trigger.MANUAL)).isInstanceOf(Outcome.Busy.class);
    clock.advance(Duration.ofMinutes(1));
    assertThatTheLeaseIsFree();
  }

  private void rotateTimes(int times) {
    for (int n = 0; n < times; n++) {
      rotator.rotate(grant, Trigger.MANUAL);
      clock.advance(Duration.ofHours(1));
    }
    clock.advance(Duration.ofHours(-1));
  }

  // what is said of a failure

  @Test
  void rotateSaysTheSameStateAsStatusThoughACircuitBlocksTheGrant() {
    redeemer.answers(
        at -> Answers.refused(RefusalKind.CONFIGURATION, at),
        at -> Answers.refused(RefusalKind.CONFIGURATION, at),
        at -> Answers.refused(RefusalKind.DEAD, at));
    rotator.rotate(grant, Trigger.MANUAL);
    rotator.rotate(grant, Trigger.MANUAL);

    Outcome outcome = rotator.rotate(grant, Trigger.MANUAL);

    assertThat(status().state()).isEqualTo(State.BLOCKED);
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.state()).isEqualTo(status().state()));
  }

  @Test
  void anImportThatIsRefusedSaysTheSameStateAsStatusThoughACircuitBlocksTheGrant() {
    redeemer.answers(
        at -> Answers.refused(RefusalKind.CONFIGURATION, at),
        at -> Answers.refused(RefusalKind.CONFIGURATION, at),
        at -> Answers.refused(RefusalKind.DEAD, at),
        at -> Answers.refused(RefusalKind.DEAD, at));
    rotator.rotate(grant, Trigger.MANUAL);
    rotator.rotate(grant, Trigger.MANUAL);
    rotator.rotate(grant, Trigger.MANUAL);

    Outcome outcome =
        rotator.bringIn(grant, new Import(RefreshToken.of("other"), null, null, true, false));

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.state()).isEqualTo(status().state()));
  }

  private GrantStatus status() {
    Circuits circuits = Circuits.of(store.circuits());
    return GrantStatus.of(grant, stored().record(), circuits, clock.instant());
  }

  private StoredGrant stored() {
    return store.find(grant.name()).orElseThrow();
  }

  private void assertThatTheLeaseIsFree() {
    Instant now = clock.instant();
    assertThat(store.lease(new LeaseTerms(grant.name(), now, now.plusSeconds(60), false)))
        .isPresent();
  }
}
