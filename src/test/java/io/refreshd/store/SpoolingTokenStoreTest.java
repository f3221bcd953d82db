package io.refreshd.store;

import static io.refreshd.store.Samples.FRANCE;
import static io.refreshd.store.Samples.LIVE;
import static io.refreshd.store.Samples.SANDBOX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.grant.Generation;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.CircuitChanges;
import io.refreshd.rotation.Commit;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.Learned;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.Leased;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.TokenStore.Kept;
import io.refreshd.testing.LogRecorder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A successor that the database cannot take is not lost. */
class SpoolingTokenStoreTest {

  @TempDir Path folder;
  private StoreFixture fixture;
  private Samples samples;

  @BeforeEach
  void aStoreWithOneGrant() {
    fixture = new StoreFixture(folder);
    samples = fixture.samples;
    try (OpenStore store = fixture.open("run")) {
      samples.bringIn(store, LIVE);
    }
  }

  /** Commits generation 2 of the grant while the database does not take it. */
  private void hold(OpenStore store) throws SQLException {
    Lease lease = samples.lease(store, LIVE);
    fixture.breakCommits();
    assertThat(store.commit(lease, samples.next(LIVE, 1))).isEqualTo(Kept.HELD);
  }

  /** What a process left behind that was killed while it held a commit. */
  private StoreFixture afterACrashWhileItHeld() throws Exception {
    try (OpenStore store = fixture.open("run")) {
      hold(store);
      StoreFixture after = afterACrash();
      fixture.mendCommits();
      return after;
    }
  }

