package io.refreshd.store;

import static io.refreshd.store.Samples.FRANCE;
import static io.refreshd.store.Samples.LIVE;
import static io.refreshd.store.Samples.SANDBOX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.Leased;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.StaleGenerationException;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.StoredGrant;
import io.refreshd.rotation.TokenStore.Kept;
import io.refreshd.testing.WholeGrant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rotations that share a transaction, on SQLite: each is as if it were alone. */
class GatheredWritesTest {

  private static final List<GrantName> GRANTS = List.of(LIVE, SANDBOX, FRANCE);

  @TempDir Path folder;
  StoreFixture fixture;
  Samples samples;
  JdbcTokenStore store;

  /** Another database is a subclass. */
  StoreFixture fixture(Path empty) {
    return new StoreFixture(empty);
  }

  @BeforeEach
  void threeGrants() {
    fixture = fixture(folder);
    samples = fixture.samples;
    store = TokenStores.connect(fixture.location, "run", fixture.clock, Disk.REAL);
    GRANTS.forEach(grant -> samples.bringIn(store, grant));
  }

  @AfterEach
  void closeIt() {
    store.close();
  }

  /** Starts them while another write is under way, and lets that end when all of them wait. */
  private <T> List<FutureTask<T>> together(List<Callable<T>> all) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    List<Thread> before = new ArrayList<>();
    for (GroupCommit writer : new HashSet<>(List.of(store.writer(), store.leases().beside()))) {
      before.add(underWay(writer, end));
    }
    List<FutureTask<T>> tasks = all.stream().map(FutureTask::new).toList();
    for (FutureTask<T> task : tasks) {
      Thread thread = new Thread(task);
      thread.start();
      // in this order, so that what is tested is the same each time
      while (thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
    end.countDown();
    for (Thread one : before) {
      one.join();
    }
    return tasks;
  }

  private static Thread underWay(GroupCommit writer, CountDownLatch end) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () ->
                writer.write(
                    false,
                    on -> {
                      begun.countDown();
                      return awaited(end);
                    }));
    thread.start();
    assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
    return thread;
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      return latch.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Callable<Optional<Leased>> leasing(GrantName grant) {
    return () -> store.lease(samples.terms(grant));
  }

  private Callable<Kept> committing(Lease lease, int expected) {
    return () -> store.commit(lease, samples.next(lease.grant(), expected));
  }

  @Test
  void leasesTakenTogetherEachSeeTheirOwnGrant() throws Exception {
    List<FutureTask<Optional<Leased>>> tasks =
        together(
            List.of(
                leasing(SANDBOX),
                leasing(GrantName.parse("germany/new")),
                leasing(LIVE),
                leasing(FRANCE)));

    List<StoredGrant> seen = new ArrayList<>();
    for (FutureTask<Optional<Leased>> task : tasks) {
      seen.add(task.get().orElseThrow().stored());
    }
    assertThat(seen.get(1)).as("it has no token yet").isNull();
    seen.remove(1);
    assertThat(seen)
        .extracting(one -> one.record().name(), StoredGrant::current)
        .containsExactly(
            tuple(SANDBOX, samples.generation(SANDBOX, 1)),
            tuple(LIVE, samples.generation(LIVE, 1)),
            tuple(FRANCE, samples.generation(FRANCE, 1)));
  }

  @Test
  void whatThereIsToTellOfAGrantIsSeenAmongOthersThatAreWell() throws Exception {
    assertThat(store.record(samples.lease(store, SANDBOX), samples.attempt(SANDBOX, 1)))
        .isEqualTo(Kept.STORED);
    WholeGrant before = WholeGrant.of(store.find(SANDBOX).orElseThrow());
    Callable<Optional<Leased>> marking = () -> store.lease(samples.markingTerms(FRANCE));

    List<FutureTask<Optional<Leased>>> tasks =
        together(List.of(leasing(LIVE), leasing(SANDBOX), marking));

    assertThat(whole(tasks.get(0))).isEqualTo(WholeGrant.of(store.find(LIVE).orElseThrow()));
    assertThat(whole(tasks.get(1))).isEqualTo(before);
    assertThat(before.record().standing().failures()).isEqualTo(2);
    assertThat(tasks.get(2).get().orElseThrow().stored())
        .extracting(StoredGrant::current)
        .isEqualTo(samples.generation(FRANCE, 1));
  }

  private static WholeGrant whole(FutureTask<Optional<Leased>> task) throws Exception {
    return WholeGrant.of(Objects.requireNonNull(task.get().orElseThrow().stored()));
  }

