package io.refreshd.store;

import static io.refreshd.store.Samples.FRANCE;
import static io.refreshd.store.Samples.LIVE;
import static io.refreshd.store.Samples.SANDBOX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.grant.Generation;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.Identity;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.Selector;
import io.refreshd.rotation.Attempt;
import io.refreshd.rotation.CircuitChanges;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.Commit;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.Learned;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.Leased;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.Partition;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.StaleGenerationException;
import io.refreshd.rotation.Standing;
import io.refreshd.rotation.StoredGrant;
import io.refreshd.rotation.TokenStore;
import io.refreshd.rotation.Trigger;
import io.refreshd.testing.Answers;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.ScriptedRedeemer;
import io.refreshd.testing.WholeGrant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every token store does, whatever database is behind it. A backend is a subclass. */
abstract class TokenStoreContract {

  final MutableClock clock = Samples.turnedByHand();
  final Samples samples = new Samples(clock);
  OpenStore store;

  /** Opens the store of this test, which may be open already, as another process would. */
  abstract OpenStore open(String owner);

  /** Time that passes for the leases as well. */
  void pass(Duration time) {
    clock.advance(time);
  }

  @BeforeEach
  void openIt() {
    store = open("run");
  }

  @AfterEach
  void closeIt() {
    store.close();
  }

  @Test
  void aNewStoreIsEmpty() {
    assertThat(store.records(null, 100)).isEmpty();
    assertThat(store.find(LIVE)).isEmpty();
    assertThat(store.findRecord(LIVE)).isEmpty();
    assertThat(Samples.log(store)).isEmpty();
  }

  @Test
  void aFirstGenerationIsReadBackWhole() {
    Commit commit = samples.first(LIVE);

    assertThat(store.commit(samples.lease(store, LIVE), commit)).isEqualTo(TokenStore.Kept.STORED);

    StoredGrant stored = store.find(LIVE).orElseThrow();
    assertThat(stored.current()).isEqualTo(commit.current());
    assertThat(stored.previous()).isNull();
    assertThat(stored.record())
        .isEqualTo(
            new GrantRecord(
                LIVE,
                1,
                commit.current().token().fingerprint(),
                commit.current().issuedAt(),
                commit.current().expiresAt(),
                commit.signedInAt(),
                commit.nextAttemptAt(),
                commit.identity(),
                commit.learned(),
                Standing.good(clock.instant(), Event.ROTATED),
                false));
    assertThat(store.findRecord(LIVE)).contains(stored.record());
  }

  @Test
  void aNulInTheTextsOfAServerKeepsNothingFromBeingStored() {
    Commit like = samples.first(LIVE);
    Entry said =
        Entry.of(clock.instant(), LIVE, Event.REFUSED, "said \0 and \uD83D\uDE00, and ' and \\");
    Commit commit =
        new Commit(
            LIVE,
            0,
            null,
            like.current(),
            null,
            null,
            like.nextAttemptAt(),
            new Identity("t\0", "s"),
            Learned.NOTHING,
            CircuitChanges.NONE,
            List.of(samples.rotated(LIVE, 1), said));

    assertThat(store.commit(samples.lease(store, LIVE), commit)).isEqualTo(TokenStore.Kept.STORED);

    assertThat(store.findRecord(LIVE).orElseThrow().identity().tenantId()).isEqualTo("t\uFFFD");
    assertThat(Samples.log(store)).last().extracting(LoggedEntry::entry).isEqualTo(said);
    assertThat(said.message()).isEqualTo("said \uFFFD and \uD83D\uDE00, and ' and \\");
    assertThat(store.verifyLog().faults()).isEmpty();
  }

  @Test
  void aRotationKeepsThePreviousGenerationAndTheSignIn() {
    samples.bringIn(store, LIVE);
    clock.advance(Duration.ofDays(7));
    samples.rotate(store, LIVE, 1);
    samples.rotate(store, LIVE, 2);

    StoredGrant stored = store.find(LIVE).orElseThrow();
    assertThat(stored.current()).isEqualTo(samples.generation(LIVE, 3));
    assertThat(stored.previous()).isEqualTo(samples.generation(LIVE, 2));
    assertThat(stored.record().signedInAt()).isEqualTo(clock.instant().minus(Duration.ofDays(10)));
  }

  @Test
  void aRotationKeepsWhatTheStoreKnowsOfThePreviousGeneration() {
    samples.bringIn(store, LIVE);
    Generation first = store.find(LIVE).orElseThrow().current();
    clock.advance(Duration.ofDays(7));
    Commit rotated = samples.next(LIVE, 1);
    assertThat(rotated.previous()).isNotEqualTo(first);

    store.commit(samples.lease(store, LIVE), rotated);

    assertThat(store.find(LIVE).orElseThrow().previous()).isEqualTo(first);
  }