  /** A process that dies leaves its files as they are, and its locks are gone. */
  private StoreFixture afterACrash() throws IOException {
    Path elsewhere = folder.resolve("after");
    Files.createDirectory(elsewhere);
    try (var files = Files.newDirectoryStream(folder, "refreshd.*")) {
      for (Path file : files) {
        Files.copy(file, elsewhere.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return new StoreFixture(elsewhere);
  }

  @Test
  void whatTheDatabaseCannotTakeIsHeldAndStoredWhenItCan() throws Exception {
    try (OpenStore store = fixture.open("run")) {
      hold(store);
      assertThat(store.held()).containsExactly(LIVE);
      assertThat(store.findRecord(LIVE).orElseThrow().generation()).isEqualTo(1);
      assertThat(store.flush().held()).containsExactly(LIVE);

      fixture.mendCommits();

      OpenStore.Flushed flushed = store.flush();
      assertThat(flushed.stored()).containsExactly(LIVE);
      assertThat(flushed.held()).isEmpty();
      assertThat(store.held()).isEmpty();
      assertThat(store.find(LIVE).orElseThrow().current()).isEqualTo(samples.generation(LIVE, 2));
      assertThat(samples.lease(store, LIVE)).as("the lease is over").isNotNull();
    }
  }

  /** The next process stores what was held. */
  private void assertThatBothMovedOn(StoreFixture after) throws Exception {
    after.mendCommits();
    try (OpenStore store = after.open("run")) {
      assertThat(store.find(LIVE).orElseThrow().current()).isEqualTo(samples.generation(LIVE, 2));
      assertThat(store.find(SANDBOX).orElseThrow().current())
          .isEqualTo(samples.generation(SANDBOX, 2));
    }
  }

  @Test
  void grantAfterGrantHasItsPlaceInTheSpoolWhileTheStoreIsBroken() throws Exception {
    StoreFixture after;
    Files.delete(fixture.spool(0)); // it was made for more at once
    try (OpenStore store = TokenStores.openToWrite(fixture.location, "run", 1, fixture.clock)) {
      samples.bringIn(store, SANDBOX);
      hold(store);
      Lease second = samples.lease(store, SANDBOX);
      assertThat(store.commit(second, samples.next(SANDBOX, 1))).isEqualTo(Kept.HELD);
      after = afterACrash();
    }
    assertThatBothMovedOn(after);
  }

  @Test
  void aLeaseAheadOfACommitThatCameToBeHeldNeedsItsOwnPlaceInTheSpool() throws Exception {
    Files.delete(fixture.spool(0)); // it was made for more at once
    FaultyDisk disk = new FaultyDisk();
    try (OpenStore store =
        TokenStores.openToWrite(
            fixture.location, "run", 1, fixture.clock, Samples.nanosOf(fixture.clock), disk)) {
      samples.bringIn(store, SANDBOX);
      Lease first = samples.lease(store, LIVE);
      Supplier<Optional<Leased>> ahead = store.leaseAhead(samples.terms(SANDBOX));
      fixture.breakCommits();
      assertThat(store.commit(first, samples.next(LIVE, 1))).isEqualTo(Kept.HELD);
      disk.fail(EnumSet.of(FaultyDisk.Part.SPOOL), FaultyDisk.How.FULL, 1, true);

      assertThatThrownBy(ahead::get)
          .isInstanceOf(StoreException.Unavailable.class)
          .hasMessageContaining("no redemption is spent");

      disk.mend();
      fixture.mendCommits();
      assertThat(samples.lease(store, SANDBOX)).as("the lease was given back").isNotNull();
    }
  }

  @Test
  void nothingIsLeasedAheadWhileAnythingIsHeld() throws Exception {
    try (OpenStore store = fixture.open("run");
        OpenStore other = fixture.open("cli-1")) {
      samples.bringIn(store, SANDBOX);
      hold(store);
      Supplier<Optional<Leased>> ahead = store.leaseAhead(samples.terms(SANDBOX));
      fixture.mendCommits();

      Lease others = samples.lease(other, SANDBOX);
      other.release(others);
      assertThat(ahead.get()).isPresent();
    }
  }

  @Test
  void aLeaseThatIsAskedForAheadWhenTheStoreIsClosedIsRefusedWhenItIsTaken() {
    OpenStore store = fixture.open("run");
    samples.lease(store, SANDBOX); // has its spool from now on
    store.close();

    Supplier<Optional<Leased>> ahead = store.leaseAhead(samples.terms(LIVE));

    assertThatThrownBy(ahead::get).isInstanceOf(StoreException.class);
  }

  @Test
  void aSpoolThatSomebodyDeletesUnderWayIsMadeAnewWithWhatItHeld() throws Exception {
    StoreFixture after;
    try (OpenStore store = fixture.open("run")) {
      hold(store);
      Files.delete(fixture.spool(0));
      assertThat(store.flush().held()).containsExactly(LIVE);
      after = afterACrash();
      fixture.mendCommits();
      assertThat(store.flush().stored()).containsExactly(LIVE);
      Files.delete(fixture.spool(0));
      samples.lease(store, SANDBOX);
      assertThat(Files.size(fixture.spool(0))).isEqualTo(3L * SpoolFile.SLOT);
    }
    after.mendCommits();
    try (OpenStore store = after.open("run")) {
      assertThat(store.find(LIVE).orElseThrow().current()).isEqualTo(samples.generation(LIVE, 2));
    }
  }

  @Test
  void aProcessWhoseSpoolSomebodyDeletesIsStillAlive() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    try (OpenStore store = disk.open(fixture.location, "run", fixture.clock);
        OpenStore other = fixture.open("cli-1")) {
      samples.lease(other, SANDBOX); // has its own spool from now on
      samples.lease(store, LIVE);
      Files.delete(fixture.spool(1));
      disk.fail(EnumSet.of(FaultyDisk.Part.SPOOL), FaultyDisk.How.FULL, 1, true);
      assertThatThrownBy(() -> store.lease(samples.terms(FRANCE)))
          .isInstanceOf(StoreException.Unavailable.class)
          .hasMessageContaining("no redemption is spent");
      assertThat(other.lease(samples.terms(LIVE))).isEmpty();
      disk.mend();
      assertThat(store.lease(samples.terms(FRANCE))).isPresent();
      assertThat(other.lease(samples.terms(LIVE))).isEmpty();
    }
  }

  @Test
  void aGrantWhoseRefusalCannotBeRecordedIsNotRedeemedUntilItIs() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    try (OpenStore store = disk.open(fixture.location, "run", fixture.clock)) {
      Lease lease = samples.lease(store, LIVE);
      disk.fail(EnumSet.of(FaultyDisk.Part.DATABASE), FaultyDisk.How.FULL, 1, true);
      assertThat(store.record(lease, samples.attempt(LIVE, 1))).isEqualTo(Kept.HELD);
      assertThatThrownBy(() -> store.lease(samples.terms(LIVE)))
          .isInstanceOf(StoreException.Unavailable.class);
      disk.mend();
      fixture.execute(
          "CREATE TRIGGER no BEFORE UPDATE ON grants BEGIN SELECT RAISE(ABORT, 'no'); END");
      fixture.clock.advance(Duration.ofMinutes(2));
      store.flush();
      assertThatThrownBy(() -> store.lease(samples.terms(LIVE)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("no");

      fixture.execute("DROP TRIGGER no");

      assertThat(store.lease(samples.terms(LIVE))).isPresent();
      assertThat(store.findRecord(LIVE).orElseThrow().standing().why())
          .isEqualTo(Samples.refusal());
    }
  }

  @Test
  void whoLooksOnSeesWhatWaitsInTheSpool() throws Exception {
    try (OpenStore store = fixture.open("run");
        OpenStore looking = fixture.openToRead()) {
      assertThat(looking.held()).isEmpty();
      hold(store);
      assertThat(looking.held()).containsExactly(LIVE);
      fixture.mendCommits();
      store.flush();
      assertThat(looking.held()).isEmpty();
    }
  }

  @Test
  void aGrantIsNotLeasedWhileItsSuccessorIsHeld() throws Exception {
    try (OpenStore store = fixture.open("run")) {
      hold(store);
      fixture.clock.advance(Duration.ofMinutes(2));

      assertThatThrownBy(() -> store.lease(samples.terms(LIVE)))
          .isInstanceOf(StoreException.Unavailable.class)
          .hasMessageStartingWith("germany/live: its generation 2 still waits");
      assertThat(store.lease(samples.terms(SANDBOX))).isPresent();

      fixture.mendCommits();
      assertThat(store.lease(samples.terms(LIVE))).isPresent();
      assertThat(store.findRecord(LIVE).orElseThrow().generation()).isEqualTo(2);
    }
  }

  @Test
  void theSpoolShowsNoToken() throws Exception {
    try (OpenStore store = fixture.open("run")) {
      hold(store);
      String spooled = Files.readString(fixture.spool(0), StandardCharsets.ISO_8859_1);
      assertThat(spooled).contains("germany/live").doesNotContain("0.AAAA");
      fixture.mendCommits();
    }
    assertThat(Files.readString(fixture.spool(0), StandardCharsets.ISO_8859_1).substring(0, 12))
        .as("the slot is free again")
        .isEqualTo("\0".repeat(12));
  }

  @Test
  void theSpoolsSpaceIsReallyWrittenBeforeTheFirstLease() throws Exception {
    try (OpenStore store = fixture.open("run")) {
      samples.lease(store, SANDBOX);
      assertThat(Files.size(fixture.spool(0))).isEqualTo(3L * SpoolFile.SLOT);
    }
  }

  @Test
  void theSpoolGrowsWithWhatMayBeInFlightAndNeverShrinks() throws Exception {
    try (OpenStore store = fixture.open("run")) {
      samples.lease(store, SANDBOX);
      store.reserve(5);
      store.reserve(2);
      assertThat(Files.size(fixture.spool(0))).isEqualTo(5L * SpoolFile.SLOT);
    }
    try (OpenStore store = fixture.open("run")) {
      store.reserve(7);
      samples.lease(store, LIVE);
      assertThat(Files.size(fixture.spool(0))).isEqualTo(7L * SpoolFile.SLOT);
    }
  }

  @Test
  void withoutAPlaceForTheSpoolNothingIsLeased() throws Exception {
    Files.delete(fixture.spool(0));
    try (OpenStore store = fixture.open("run")) {
      Files.createDirectory(fixture.spool(0));
      assertThatThrownBy(() -> store.lease(samples.terms(LIVE)))
          .isInstanceOf(StoreException.Unavailable.class)
          .hasMessageContaining("no redemption is spent");

      Files.delete(fixture.spool(0));
      assertThat(store.lease(samples.terms(LIVE))).as("as soon as there is one").isPresent();
    }
  }

  @Test
  void moreThanTheSpoolHoldsIsHeldInMemory() throws Exception {
    try (OpenStore store = fixture.open("run")) {
      var names = new ArrayList<GrantName>();
      for (int i = 0; i < 5; i++) {
        names.add(new GrantName("spain", "g" + i));
      }
      var leases = names.stream().map(name -> samples.lease(store, name)).toList();
      fixture.breakCommits();
      for (int i = 0; i < 5; i++) {
        assertThat(store.commit(leases.get(i), samples.first(names.get(i)))).isEqualTo(Kept.HELD);
      }
      assertThat(store.flush().held()).hasSize(5);
      assertThat(SpoolFile.contentsOf(fixture.spool(0), Disk.REAL))
          .as("once there is time to make room")
          .hasSize(5);
      fixture.mendCommits();
      assertThat(store.flush().stored()).containsExactlyElementsOf(names);
    }
  }

  @Test
  void whatCouldNotBeClearedFromTheSpoolIsClearedLaterAndSpoilsNothingNewer() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    StoreFixture after;
    try (OpenStore store = disk.open(fixture.location, "run", fixture.clock)) {
      hold(store);
      disk.fail(EnumSet.of(FaultyDisk.Part.SPOOL), FaultyDisk.How.FAILING, 1, true);
      fixture.mendCommits();
      assertThat(store.flush().stored()).containsExactly(LIVE);
      assertThat(SpoolFile.contentsOf(fixture.spool(0), Disk.REAL)).hasSize(1);
      disk.mend();
      Lease second = samples.lease(store, LIVE);
      fixture.breakCommits();
      assertThat(store.commit(second, samples.next(LIVE, 2))).isEqualTo(Kept.HELD);

      assertThat(store.flush().held()).containsExactly(LIVE);
      assertThat(SpoolFile.contentsOf(fixture.spool(0), Disk.REAL)).hasSize(1);
      after = afterACrash();
    }
    after.mendCommits();
    try (OpenStore store = after.open("run")) {
      assertThat(store.find(LIVE).orElseThrow().current()).isEqualTo(samples.generation(LIVE, 3));
    }
  }

  @Test
  void whatAFailedSyncMayHaveBroughtToTheDiskIsNotOverwrittenByAnotherGrants() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    StoreFixture after;
    try (OpenStore store = disk.open(fixture.location, "run", fixture.clock)) {
      samples.bringIn(store, SANDBOX);
      Lease first = samples.lease(store, LIVE);
      Lease second = samples.lease(store, SANDBOX);
      fixture.breakCommits();
      disk.fail(EnumSet.of(FaultyDisk.Part.SPOOL), FaultyDisk.How.UNTOLD, 2, false);
      assertThat(store.commit(first, samples.next(LIVE, 1))).isEqualTo(Kept.HELD);
      assertThat(store.commit(second, samples.next(SANDBOX, 1))).isEqualTo(Kept.HELD);
      after = afterACrash();
    }
    assertThatBothMovedOn(after);
  }

  @Test
  void aSpoolThatIsDeletedIsMadeAnewWithAllThatItHeld() throws Exception {
    try (OpenStore store = fixture.open("run")) {
      samples.bringIn(store, SANDBOX);
      Lease other = samples.lease(store, SANDBOX);
      hold(store);
      assertThat(store.commit(other, samples.next(SANDBOX, 1))).isEqualTo(Kept.HELD);
      Files.delete(fixture.spool(0));

      assertThat(store.flush().held()).containsExactly(LIVE, SANDBOX);

      assertThat(SpoolFile.contentsOf(fixture.spool(0), Disk.REAL)).hasSize(2);
      fixture.mendCommits();
    }
  }

  @Test
  void aSpoolWhoseSyncFailsAgainAndAgainHoldsOneCopyAndNoneWhenTheStoreIsBack() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    try (OpenStore store = disk.open(fixture.location, "run", fixture.clock)) {
      Lease lease = samples.lease(store, LIVE);
      disk.fail(EnumSet.of(FaultyDisk.Part.SPOOL), FaultyDisk.How.UNTOLD, 2, true);
      fixture.breakCommits();
      assertThat(store.commit(lease, samples.next(LIVE, 1))).isEqualTo(Kept.HELD);
      for (int i = 0; i < 5; i++) {
        assertThat(store.flush().held()).containsExactly(LIVE);
      }
      assertThat(SpoolFile.contentsOf(fixture.spool(0), Disk.REAL)).hasSize(1);

      disk.mend();
      fixture.mendCommits();
      assertThat(store.flush().stored()).containsExactly(LIVE);
      try (OpenStore onlooker = fixture.openToRead()) {
        assertThat(onlooker.held()).as("what status says").isEmpty();
      }
    }
  }

