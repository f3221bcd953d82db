package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
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
import io.refreshd.testing.WholeGrant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ImportTest {

  private static final Identity STRANGER = new Identity("tenant-id", "oid:stranger");

  private final MutableClock clock = new MutableClock();
  private final InMemoryTokenStore store = new InMemoryTokenStore(clock);
  private final ScriptedRedeemer redeemer = new ScriptedRedeemer(clock);
  private final List<Entry> told = new ArrayList<>();
  private final Rotator rotator =
      new Rotator(
          store,
          redeemer,
          new RotationPolicy((expression, after) -> Instant.MAX),
          (entry, kept) -> told.add(entry),
          clock);
  private final Grant grant = Grants.sample();

  @Test
  void aProcessThatStoodStillSinceItsLeaseDoesNotSpendTheImportedToken() {
    InMemoryTokenStore slow =
        new InMemoryTokenStore(clock) {
          @Override
          public synchronized Optional<Leased> lease(LeaseTerms terms) {
            Optional<Leased> leased = super.lease(terms);
            clock.advance(Duration.ofSeconds(61));
            return leased;
          }
        };
    RotationPolicy policy = new RotationPolicy((expression, after) -> Instant.MAX);
    Rotator rotator = new Rotator(slow, redeemer, policy, (entry, kept) -> {}, clock);

    Outcome outcome =
        rotator.bringIn(grant, new Import(RefreshToken.of("new"), null, null, true, false));

    assertThat(outcome).isInstanceOf(Outcome.Busy.class);
    assertThat(redeemer.presented()).isEmpty();
    assertThat(slow.findLease(grant.name())).isEmpty();
  }

  @Test
  void theImportedTokenIsTheFirstGenerationAndItsSuccessorTheSecond() {
    redeemer.answers(at -> Answers.successor("successor", at));

    Outcome outcome = redeemed("imported");

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Rotated.class, rotated -> assertThat(rotated.generation()).isEqualTo(2));
    StoredGrant stored = stored();
    assertThat(stored.current().token()).isEqualTo(RefreshToken.of("successor"));
    assertThat(stored.current().issuedAt()).isEqualTo(clock.instant());
    assertThat(stored.previous())
        .extracting(Generation::token)
        .isEqualTo(RefreshToken.of("imported"));
    assertThat(stored.record().identity()).isEqualTo(Answers.SOMEBODY);
    assertThat(told).extracting(Entry::event).containsExactly(Event.IMPORTED, Event.ROTATED);
    assertThat(told).extracting(Entry::generation).containsExactly(1, 2);
    assertThat(told).extracting(Entry::at).isSorted();
  }

  @Test
  void aCommitSaysWhatBroughtIt() {
    Generation first = new Generation(1, RefreshToken.of("first"), null, null);
    Entry other = Entry.of(clock.instant(), grant.name(), Event.LEARNED, null);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Commit(
                    grant.name(),
                    0,
                    null,
                    first,
                    null,
                    null,
                    clock.instant(),
                    Answers.SOMEBODY,
                    Learned.NOTHING,
                    CircuitChanges.NONE,
                    List.of(other)));
  }

  @Test
  void aLaterImportGoesOnCounting() {
    redeemer.answers(at -> Answers.successor("second", at), at -> Answers.successor("fourth", at));

    redeemed("first");
    redeemed("third");

    assertThat(stored().current().number()).isEqualTo(4);
    assertThat(told).extracting(Entry::generation).containsExactly(1, 2, 3, 4);
  }

  @Test
  void aRefusedFirstImportStoresNothing() {
    redeemer.answers(at -> Answers.refused(RefusalKind.DEAD, at));

    Outcome outcome = redeemed("imported");

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.state()).isEqualTo(State.NEW));
    assertThat(store.find(grant.name())).isEmpty();
    assertThat(told).extracting(Entry::event).containsExactly(Event.REFUSED);
    assertThat(store.entries()).isEqualTo(told);
  }

  @Test
  void aRefusedLaterImportLeavesEverythingAsItWas() {
    redeemer.answers(
        at -> Answers.successor("second", at),
        Answers::noConnection,
        at -> Answers.successor("next", at));
    redeemed("first");
    WholeGrant before = WholeGrant.of(stored());

    Outcome outcome = redeemed("unreachable");

    assertThat(WholeGrant.of(stored())).isEqualTo(before);
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.state()).isEqualTo(State.HEALTHY));
    assertThat(rotator.rotate(grant, Trigger.MANUAL)).isInstanceOf(Outcome.Rotated.class);
    assertThat(redeemer.presented()).containsExactly("first", "unreachable", "second");
  }

  @Test
  void anImportEndsAFailure() {
    redeemer.answers(
        at -> Answers.successor("second", at),
        at -> Answers.refused(RefusalKind.INTERACTION_REQUIRED, at),
        at -> Answers.successor("fourth", at));
    redeemed("first");
    rotator.rotate(grant, Trigger.MANUAL);
    told.clear();

    redeemed("third");

    assertThat(told)
        .extracting(Entry::event)
        .containsExactly(Event.IMPORTED, Event.ROTATED, Event.RECOVERED);
    assertThat(stored().record().standing().kind()).isNull();
  }

  @Test
  void anImportUnderSomebodyElsesLeaseIsBusy() {
    Instant now = clock.instant();
    store.lease(new LeaseTerms(grant.name(), now, now.plusSeconds(60), false));

    assertThat(redeemed("imported")).isEqualTo(new Outcome.Busy(grant.name()));
    assertThat(redeemer.presented()).isEmpty();
  }

  @Test
  void withoutAWritableStoreTheTokenIsNotPresented() {
    store.loseDisk();

    assertThatThrownBy(() -> redeemed("imported")).isInstanceOf(StoreException.Unavailable.class);
    assertThat(redeemer.presented()).isEmpty();
  }

  // not redeemed at once

  @Test
  void notRedeemedAndOfUnknownAgeItIsDueAtOnce() {
    notRedeemed("imported", null);

    assertThat(redeemer.presented()).isEmpty();
    GrantRecord record = stored().record();
    assertThat(record.generation()).isEqualTo(1);
    assertThat(record.issuedAt()).isNull();
    assertThat(record.expiresAt()).isNull();
    assertThat(record.nextAttemptAt()).isEqualTo(clock.instant());
    redeemer.answers(at -> Answers.successor("second", at));
    assertThat(rotator.rotate(grant, Trigger.SCHEDULE)).isInstanceOf(Outcome.Rotated.class);
  }

  @Test
  void notRedeemedAndOfKnownAgeItIsDueByThatAge() {
    Instant issuedAt = clock.instant().minus(Duration.ofDays(1));

    notRedeemed("imported", issuedAt);

    GrantRecord record = stored().record();
    assertThat(record.expiresAt()).isEqualTo(issuedAt.plus(grant.lifetime()));
    assertThat(record.nextAttemptAt())
        .isBetween(
            clock.instant().plus(Duration.ofDays(5)), clock.instant().plus(grant.lifetime()));
    assertThat(rotator.rotate(grant, Trigger.SCHEDULE)).isInstanceOf(Outcome.Skipped.class);
  }

  /** The old token was cut when it was pasted: that stopped the grant, and not the new one. */
  @Test
  void notRedeemedItIsNotHeldBackByWhatTheOldTokenWasRefusedFor() {
    redeemer.answers(
        at -> Answers.refused(RefusalKind.CONFIGURATION, Reach.GRANT, "9002313", at),
        at -> Answers.refused(RefusalKind.CONFIGURATION, Reach.GRANT, "9002313", at),
        at -> Answers.successor("second", at));
    notRedeemed("cut", null);
    rotator.rotate(grant, Trigger.SCHEDULE);
    rotator.rotate(grant, Trigger.MANUAL);
    assertThat(status().state()).isEqualTo(State.BLOCKED);

    notRedeemed("whole", null);

    assertThat(status().state()).isEqualTo(State.HEALTHY);
    assertThat(rotator.rotate(grant, Trigger.SCHEDULE)).isInstanceOf(Outcome.Rotated.class);
  }

  @Test
  void notRedeemedItIsStillHeldBackByWhatItsClientWasRefusedFor() {
    redeemer.answers(
        at -> Answers.refused(RefusalKind.CONFIGURATION, Reach.CREDENTIAL, "7000222", at));
    notRedeemed("first", null);
    rotator.rotate(grant, Trigger.SCHEDULE);

    notRedeemed("second", null);

    assertThat(store.circuits()).extracting(Circuit::reach).containsExactly(Reach.CREDENTIAL);
    assertThat(rotator.rotate(grant, Trigger.SCHEDULE)).isInstanceOf(Outcome.Skipped.class);
  }

  @Test
  void notRedeemedOverAnotherItKeepsTheOtherAsPrevious() {
    notRedeemed("first", null);
    notRedeemed("second", null);

    assertThat(stored().current().token()).isEqualTo(RefreshToken.of("second"));
    assertThat(stored().previous())
        .extracting(Generation::token)
        .isEqualTo(RefreshToken.of("first"));
  }

  // the sign-in clock

  @Test
  void theSignInIsKnownOnlyIfItIsGiven() {
    redeemer.answers(at -> Answers.successor("second", at), at -> Answers.successor("third", at));
    Instant signedInAt = clock.instant().minus(Duration.ofDays(3));
    rotator.bringIn(grant, new Import(RefreshToken.of("first"), null, signedInAt, true, false));
    rotator.rotate(grant, Trigger.MANUAL);
    assertThat(stored().record().signedInAt()).isEqualTo(signedInAt);

    notRedeemed("fourth", null);

    assertThat(stored().record().signedInAt()).isNull();
  }

  // whose it is

  @Test
  void anotherUsersTokenIsNotStoredOverTheRecordedOnes() {
    redeemer.answers(
        at -> Answers.successor("second", at),
        at -> Answers.successor("strange", STRANGER, null, at));
    redeemed("first");

    Outcome outcome = redeemed("strange-first");

    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(stored().current().token()).isEqualTo(RefreshToken.of("second"));
  }

  @Test
  void anotherUserIsTakenIfAPersonSaysSo() {
    redeemer.answers(
        at -> Answers.successor("second", at),
        at -> Answers.successor("strange", STRANGER, null, at));
    redeemed("first");

    rotator.bringIn(grant, new Import(RefreshToken.of("strange-first"), null, null, true, true));

    assertThat(stored().current().token()).isEqualTo(RefreshToken.of("strange"));
    assertThat(stored().record().identity()).isEqualTo(STRANGER);
  }

  @Test
  void aTokenThatIsNotRedeemedAtOnceMustStillBeTheRecordedUsers() {
    redeemer.answers(
        at -> Answers.successor("second", at),
        at -> Answers.successor("strange", STRANGER, null, at));
    redeemed("first");
    notRedeemed("third", null);

    Outcome outcome = rotator.rotate(grant, Trigger.SCHEDULE);

    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(stored().record().identity()).isEqualTo(Answers.SOMEBODY);
  }

  private Outcome redeemed(String token) {
    return rotator.bringIn(grant, new Import(RefreshToken.of(token), null, null, true, false));
  }

  private void notRedeemed(String token, @Nullable Instant issuedAt) {
    rotator.bringIn(grant, new Import(RefreshToken.of(token), issuedAt, null, false, false));
  }

  private GrantStatus status() {
    Circuits circuits = Circuits.of(store.circuits());
    return GrantStatus.of(grant, stored().record(), circuits, clock.instant());
  }

  private StoredGrant stored() {
    return store.find(grant.name()).orElseThrow();
  }
}