  @Test
  void aGrantReadsTheSameUnderALeaseAsWithout() {
    assertReadsTheSame();
    samples.bringIn(store, LIVE);
    assertReadsTheSame();
    samples.rotate(store, LIVE, 1);
    assertReadsTheSame();
    store.record(samples.lease(store, LIVE), samples.attempt(LIVE, 2));
    assertThat(store.circuits()).as("some are open").isNotEmpty();
    assertReadsTheSame();
    Commit taught = samples.next(LIVE, 2);
    store.commit(
        samples.lease(store, LIVE),
        new Commit(
            LIVE,
            2,
            Samples.fingerprint(LIVE, 2),
            taught.current(),
            taught.previous(),
            null,
            taught.nextAttemptAt(),
            Identity.UNKNOWN,
            samples.learned(),
            CircuitChanges.NONE,
            taught.entries()));
    assertReadsTheSame();
    assertThat(store.findRecord(LIVE).orElseThrow().learned()).isEqualTo(samples.learned());
    samples.rotate(store, LIVE, 3);
    assertReadsTheSame();
    samples.markingLease(store, LIVE);
    pass(Duration.ofMinutes(2));
    assertReadsTheSame();
    assertThat(store.findRecord(LIVE).orElseThrow().unanswered()).isTrue();
  }

  @Test
  void aDeadTokenIsFollowedByTheOneBeforeIt() {
    Grant grant = Grants.sample();
    ScriptedRedeemer redeemer = new ScriptedRedeemer(clock);
    RotationPolicy policy = new RotationPolicy((expression, after) -> Instant.MAX);
    Rotator rotator = new Rotator(store, redeemer, policy, (entry, kept) -> {}, clock);
    rotator.bringIn(
        grant, new Import(RefreshToken.of("first"), clock.instant(), null, false, false));
    redeemer.answers(
        at -> Answers.successor("second", at),
        at -> Answers.refused(RefusalKind.DEAD, at),
        at -> Answers.successor("third", at));

    assertThat(rotator.rotate(grant, Trigger.MANUAL)).isInstanceOf(Outcome.Rotated.class);
    assertThat(rotator.rotate(grant, Trigger.MANUAL)).isInstanceOf(Outcome.Rotated.class);

    assertThat(redeemer.presented()).containsExactly("first", "second", "first");
    StoredGrant stored = store.find(grant.name()).orElseThrow();
    assertThat(stored.current().token()).isEqualTo(RefreshToken.of("third"));
    assertThat(Objects.requireNonNull(stored.previous()).token())
        .isEqualTo(RefreshToken.of("first"));
  }

  private void assertReadsTheSame() {
    Optional<WholeGrant> without = store.find(LIVE).map(WholeGrant::of);
    Leased leased = store.lease(samples.terms(LIVE)).orElseThrow();
    assertThat(Optional.ofNullable(leased.stored()).map(WholeGrant::of)).isEqualTo(without);
    assertThat(leased.isAnyCircuitOpen()).isEqualTo(!store.circuits().isEmpty());
    store.release(leased.lease());
  }

  @Test
  void anImportStoresTwoGenerationsAtOnceAndCountsOn() {
    samples.bringIn(store, LIVE);
    Commit like = samples.next(LIVE, 2);
    Commit imported =
        new Commit(
            LIVE,
            1,
            Samples.fingerprint(LIVE, 1),
            like.current(),
            like.previous(),
            clock.instant(),
            like.nextAttemptAt(),
            like.identity(),
            Learned.NOTHING,
            CircuitChanges.NONE,
            like.entries());

    store.commit(samples.lease(store, LIVE), imported);

    StoredGrant stored = store.find(LIVE).orElseThrow();
    assertThat(stored.current().number()).isEqualTo(3);
    assertThat(stored.previous()).isEqualTo(like.previous());
    assertThat(stored.record().signedInAt()).isEqualTo(clock.instant());
  }

  @Test
  void aFallbackKeepsTheOlderGenerationThatWasPresented() {
    samples.bringIn(store, LIVE);
    samples.rotate(store, LIVE, 1);
    Commit like = samples.next(LIVE, 2);
    Commit fallback =
        new Commit(
            LIVE,
            2,
            Samples.fingerprint(LIVE, 2),
            like.current(),
            samples.generation(LIVE, 1),
            null,
            like.nextAttemptAt(),
            like.identity(),
            Learned.NOTHING,
            CircuitChanges.NONE,
            like.entries());

    store.commit(samples.lease(store, LIVE), fallback);

    assertThat(store.find(LIVE).orElseThrow().previous()).isEqualTo(samples.generation(LIVE, 1));
  }