  @Test
  void aRefusalIsLoggedAmongGenerations() throws Exception {
    Lease live = samples.lease(store, LIVE);
    Lease sandbox = samples.lease(store, SANDBOX);
    Lease france = samples.lease(store, FRANCE);

    for (FutureTask<Kept> task :
        together(
            List.of(
                committing(live, 1),
                () -> store.record(sandbox, samples.attempt(SANDBOX, 1)),
                committing(france, 1)))) {
      assertThat(task.get()).isEqualTo(Kept.STORED);
    }

    List<LoggedEntry> log = Samples.log(store);
    assertThat(log.subList(3, log.size()))
        .extracting(logged -> logged.entry().grant(), logged -> logged.entry().refusal())
        .containsExactlyInAnyOrder(
            tuple(LIVE, null), tuple(SANDBOX, Samples.refusal()), tuple(FRANCE, null));
    assertThat(log).extracting(LoggedEntry::seq).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void moreThanOneStatementTakesAreLeasedTogether() throws Exception {
    List<Callable<Optional<Leased>>> many = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      many.add(leasing(GrantName.parse("germany/new-" + i)));
    }
    many.add(leasing(LIVE));

    for (FutureTask<Optional<Leased>> task : together(many)) {
      assertThat(task.get()).isPresent();
    }
    assertThat(store.lease(samples.terms(LIVE))).isEmpty();
  }

  @Test
  void ofTwoWhoLeaseOneGrantTogetherOneGetsIt() throws Exception {
    List<FutureTask<Optional<Leased>>> tasks =
        together(List.of(leasing(LIVE), leasing(LIVE), leasing(SANDBOX)));

    assertThat(tasks.get(0).get()).isPresent();
    assertThat(tasks.get(1).get()).isEmpty();
    assertThat(tasks.get(2).get()).isPresent();
  }

  @Test
  void aStaleCommitIsRefusedAmongOthersThatAreStored() throws Exception {
    Lease live = samples.lease(store, LIVE);
    Lease sandbox = samples.lease(store, SANDBOX);
    Lease france = samples.lease(store, FRANCE);

    List<FutureTask<Kept>> tasks =
        together(List.of(committing(sandbox, 1), committing(live, 7), committing(france, 1)));

    assertThat(tasks.get(0).get()).isEqualTo(Kept.STORED);
    assertThat(tasks.get(2).get()).isEqualTo(Kept.STORED);
    assertThatThrownBy(() -> tasks.get(1).get())
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(StaleGenerationException.class);
    assertThat(current(LIVE)).isEqualTo(1);
    assertThat(current(SANDBOX)).isEqualTo(2);
    assertThat(current(FRANCE)).isEqualTo(2);
    assertThat(store.find(SANDBOX).orElseThrow().previous())
        .isEqualTo(samples.generation(SANDBOX, 1));
    assertThat(GRANTS)
        .allSatisfy(grant -> assertThat(store.leases().find(samples.terms(grant))).isEmpty());
    assertThat(logged()).as("three brought in, two rotated").isEqualTo(5);
  }

  @Test
  void theSameCommitTwiceInOneTransactionIsStoredOnce() throws Exception {
    Lease live = samples.lease(store, LIVE);

    List<FutureTask<Kept>> tasks = together(List.of(committing(live, 1), committing(live, 1)));

    assertThat(tasks.get(0).get()).isEqualTo(Kept.STORED);
    assertThat(tasks.get(1).get()).isEqualTo(Kept.STORED);
    assertThat(current(LIVE)).isEqualTo(2);
    assertThat(logged()).isEqualTo(4);
  }

  @Test
  void aCommitThatFailsDoesNotFailTheOthers() throws Exception {
    Lease live = samples.lease(store, LIVE);
    Lease sandbox = samples.lease(store, SANDBOX);
    fixture.breakCommitsOf("sandbox");

    List<FutureTask<Kept>> tasks = together(List.of(committing(sandbox, 1), committing(live, 1)));

    assertThat(tasks.get(1).get()).isEqualTo(Kept.STORED);
    assertThatThrownBy(() -> tasks.get(0).get()).cause().isInstanceOf(StoreException.class);
    assertThat(current(LIVE)).isEqualTo(2);
    assertThat(current(SANDBOX)).isEqualTo(1);
    assertThat(store.leases().find(samples.terms(SANDBOX)))
        .as("nothing of it was written")
        .isPresent();
    fixture.mendCommits();
  }

  @Test
  void whoLeasesTogetherWithACommitOfTheSameGrantSeesItOrIsRefused() throws Exception {
    Lease live = samples.lease(store, LIVE);

    List<FutureTask<Object>> tasks =
        together(List.of(() -> store.lease(samples.terms(LIVE)), () -> committing(live, 1).call()));

    assertThat(tasks.get(1).get()).isEqualTo(Kept.STORED);
    Optional<?> leased = (Optional<?>) tasks.get(0).get();
    Leased got = (Leased) leased.orElse(null);
    if (got != null) {
      assertThat(got.stored())
          .extracting(StoredGrant::current)
          .isEqualTo(samples.generation(LIVE, 2));
    }
    assertThat(current(LIVE)).isEqualTo(2);
  }

  private int current(GrantName grant) {
    return store.findRecord(grant).orElseThrow().generation();
  }

  private int logged() {
    List<Object> entries = new ArrayList<>();
    store.read(LogQuery.after(0), entries::add);
    return entries.size();
  }
}
