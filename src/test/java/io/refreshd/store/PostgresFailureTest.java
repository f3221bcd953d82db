package io.refreshd.store;

import static io.refreshd.store.Samples.LIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.rotation.Attempt;
import io.refreshd.rotation.CircuitChanges;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.Leased;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.Standing;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.StoreException.Unavailable;
import io.refreshd.rotation.TokenStore.Kept;
import io.refreshd.testing.CuttingProxy;
import io.refreshd.testing.CuttingProxy.Cut;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The connection to PostgreSQL is cut at the worst of times: nothing is lost. */
class PostgresFailureTest {

  @TempDir Path folder;
  private PostgresFixture direct;
  private PostgresFixture fixture;
  private Samples samples;
  private CuttingProxy proxy;
  private OpenStore store;

  @BeforeEach
  void aStoreBehindAProxy() throws Exception {
    direct = new PostgresFixture(folder);
    String url = ((PostgresLocation) direct.location).url();
    int port = URI.create(url.substring("jdbc:".length())).getPort();
    proxy = new CuttingProxy(port);
    // commits go over the wire by their name, and a server that hangs is given up soon
    fixture =
        new PostgresFixture(
            url.replace(":" + port + "/", ":" + proxy.port() + "/")
                + "&prepareThreshold=0&socketTimeout=1",
            folder);
    samples = fixture.samples;
    store = fixture.open("run");
    samples.bringIn(store, LIVE);
  }