  @Test
  void aStaleWriterIsRefusedAndChangesNothing() {
    samples.bringIn(store, LIVE);
    samples.rotate(store, LIVE, 1);
    List<LoggedEntry> before = Samples.log(store);
    Lease lease = samples.lease(store, LIVE);
    Commit stale = samples.next(LIVE, 5);

    assertThatThrownBy(() -> store.commit(lease, stale))
        .isInstanceOf(StaleGenerationException.class)
        .hasMessageContaining("germany/live: generation 5");

    assertThat(store.find(LIVE).orElseThrow().current()).isEqualTo(samples.generation(LIVE, 2));
    assertThat(Samples.log(store)).isEqualTo(before);
    assertThat(store.lease(samples.terms(LIVE))).as("the lease is over").isPresent();
  }

  private Generation ofAnotherConsent(int number) {
    return new Generation(number, RefreshToken.of("another-" + number), clock.instant(), null);
  }

  /** What a person does meanwhile: the numbers begin at one again. */
  private void forgetAndImport() {
    Entry forgotten = Entry.of(clock.instant(), LIVE, Event.FORGOTTEN, null);
    store.forget(samples.lease(store, LIVE), forgotten);
    Commit like = samples.first(LIVE);
    store.commit(
        samples.lease(store, LIVE),
        new Commit(
            LIVE,
            0,
            null,
            ofAnotherConsent(2),
            ofAnotherConsent(1),
            null,
            like.nextAttemptAt(),
            like.identity(),
            Learned.NOTHING,
            CircuitChanges.NONE,
            like.entries()));
  }

  private static Commit with(
      Commit like, Generation previous, Learned learned, CircuitChanges circuits) {
    return new Commit(
        like.grant(),
        like.expected(),
        like.expectedFingerprint(),
        like.current(),
        previous,
        like.signedInAt(),
        like.nextAttemptAt(),
        like.identity(),
        learned,
        circuits,
        like.entries());
  }

  @Test
  void aLateSuccessorOfAForgottenTokenDoesNotOverwriteWhatWasImportedSinceUnderTheSameNumber() {
    samples.bringIn(store, LIVE);
    samples.rotate(store, LIVE, 1);
    Lease late = samples.lease(store, LIVE);
    Commit usual = samples.next(LIVE, 2);
    Generation presented = samples.generation(LIVE, 2);
    pass(Duration.ofMinutes(2));
    forgetAndImport();
    List<LoggedEntry> before = Samples.log(store);

    for (Commit stale :
        List.of(
            usual,
            with(usual, presented, samples.learned(), CircuitChanges.NONE),
            with(usual, presented, Learned.NOTHING, samples.circuits()),
            with(usual, samples.generation(LIVE, 1), Learned.NOTHING, CircuitChanges.NONE))) {
      assertThatThrownBy(() -> store.commit(late, stale))
          .isInstanceOf(StaleGenerationException.class);
    }

    StoredGrant stored = store.find(LIVE).orElseThrow();
    assertThat(stored.current()).isEqualTo(ofAnotherConsent(2));
    assertThat(stored.previous()).isEqualTo(ofAnotherConsent(1));
    assertThat(Samples.log(store)).isEqualTo(before);
    assertThat(store.circuits()).isEmpty();
  }

  @Test
  void aLateRefusalOfAForgottenTokenIsNotRecordedOfWhatWasImportedSinceUnderTheSameNumber() {
    samples.bringIn(store, LIVE);
    samples.rotate(store, LIVE, 1);
    Lease late = samples.lease(store, LIVE);
    pass(Duration.ofMinutes(2));
    forgetAndImport();

    assertThatThrownBy(() -> store.record(late, samples.attempt(LIVE, 2)))
        .isInstanceOf(StaleGenerationException.class);

    assertThat(store.findRecord(LIVE).orElseThrow().standing().failures()).isZero();
    assertThat(store.circuits()).isEmpty();
  }

  @Test
  void aFirstGenerationDoesNotReplaceOneThatIsThere() {
    samples.bringIn(store, LIVE);
    clock.advance(Duration.ofHours(1));
    Commit other = samples.next(LIVE, 1);
    Commit first =
        new Commit(
            LIVE,
            0,
            null,
            other.current(),
            null,
            null,
            other.nextAttemptAt(),
            other.identity(),
            Learned.NOTHING,
            CircuitChanges.NONE,
            other.entries());

    assertThatThrownBy(() -> store.commit(samples.lease(store, LIVE), first))
        .isInstanceOf(StaleGenerationException.class);
    assertThat(store.findRecord(LIVE).orElseThrow().generation()).isEqualTo(1);
  }

  @Test
  void aSuccessorIsStoredAlsoWhenTheLeaseRanOutMeanwhile() {
    samples.bringIn(store, LIVE);
    Lease slow = samples.lease(store, LIVE);
    pass(Duration.ofMinutes(5));
    Lease other = samples.lease(store, LIVE);

    assertThat(store.commit(slow, samples.next(LIVE, 1))).isEqualTo(TokenStore.Kept.STORED);

    assertThat(store.lease(samples.terms(LIVE))).as("the other's lease stands").isEmpty();
    store.release(other);
  }