  @Test
  void anInterruptedThreadSpoolsAsWell() throws Exception {
    try (OpenStore store = fixture.open("run")) {
      Thread.currentThread().interrupt();
      try {
        hold(store);
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
      assertThat(SpoolFile.contentsOf(fixture.spool(0), Disk.REAL)).hasSize(1);
      fixture.mendCommits();
    }
  }

  @Test
  void whatADeadProcessHeldIsStoredAtTheNextStart() throws Exception {
    StoreFixture after = afterACrashWhileItHeld();
    after.mendCommits();

    try (OpenStore store = after.open("run")) {
      assertThat(store.held()).isEmpty();
      assertThat(store.find(LIVE).orElseThrow().current()).isEqualTo(samples.generation(LIVE, 2));
      assertThat(store.find(LIVE).orElseThrow().previous()).isEqualTo(samples.generation(LIVE, 1));
      assertThat(Samples.log(store)).hasSize(2);
      assertThat(after.spool(0)).as("a spool of the dead, emptied, goes").doesNotExist();
    }
  }

  @Test
  void whatADeadProcessHeldGoesOnWaitingIfTheStoreIsStillBroken() throws Exception {
    StoreFixture after = afterACrashWhileItHeld();

    try (OpenStore store = after.open("run")) {
      assertThat(store.held()).containsExactly(LIVE);
      assertThatThrownBy(() -> store.lease(samples.terms(LIVE)))
          .isInstanceOf(StoreException.Unavailable.class);
      assertThat(store.lease(samples.terms(FRANCE))).isPresent();
      after.mendCommits();
      assertThat(store.flush().stored()).containsExactly(LIVE);
    }
  }

  @Test
  void whatWasOvertakenIsDropped() throws Exception {
    StoreFixture after = afterACrashWhileItHeld();
    after.mendCommits();
    try (JdbcStore another = new JdbcStore(after)) {
      fixture.clock.advance(Duration.ofMinutes(2));
      after.clock.advance(Duration.ofMinutes(2));
      Lease lease = samples.lease(another.store, LIVE);
      another.store.commit(lease, samples.next(LIVE, 1));
      another.store.commit(lease, samples.next(LIVE, 2));
      another.store.commit(lease, samples.next(LIVE, 3));
    }

    try (OpenStore store = after.open("run")) {
      assertThat(store.held()).isEmpty();
      assertThat(store.findRecord(LIVE).orElseThrow().generation()).isEqualTo(4);
    }
  }

  private static void forget(JdbcStore another, Samples samples) {
    Entry entry = Entry.of(samples.now(), LIVE, Event.FORGOTTEN, null);
    another.store.forget(samples.lease(another.store, LIVE), entry);
  }

  @Test
  void whatIsHeldOfAForgottenGrantIsDroppedAsThatAndOverwritesNoNewConsent() throws Exception {
    StoreFixture after = afterACrashWhileItHeld();
    after.mendCommits();
    Commit like = samples.first(LIVE);
    Generation consented = new Generation(1, RefreshToken.of("another"), null, null);
    try (JdbcStore another = new JdbcStore(after)) {
      after.clock.advance(Duration.ofMinutes(2));
      forget(another, after.samples);
      another.store.commit(
          after.samples.lease(another.store, LIVE),
          new Commit(
              LIVE,
              0,
              null,
              consented,
              null,
              null,
              like.nextAttemptAt(),
              like.identity(),
              Learned.NOTHING,
              CircuitChanges.NONE,
              like.entries()));
    }

    try (OpenStore store = after.open("run")) {
      assertThat(store.held()).isEmpty();
      assertThat(store.find(LIVE).orElseThrow().current()).isEqualTo(consented);
    }
  }

  @Test
  void whatIsHeldOfAForgottenGrantIsNotSaidToBeOlderThanWhatTheStoreHas() throws Exception {
    try (OpenStore store = fixture.open("run");
        JdbcStore another = new JdbcStore(fixture);
        LogRecorder log = new LogRecorder()) {
      hold(store);
      fixture.clock.advance(Duration.ofMinutes(2));
      forget(another, samples);
      fixture.mendCommits();

      assertThat(store.flush().dropped()).containsExactly(LIVE);

      assertThat(log.lines())
          .contains(
              "WARN germany/live: generation 2 ("
                  + Samples.fingerprint(LIVE, 2)
                  + "), held since the store failed, is dropped: the grant was forgotten since, and"
                  + " the store has none of it");
    }
  }

  /** The database without a spool: a process that knows nothing of what others hold. */
  private static final class JdbcStore implements AutoCloseable {
    final JdbcTokenStore store;

    JdbcStore(StoreFixture fixture) {
      store = TokenStores.connect(fixture.location, "another", fixture.clock, Disk.REAL);
    }

    @Override
    public void close() {
      store.close();
    }
  }

  @Test
  void aGrantThatALiveProcessHoldsIsBusyForOthers() throws Exception {
    try (OpenStore daemon = fixture.open("run");
        OpenStore other = fixture.open("cli-1")) {
      hold(daemon);
      fixture.clock.advance(Duration.ofMinutes(2));

      assertThat(other.lease(samples.terms(LIVE))).isEmpty();
      assertThat(other.lease(samples.terms(SANDBOX))).isPresent();

      fixture.mendCommits();
      daemon.flush();
      assertThat(other.lease(samples.terms(LIVE))).isPresent();
      assertThat(other.findRecord(LIVE).orElseThrow().generation()).isEqualTo(2);
    }
  }

  @Test
  void whatAProcessHeldThatDiedMeanwhileIsStoredBeforeItsGrantIsLeased() throws Exception {
    StoreFixture after;
    try (OpenStore store = fixture.open("cli-1")) {
      hold(store);
      after = afterACrash();
      fixture.mendCommits();
    }
    after.mendCommits();
    Path hidden = folder.resolve("hidden");
    Files.move(after.spool(0), hidden);
    try (OpenStore daemon = after.open("run")) {
      Files.move(hidden, after.spool(7));

      assertThat(daemon.lease(samples.terms(LIVE))).isPresent();
      assertThat(daemon.findRecord(LIVE).orElseThrow().generation()).isEqualTo(2);
      assertThat(after.spool(7)).doesNotExist();
    }
  }

  @Test
  void aTornSlotHoldsNothing() throws Exception {
    StoreFixture after = afterACrashWhileItHeld();
    after.mendCommits();
    byte[] bytes = Files.readAllBytes(after.spool(0));
    bytes[200] ^= 1;
    Files.write(after.spool(0), bytes);

    try (OpenStore store = after.open("run")) {
      assertThat(store.held()).isEmpty();
      assertThat(store.findRecord(LIVE).orElseThrow().generation()).isEqualTo(1);
    }
  }

  @Test
  void whatCannotBeStoredBeforeCloseStaysInTheSpool() throws Exception {
    try (OpenStore store = fixture.open("run")) {
      hold(store);
      Thread.currentThread().interrupt(); // no patience: as a daemon that must end now
    }
    assertThat(Thread.interrupted()).isTrue();
    fixture.mendCommits();

    try (OpenStore store = fixture.open("run")) {
      assertThat(store.findRecord(LIVE).orElseThrow().generation()).isEqualTo(2);
    }
  }

  /** Another process writes to the store and does not end. */
  private Connection lock() throws SQLException {
    Connection connection = fixture.connection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
    }
    return connection;
  }