  @AfterEach
  void close() throws Exception {
    proxy.cut(Cut.NEVER);
    store.close();
    proxy.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"NOW", "BEFORE_A_COMMIT", "AFTER_A_COMMIT", "HANGING"})
  void aSuccessorIsKeptWhenTheConnectionIsLostBetweenRedemptionAndCommit(Cut cut) {
    Lease lease = samples.lease(store, LIVE);
    proxy.cut(cut);

    assertThat(store.commit(lease, samples.next(LIVE, 1))).isEqualTo(Kept.HELD);
    assertThat(store.held()).containsExactly(LIVE);
    if (cut == Cut.NOW) {
      assertThatThrownBy(() -> store.lease(samples.terms(LIVE)))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("still waits to be stored");
      assertThat(store.flush().held()).containsExactly(LIVE);
    }
    proxy.cut(Cut.NEVER);

    assertThat(store.flush().stored()).containsExactly(LIVE);
    assertThat(store.held()).isEmpty();
    assertThat(store.find(LIVE).orElseThrow().current()).isEqualTo(samples.generation(LIVE, 2));
    assertThat(Samples.log(store, Samples.query(0, Event.ROTATED, false, 0)))
        .as("once each, however often it was tried")
        .hasSize(2);
    assertThat(store.verifyLog().faults()).isEmpty();
    samples.rotate(store, LIVE, 2);
  }

  @Test
  void aConnectionThatWasCutWhileNobodyUsedItIsNotNoticed() {
    proxy.cut(Cut.NOW);
    proxy.cut(Cut.NEVER);

    samples.rotate(store, LIVE, 1);

    assertThat(store.held()).isEmpty();
    assertThat(store.find(LIVE).orElseThrow().current().number()).isEqualTo(2);
  }

  /** Such a server is waited for two minutes; a stop must not take that long. */
  private OpenStore ofAPatientProcess() {
    String url = ((PostgresLocation) fixture.location).url().replace("Timeout=1", "Timeout=120");
    return new PostgresFixture(url, folder).open("run");
  }

  @Test
  void aStopOnAServerThatHangsSpoolsTheSuccessorInFlight() throws Exception {
    try (OpenStore patient = ofAPatientProcess()) {
      Lease lease = samples.lease(patient, LIVE);
      proxy.cut(Cut.HANGING);
      CompletableFuture<Kept> commit =
          CompletableFuture.supplyAsync(() -> patient.commit(lease, samples.next(LIVE, 1)));
      patient.hurry();

      assertThat(commit.get(60, TimeUnit.SECONDS)).isEqualTo(Kept.HELD);
      assertThat(fixture.spool(1)).isNotEmptyFile();
    }
    proxy.cut(Cut.NEVER);

    assertThat(store.find(LIVE).orElseThrow().current().number()).isEqualTo(1);
    store.close();
    store = fixture.open("run"); // which finds what the other process left
    assertThat(store.find(LIVE).orElseThrow().current().number()).isEqualTo(2);
  }

  @Test
  void aStopWhileAServerHangsThatIsToBeConnectedDoesNotWaitForIt() throws Exception {
    try (OpenStore patient = ofAPatientProcess()) {
      Lease lease = samples.lease(patient, LIVE);
      proxy.cut(Cut.NOW);
      assertThat(patient.commit(lease, samples.next(LIVE, 1))).isEqualTo(Kept.HELD);
      proxy.cut(Cut.HANGING);
      CompletableFuture<OpenStore.Flushed> flush = CompletableFuture.supplyAsync(patient::flush);
      patient.hurry();

      assertThat(flush.get(60, TimeUnit.SECONDS).held()).containsExactly(LIVE);
    }
  }

  private int leases() throws SQLException {
    try (Connection connection = fixture.connection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM leases")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @Test
  void aLeaseInDoubtIsGivenBackAndLeavesNoMark() throws SQLException {
    proxy.cut(Cut.AFTER_A_COMMIT);
    assertThatThrownBy(() -> store.lease(samples.markingTerms(LIVE)))
        .isInstanceOf(Unavailable.class);
    assertThat(leases()).as("it was taken after all").isEqualTo(1);

    store.flush();

    assertThat(leases()).isZero();
    fixture.clock.advance(Duration.ofMinutes(5));
    assertThat(store.findRecord(LIVE).orElseThrow().unanswered()).isFalse();
    assertThat(store.lease(samples.markingTerms(LIVE))).isPresent();
  }

  /** How the token of a lease that marks it was refused could not be told at its time. */
  private void holdARefusal(Cut cut) {
    Lease lease = store.lease(samples.markingTerms(LIVE)).orElseThrow().lease();
    proxy.cut(cut);
    assertThat(store.record(lease, samples.attempt(LIVE, 1))).isEqualTo(Kept.HELD);
  }

  private static Attempt lostAnswer(Attempt like, Instant now) {
    Entry.Refusal lost = new Entry.Refusal(RefusalKind.LOST_ANSWER, null, null, null);
    return new Attempt(
        like.grant(),
        like.generation(),
        like.fingerprint(),
        like.corrected(),
        new Standing(1, 1, now, now, Event.UNREACHABLE, lost, "lost"),
        like.nextAttemptAt(),
        CircuitChanges.NONE,
        like.entries());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -5})
  void aRefusalThatIsToldLateDoesNotGoOverALostAnswerOfAnotherDaemon(long minutesOff)
      throws SQLException {
    try (OpenStore other = direct.open("run-b")) {
      holdARefusal(Cut.NOW);
      direct.age(Duration.ofMinutes(2));
      direct.clock.advance(Duration.ofMinutes(2));
      fixture.clock.advance(Duration.ofMinutes(2));
      Leased others = other.lease(direct.samples.markingTerms(LIVE)).orElseThrow();
      Attempt lost =
          lostAnswer(
              direct.samples.attempt(LIVE, 1),
              direct.clock.instant().plus(Duration.ofMinutes(minutesOff)));
      assertThat(other.record(others.lease(), lost)).isEqualTo(Kept.STORED);
    }
    proxy.cut(Cut.NEVER);
    store.flush();

    assertThat(store.findRecord(LIVE).orElseThrow().standing().why())
        .isEqualTo(new Entry.Refusal(RefusalKind.LOST_ANSWER, null, null, null));
    assertThat(Samples.log(store, Samples.query(0, Event.REFUSED, false, 0))).hasSize(1);
    assertThat(store.lease(samples.terms(LIVE))).as("it is not held any more").isPresent();
  }

  @Test
  void aRefusalThatWasRecordedAfterAllIsNotRecordedTwice() {
    holdARefusal(Cut.AFTER_A_COMMIT);

    store.flush();

    assertThat(Samples.log(store, Samples.query(0, Event.REFUSED, false, 0))).hasSize(1);
    assertThat(store.lease(samples.terms(LIVE))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"25P03", "25P04", "22000"})
  void aRefusalIsRecordedLaterWhateverTheServerSaid(String state) throws SQLException {
    Lease lease = store.lease(samples.markingTerms(LIVE)).orElseThrow().lease();
    fixture.execute(
        "CREATE OR REPLACE FUNCTION refusing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " RAISE 'no' USING ERRCODE = '"
            + state
            + "'; END $$",
        "CREATE TRIGGER refusing BEFORE UPDATE ON grants FOR EACH ROW EXECUTE FUNCTION refusing()");
    try {
      assertThat(store.record(lease, samples.attempt(LIVE, 1))).isEqualTo(Kept.HELD);
      store.flush();
      assertThatThrownBy(() -> store.lease(samples.terms(LIVE))).isInstanceOf(StoreException.class);
    } finally {
      fixture.execute("DROP FUNCTION refusing() CASCADE");
    }
    store.flush();

    assertThat(store.findRecord(LIVE).orElseThrow().standing().why()).isEqualTo(Samples.refusal());
    fixture.clock.advance(Duration.ofMinutes(2));
    assertThat(store.findRecord(LIVE).orElseThrow().unanswered()).isFalse();
  }

  @Test
  void aStoreThatIsAwayIsReadAgainWhenItIsBack() {
    proxy.cut(Cut.NOW);
    assertThatThrownBy(() -> store.records(null, 100)).isInstanceOf(Unavailable.class);
    proxy.cut(Cut.NEVER);

    assertThat(store.records(null, 100)).hasSize(1);
  }
}