  @Test
  void aCommitThatIsThereAlreadyIsStored() {
    samples.bringIn(store, LIVE);
    Lease lease = samples.lease(store, LIVE);
    Commit commit = samples.next(LIVE, 1);
    store.commit(lease, commit);

    assertThat(store.commit(lease, commit)).isEqualTo(TokenStore.Kept.STORED);
    assertThat(Samples.log(store)).hasSize(2);

    samples.rotate(store, LIVE, 2);
    assertThat(store.commit(lease, commit))
        .as("also if it was moved on from")
        .isEqualTo(TokenStore.Kept.STORED);
    assertThat(store.find(LIVE).orElseThrow().current()).isEqualTo(samples.generation(LIVE, 3));
  }

  @Test
  void aLeaseKeepsOthersOffUntilItIsReleased() {
    try (OpenStore other = open("cli-1")) {
      Lease lease = samples.lease(store, LIVE);

      assertThat(store.lease(samples.terms(LIVE))).isEmpty();
      assertThat(other.lease(samples.terms(LIVE))).isEmpty();
      assertThat(other.lease(samples.terms(SANDBOX))).isPresent();

      store.release(lease);
      assertThat(other.lease(samples.terms(LIVE))).isPresent();
    }
  }

  @Test
  void aLeaseThatIsAskedForAheadIsOneLikeAnyOther() {
    samples.bringIn(store, LIVE);
    samples.bringIn(store, SANDBOX);
    Lease first = samples.lease(store, LIVE);
    Supplier<Optional<Leased>> busy = store.leaseAhead(samples.terms(LIVE));
    // before the commit: in one transaction with it, the lease would be free by then
    assertThat(busy.get()).as("somebody had it when it was asked for").isEmpty();
    Supplier<Optional<Leased>> ahead = store.leaseAhead(samples.terms(SANDBOX));
    Supplier<Optional<Leased>> twice = store.leaseAhead(samples.terms(SANDBOX));
    store.commit(first, samples.next(LIVE, 1));

    Leased leased = ahead.get().orElseThrow();
    assertThat(twice.get()).isEmpty();
    assertThat(Optional.ofNullable(leased.stored()).map(WholeGrant::of))
        .isEqualTo(store.find(SANDBOX).map(WholeGrant::of));
    store.commit(leased.lease(), samples.next(SANDBOX, 1));
    assertThat(store.find(SANDBOX).orElseThrow().current())
        .isEqualTo(samples.generation(SANDBOX, 2));
  }

  @Test
  void aLeaseEndsByItsTime() {
    samples.lease(store, LIVE);
    pass(Duration.ofSeconds(50));
    assertThat(store.lease(samples.terms(LIVE))).isEmpty();
    pass(Duration.ofSeconds(10));
    assertThat(store.lease(samples.terms(LIVE))).isPresent();
  }

  @Test
  void aLeaseThatIsNoLongerHeldCannotReleaseAnothers() {
    Lease late = samples.lease(store, LIVE);
    pass(Duration.ofSeconds(61));
    samples.lease(store, LIVE);

    store.release(late);

    assertThat(store.lease(samples.terms(LIVE))).isEmpty();
  }

  @Test
  void outcomesEndTheLease() {
    samples.bringIn(store, LIVE);
    samples.rotate(store, LIVE, 1);
    store.record(samples.lease(store, LIVE), samples.attempt(LIVE, 2));
    assertThat(store.lease(samples.terms(LIVE))).isPresent();
  }

  @Test
  void leasesOfADeadOwnerAreEndedAndNoOthers() {
    samples.lease(store, LIVE);
    try (OpenStore other = open("cli-1")) {
      samples.lease(other, SANDBOX);

      assertThat(other.endLeasesOf("run")).isEqualTo(1);

      assertThat(other.lease(samples.terms(LIVE))).isPresent();
      assertThat(store.lease(samples.terms(SANDBOX))).isEmpty();
    }
  }

  @Test
  void attemptsOfManyGrantsAreRecordedButWhereSomebodyIsAtWorkOrHasBeen() {
    for (GrantName grant : List.of(LIVE, SANDBOX, FRANCE)) {
      samples.bringIn(store, grant);
    }
    samples.rotate(store, FRANCE, 1);
    Lease busy = samples.lease(store, SANDBOX);
    List<Attempt> attempts =
        Stream.of(LIVE, SANDBOX, FRANCE).map(grant -> samples.attempt(grant, 1)).toList();

    assertThat(store.recordFree(attempts, samples.now())).containsExactly(LIVE);

    assertThat(store.findRecord(LIVE).orElseThrow().standing())
        .isEqualTo(attempts.get(0).standing());
    assertThat(store.findRecord(FRANCE).orElseThrow().standing().kind()).isNull();
    assertThat(Samples.log(store, Samples.query(0, Event.REFUSED, false, 0)))
        .singleElement()
        .extracting(logged -> logged.entry().grant())
        .isEqualTo(LIVE);
    samples.lease(store, LIVE);
    samples.lease(store, FRANCE);
    assertThat(store.commit(busy, samples.next(SANDBOX, 1))).isEqualTo(TokenStore.Kept.STORED);
  }