  @Test
  void aProcessThatMustEndDoesNotWaitForAStoreThatIsLocked() throws Exception {
    try (OpenStore store = fixture.open("run")) {
      Lease lease = samples.lease(store, LIVE);
      try (Connection lock = lock()) {
        CompletableFuture<Kept> commit =
            CompletableFuture.supplyAsync(() -> store.commit(lease, samples.next(LIVE, 1)));
        store.hurry();

        assertThat(commit.get(8, TimeUnit.SECONDS)).isEqualTo(Kept.HELD);
        assertThat(SpoolFile.contentsOf(fixture.spool(0), Disk.REAL)).hasSize(1);
        assertThat(lock.isClosed()).isFalse();
      }
      assertThat(store.flush().stored()).containsExactly(LIVE);
    }
  }

  @Test
  void howeverMuchIsHeldALockedStoreIsClosedSoon() throws Exception {
    List<GrantName> names = new ArrayList<>();
    OpenStore store = TokenStores.openToWrite(fixture.location, "run", 20, fixture.clock);
    for (int i = 0; i < 20; i++) {
      names.add(new GrantName("spain", "g" + i));
    }
    List<Lease> leases = names.stream().map(name -> samples.lease(store, name)).toList();
    try (Connection lock = lock()) {
      store.hurry();
      for (int i = 0; i < 20; i++) {
        store.commit(leases.get(i), samples.first(names.get(i)));
      }
      long from = System.nanoTime();
      store.close();

      assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(8));
      assertThat(lock.isClosed()).isFalse();
    }
    try (OpenStore next = fixture.open("run")) {
      assertThat(next.records(null, 100)).hasSize(21);
    }
  }
}