  @Test
  void aFailedAttemptIsWrittenWithItsReasons() {
    samples.bringIn(store, LIVE);
    clock.advance(Duration.ofHours(1));

    store.record(samples.lease(store, LIVE), samples.attempt(LIVE, 1));

    GrantRecord record = store.findRecord(LIVE).orElseThrow();
    assertThat(record.standing()).isEqualTo(samples.attempt(LIVE, 1).standing());
    assertThat(record.nextAttemptAt()).isEqualTo(clock.instant().plusSeconds(30));
    assertThat(Samples.log(store).get(1).entry()).isEqualTo(samples.refused(LIVE, 1));
  }

  @Test
  void anAttemptCorrectsTheClocks() {
    samples.bringIn(store, LIVE);
    Attempt attempt = samples.attempt(LIVE, 1);

    store.record(samples.lease(store, LIVE), attempt);

    GrantRecord record = store.findRecord(LIVE).orElseThrow();
    assertThat(Attempt.Corrected.none(record)).isEqualTo(attempt.corrected());
    samples.rotate(store, LIVE, 1);
    assertThat(store.findRecord(LIVE).orElseThrow().learned()).isEqualTo(Learned.NOTHING);
  }

  @Test
  void circuitsAreOpenedReplacedAndClosedWithAttemptsAndCommits() {
    samples.bringIn(store, LIVE);
    assertThat(store.circuits()).isEmpty();
    store.record(samples.lease(store, LIVE), samples.attempt(LIVE, 1));
    clock.advance(Duration.ofHours(1));
    Attempt again = samples.attempt(LIVE, 1);
    store.record(samples.lease(store, LIVE), again);
    assertThat(store.circuits()).isEqualTo(again.circuits().opened());

    Commit like = samples.next(LIVE, 1);
    store.commit(
        samples.lease(store, LIVE),
        new Commit(
            LIVE,
            1,
            Samples.fingerprint(LIVE, 1),
            like.current(),
            like.previous(),
            like.signedInAt(),
            like.nextAttemptAt(),
            like.identity(),
            samples.learned(),
            new CircuitChanges(List.of(), List.of("credential:one")),
            like.entries()));

    assertThat(store.circuits()).isEmpty();
    assertThat(store.findRecord(LIVE).orElseThrow().learned()).isEqualTo(samples.learned());
  }

  @Test
  void ofManyOpenCircuitsThoseOfAGrantAreFoundAndItsSuccessClosesNoOther() {
    Grant first = Grants.named("germany/live").build();
    Grant second = Grants.named("germany/sandbox").build();
    ScriptedRedeemer redeemer = new ScriptedRedeemer(clock);
    RotationPolicy policy = new RotationPolicy((expression, after) -> Instant.MAX);
    Rotator rotator = new Rotator(store, redeemer, policy, (entry, kept) -> {}, clock);
    for (Grant grant : List.of(first, second)) {
      rotator.bringIn(
          grant, new Import(RefreshToken.of("token"), clock.instant(), null, false, false));
    }
    assertThat(store.circuitsOf(List.of(first, second)).holding(first)).isNull();
    redeemer.answers(
        at -> Answers.refused(RefusalKind.CONFIGURATION, at),
        at -> Answers.refused(RefusalKind.CONFIGURATION, at),
        at -> Answers.successor("next", at));

    rotator.rotate(first, Trigger.MANUAL);
    rotator.rotate(second, Trigger.MANUAL);

    assertThat(store.circuits()).hasSize(2);
    assertThat(store.circuitsOf(List.of(first)).holding(first)).isNotNull();
    assertThat(store.circuitsOf(List.of(first)).holding(second)).as("not asked for").isNull();
    Circuits ofBoth = store.circuitsOf(List.of(first, second));
    assertThat(ofBoth.holding(second)).isNotNull().isNotEqualTo(ofBoth.holding(first));
    Grant corrected = Grants.named("germany/live").endpoint(Grants.tenant("corrected")).build();
    assertThat(store.circuitsOf(List.of(corrected)).holding(corrected)).isNull();
    assertThat(rotator.rotate(corrected, Trigger.MANUAL)).isInstanceOf(Outcome.Rotated.class);
    assertThat(store.circuits()).as("what the configuration no longer has").hasSize(1);
    assertThat(store.circuitsOf(List.of(second)).holding(second)).isNotNull();
  }

  @Test
  void aStaleAttemptChangesNoCircuit() {
    samples.bringIn(store, LIVE);
    samples.rotate(store, LIVE, 1);
    Lease lease = samples.lease(store, LIVE);
    assertThatThrownBy(() -> store.record(lease, samples.attempt(LIVE, 1)))
        .isInstanceOf(StaleGenerationException.class);
    assertThat(store.circuits()).isEmpty();
  }

  @Test
  void aForgottenGrantIsGoneAndItsLogStays() {
    samples.bringIn(store, LIVE);
    samples.bringIn(store, SANDBOX);
    Entry forgotten = Entry.of(clock.instant(), LIVE, Event.FORGOTTEN, "on a person's word");

    assertThat(store.forget(samples.lease(store, LIVE), forgotten)).isTrue();

    assertThat(store.find(LIVE)).isEmpty();
    assertThat(store.find(SANDBOX)).isPresent();
    assertThat(Samples.log(store)).hasSize(3).last().extracting("entry").isEqualTo(forgotten);
    samples.bringIn(store, LIVE);
    assertThat(store.find(LIVE)).isPresent();
  }

  @Test
  void forgettingAnUnknownGrantSaysSoAndLogsNothing() {
    Entry forgotten = Entry.of(clock.instant(), LIVE, Event.FORGOTTEN, null);
    assertThat(store.forget(samples.lease(store, LIVE), forgotten)).isFalse();
    assertThat(Samples.log(store)).isEmpty();
    assertThat(store.lease(samples.terms(LIVE))).isPresent();
  }

  @Test
  void aSuccessAfterFailuresClearsTheStanding() {
    samples.bringIn(store, LIVE);
    store.record(samples.lease(store, LIVE), samples.attempt(LIVE, 1));
    samples.rotate(store, LIVE, 1);
    assertThat(store.findRecord(LIVE).orElseThrow().standing())
        .isEqualTo(Standing.good(clock.instant(), Event.ROTATED));
  }

  @Test
  void aStaleAttemptIsRefused() {
    samples.bringIn(store, LIVE);
    samples.rotate(store, LIVE, 1);
    Lease lease = samples.lease(store, LIVE);

    assertThatThrownBy(() -> store.record(lease, samples.attempt(LIVE, 1)))
        .isInstanceOf(StaleGenerationException.class);
    assertThat(store.findRecord(LIVE).orElseThrow().standing().failures()).isZero();
    assertThat(Samples.log(store)).hasSize(2);
  }

  private Attempt lostAnswer() {
    Attempt like = samples.attempt(LIVE, 1);
    Entry.Refusal lost = new Entry.Refusal(RefusalKind.LOST_ANSWER, null, null, null);
    return new Attempt(
        LIVE,
        1,
        Samples.fingerprint(LIVE, 1),
        like.corrected(),
        new Standing(1, 1, clock.instant(), clock.instant(), Event.UNREACHABLE, lost, "lost"),
        like.nextAttemptAt(),
        CircuitChanges.NONE,
        like.entries());
  }

  @Test
  void aRefusalThatComesAfterItsLeaseDoesNotUndoALostAnswer() {
    samples.bringIn(store, LIVE);
    Lease late = samples.markingLease(store, LIVE);
    pass(Duration.ofMinutes(2));
    store.record(samples.markingLease(store, LIVE), lostAnswer());

    assertThatThrownBy(() -> store.record(late, samples.attempt(LIVE, 1)))
        .isInstanceOf(StaleGenerationException.class)
        .hasMessageStartingWith("germany/live: generation 1 is no longer the current one, or");

    assertThat(store.findRecord(LIVE).orElseThrow().standing()).isEqualTo(lostAnswer().standing());
    assertThat(Samples.log(store)).hasSize(2);
    assertThat(store.circuits()).isEmpty();
    Lease next = samples.markingLease(store, LIVE);
    assertThatThrownBy(() -> store.record(late, samples.attempt(LIVE, 1)))
        .as("nor while another has it leased")
        .isInstanceOf(StaleGenerationException.class);
    assertThat(store.record(late, lostAnswer()))
        .as("one more lost answer undoes nothing")
        .isEqualTo(TokenStore.Kept.STORED);
    assertThat(store.record(next, samples.attempt(LIVE, 1))).isEqualTo(TokenStore.Kept.STORED);
    assertThat(store.findRecord(LIVE).orElseThrow().standing().why()).isEqualTo(Samples.refusal());
  }

  @Test
  void aRefusalThatComesAfterItsLeaseIsRecordedWhereNoAnswerWasLost() {
    samples.bringIn(store, LIVE);
    Lease late = samples.lease(store, LIVE);
    pass(Duration.ofMinutes(2));
    store.release(samples.lease(store, LIVE));

    assertThat(store.record(late, samples.attempt(LIVE, 1))).isEqualTo(TokenStore.Kept.STORED);
  }

  @Test
  void recordsComeByNameAllOrPartByPart() {
    samples.bringIn(store, SANDBOX);
    samples.bringIn(store, FRANCE);
    samples.bringIn(store, LIVE);

    assertThat(store.records(null, 100))
        .extracting(GrantRecord::name)
        .containsExactly(FRANCE, LIVE, SANDBOX);
    assertThat(store.records(null, 2)).extracting(GrantRecord::name).containsExactly(FRANCE, LIVE);
    assertThat(store.records(LIVE, 2)).extracting(GrantRecord::name).containsExactly(SANDBOX);
    assertThat(store.records(SANDBOX, 2)).isEmpty();
    List<GrantName> handedOver = new ArrayList<>();
    store.readRecords(record -> handedOver.add(record.name()));
    assertThat(handedOver).containsExactly(FRANCE, LIVE, SANDBOX);
  }

  @Test
  void recordsAreFoundByNameHoweverManyAreAskedFor() {
    samples.bringIn(store, SANDBOX);
    samples.bringIn(store, LIVE);
    List<GrantName> asked = new ArrayList<>();
    IntStream.range(0, 2_500).forEach(no -> asked.add(new GrantName("nobody", "user-" + no)));
    asked.add(1, LIVE);
    asked.add(SANDBOX);

    assertThat(store.records(asked))
        .containsExactlyInAnyOrder(
            store.findRecord(LIVE).orElseThrow(), store.findRecord(SANDBOX).orElseThrow());
    assertThat(store.records(List.of(FRANCE))).isEmpty();
    assertThat(store.records(List.of())).isEmpty();
  }

  @Test
  void whatIsDueIsFoundInItsPartitionTheLongestDueFirst() {
    samples.bringIn(store, SANDBOX);
    samples.bringIn(store, FRANCE);
    clock.advance(Duration.ofHours(1));
    samples.bringIn(store, LIVE);
    Instant first = store.findRecord(SANDBOX).orElseThrow().nextAttemptAt();
    Instant second = store.findRecord(LIVE).orElseThrow().nextAttemptAt();
    int shares = store.partitions().size();
    Partition germany = Partition.of(LIVE.tenant(), shares);

    assertThat(due(germany, first.minusMillis(1))).isEmpty();
    assertThat(due(germany, first)).contains(SANDBOX).doesNotContain(LIVE);
    assertThat(due(germany, second)).containsSubsequence(SANDBOX, LIVE);
    assertThat(store.partitions().stream().flatMap(one -> due(one, second).stream()))
        .as("each belongs to one partition")
        .containsExactlyInAnyOrder(SANDBOX, FRANCE, LIVE);
    assertThat(store.findNextAttempt(germany, Instant.EPOCH)).contains(first);
    assertThat(store.findNextAttempt(germany, first)).contains(second);
    assertThat(store.findNextAttempt(germany, second)).isEmpty();
  }

  private List<GrantName> due(Partition partition, Instant now) {
    List<GrantName> due = new ArrayList<>();
    store.readDue(partition, now, record -> due.add(record.name()));
    return due;
  }

  // marks of presentation: single-use servers

  private boolean isUnanswered() {
    return store.findRecord(LIVE).orElseThrow().unanswered();
  }

  @Test
  void oneIsNotToldOfOnesOwnMark() {
    samples.bringIn(store, LIVE);
    samples.markingLease(store, LIVE);
    assertThat(isUnanswered()).isFalse();
    assertThat(store.find(LIVE).orElseThrow().record().unanswered()).isFalse();
  }

  @Test
  void aMarkWhoseLeaseEndedWithoutAnOutcomeIsTold() {
    samples.bringIn(store, LIVE);
    samples.markingLease(store, LIVE);
    pass(Duration.ofMinutes(2));

    assertThat(isUnanswered()).as("seen without a lease").isTrue();
    samples.markingLease(store, LIVE);
    assertThat(isUnanswered()).as("seen under the next lease").isTrue();
  }

  @Test
  void aMarkOutlivesADeadOwner() {
    samples.bringIn(store, LIVE);
    samples.markingLease(store, LIVE);
    store.endLeasesOf("run");
    assertThat(isUnanswered()).isTrue();
  }

  @Test
  void aPlainLeaseLeavesNoMark() {
    samples.bringIn(store, LIVE);
    samples.lease(store, LIVE);
    pass(Duration.ofMinutes(2));
    assertThat(isUnanswered()).isFalse();
  }

  @Test
  void aReleaseTakesBackItsOwnMarkOnly() {
    samples.bringIn(store, LIVE);
    store.release(samples.markingLease(store, LIVE));
    pass(Duration.ofMinutes(2));
    assertThat(isUnanswered()).isFalse();

    samples.markingLease(store, LIVE);
    pass(Duration.ofMinutes(2));
    for (int i = 0; i < 3; i++) {
      store.release(samples.markingLease(store, LIVE));
      assertThat(isUnanswered()).as("the mark left over survives a skip").isTrue();
    }
    store.release(samples.lease(store, LIVE));
    assertThat(isUnanswered()).isTrue();
  }

  @Test
  void anAttemptOrACommitAnswersTheMarks() {
    samples.bringIn(store, LIVE);
    samples.markingLease(store, LIVE);
    pass(Duration.ofMinutes(2));
    Lease lease = samples.markingLease(store, LIVE);
    store.record(lease, samples.attempt(LIVE, 1));
    assertThat(isUnanswered()).isFalse();

    samples.markingLease(store, LIVE);
    pass(Duration.ofMinutes(2));
    samples.rotate(store, LIVE, 1);
    assertThat(isUnanswered()).isFalse();
    pass(Duration.ofMinutes(2));
    assertThat(isUnanswered()).isFalse();
  }

  // rotation log

  @Test
  void theLogIsNumberedWithoutGapsAndChained() {
    samples.bringIn(store, LIVE);
    store.record(samples.lease(store, LIVE), samples.attempt(LIVE, 1));
    samples.rotate(store, LIVE, 1);
    store.append(samples.refused(FRANCE, 7));

    String before = HashChain.START;
    long seq = 0;
    for (LoggedEntry logged : Samples.log(store)) {
      assertThat(logged.seq()).isEqualTo(++seq);
      assertThat(logged.hash()).isEqualTo(HashChain.next(before, logged.entry(), logged.node()));
      before = logged.hash();
    }
    assertThat(seq).isEqualTo(4);
  }

  @Test
  void theLogIsFilteredAndLimitedToTheNewest() {
    for (int i = 1; i <= 5; i++) {
      store.append(samples.rotated(i % 2 == 0 ? LIVE : FRANCE, i));
      store.append(samples.refused(LIVE, i));
      clock.advance(Duration.ofDays(1));
    }
    assertThat(seqs(LogQuery.after(7))).containsExactly(8L, 9L, 10L);
    assertThat(seqs(Samples.query(0, null, false, 3))).containsExactly(8L, 9L, 10L);
    assertThat(seqs(Samples.query(0, Event.ROTATED, false, 2))).containsExactly(7L, 9L);
    assertThat(seqs(Samples.query(3, null, true, 0))).containsExactly(4L, 6L, 8L, 10L);
    assertThat(
            seqs(
                new LogQuery(
                    0,
                    List.of(Selector.parse("france")),
                    clock.instant().minus(Duration.ofDays(4)),
                    clock.instant().minus(Duration.ofDays(2)),
                    null,
                    false,
                    0)))
        .containsExactly(5L);
    assertThat(
            seqs(new LogQuery(0, List.of(Selector.parse("france/*")), null, null, null, false, 2)))
        .containsExactly(5L, 9L);
  }

  @Test
  void whoFollowsTheLogGoesOnBehindWhatWasLookedAtThoughNothingWasWanted() {
    assertThat(store.read(LogQuery.after(0), logged -> {})).isZero();
    for (int i = 1; i <= 3; i++) {
      store.append(samples.rotated(LIVE, i));
    }
    LogQuery failed = Samples.query(0, null, true, 0);
    List<Long> seen = new ArrayList<>();

    long looked = store.read(failed, logged -> seen.add(logged.seq()));
    store.append(samples.refused(LIVE, 4));
    long lookedOn = store.read(failed.from(looked), logged -> seen.add(logged.seq()));

    assertThat(looked).isEqualTo(3);
    assertThat(lookedOn).isEqualTo(4);
    assertThat(seen).containsExactly(4L);
    assertThat(store.read(failed.from(9), logged -> {})).isEqualTo(9);
  }

  @Test
  void aLogOfManyPagesIsReadWhole() {
    samples.bringIn(store, LIVE);
    Commit next = samples.next(LIVE, 1);
    Commit long1 =
        new Commit(
            LIVE,
            1,
            Samples.fingerprint(LIVE, 1),
            next.current(),
            next.previous(),
            null,
            next.nextAttemptAt(),
            next.identity(),
            Learned.NOTHING,
            CircuitChanges.NONE,
            Collections.nCopies(2_500, samples.rotated(LIVE, 2)));
    store.commit(samples.lease(store, LIVE), long1);

    assertThat(Samples.log(store)).hasSize(2_501);
    assertThat(seqs(Samples.query(0, null, false, 2_100))).hasSize(2_100).contains(2_501L, 402L);
  }

  private List<Long> seqs(LogQuery query) {
    return Samples.log(store, query).stream().map(LoggedEntry::seq).toList();
  }
}
