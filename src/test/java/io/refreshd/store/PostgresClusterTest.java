package io.refreshd.store;

import static io.refreshd.store.Samples.FRANCE;
import static io.refreshd.store.Samples.LIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.LeaseTerms;
import io.refreshd.rotation.Leased;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.Node;
import io.refreshd.rotation.StaleGenerationException;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.TokenStore.Kept;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two daemons on one database, as on two machines: whose lease is over, who lives, who is right.
 */
class PostgresClusterTest {

  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final String ONE = "run@one/1";
  private static final String TWO = "run@two/2";

  @TempDir Path folder;
  private PostgresFixture fixture;
  private OpenStore one;

  @BeforeEach
  void oneIsThere() {
    fixture = new PostgresFixture(folder);
    one = open(ONE, Duration.ZERO);
    fixture.samples.bringIn(one, LIVE);
    cluster(one).beat();
  }

  @AfterEach
  void close() {
    one.close();
  }

  /** A daemon whose clock is off. */
  private OpenStore open(String owner, Duration off) {
    return TokenStores.openToWrite(
        fixture.location,
        owner,
        3,
        Clock.offset(fixture.clock, off),
        Samples.nanosOf(fixture.clock),
        Disk.REAL);
  }

  private static Cluster cluster(OpenStore store) {
    return store.cluster().orElseThrow();
  }

  private Optional<Leased> lease(OpenStore store, GrantName grant, Duration off, boolean marks) {
    Instant now = fixture.clock.instant().plus(off);
    return store.lease(new LeaseTerms(grant, now, now.plus(LEASE), marks));
  }

  private void silence(String owner, Duration time) throws Exception {
    fixture.execute(
        "UPDATE nodes SET seen_at = seen_at - "
            + time.toMillis() * 1_000
            + " WHERE owner = '"
            + owner
            + "'");
  }

  @Test
  void aPlainLeaseOfANodeThatIsTakenForDeadIsOver() throws Exception {
    assertThat(lease(one, LIVE, Duration.ZERO, false)).isPresent();
    try (OpenStore two = open(TWO, Duration.ZERO)) {
      silence(ONE, Node.DEAD_AFTER.minusSeconds(8));
      assertThat(lease(two, LIVE, Duration.ZERO, false)).as("it is only slow").isEmpty();
      silence(ONE, Duration.ofSeconds(8));

      assertThat(lease(two, LIVE, Duration.ZERO, false)).isPresent();
    }
  }

  @Test
  void whoWasTakenForDeadAndComesBackOverwritesNothing() throws Exception {
    Lease late = lease(one, LIVE, Duration.ZERO, false).orElseThrow().lease();
    try (OpenStore two = open(TWO, Duration.ZERO)) {
      silence(ONE, Node.DEAD_AFTER);
      Lease taken = lease(two, LIVE, Duration.ZERO, false).orElseThrow().lease();
      assertThat(two.commit(taken, fixture.samples.next(LIVE, 1))).isEqualTo(Kept.STORED);
      fixture.samples.rotate(two, LIVE, 2);
      fixture.samples.rotate(two, LIVE, 3);

      assertThatThrownBy(() -> one.commit(late, fixture.samples.next(LIVE, 1)))
          .isInstanceOf(StaleGenerationException.class);
      assertThat(two.find(LIVE).orElseThrow().current().number()).isEqualTo(4);
    }
  }

  @Test
  void aLeaseThatPresentsASingleUseTokenLastsForItsTimeWhoeverIsTakenForDead() throws Exception {
    assertThat(lease(one, LIVE, Duration.ZERO, true)).isPresent();
    try (OpenStore two = open(TWO, Duration.ZERO)) {
      silence(ONE, Duration.ofMinutes(30));
      assertThat(lease(two, LIVE, Duration.ZERO, true)).isEmpty();
      assertThat(two.findRecord(LIVE).orElseThrow().unanswered()).isFalse();

      fixture.age(LEASE);

      Leased leased = lease(two, LIVE, Duration.ZERO, true).orElseThrow();
      assertThat(Objects.requireNonNull(leased.stored()).record().unanswered())
          .as("then it may have been presented: nobody presents it again by himself")
          .isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-5, 5})
  void noNodesClockHasASayInWhenALeaseEnds(long hours) throws Exception {
    Duration off = Duration.ofHours(hours);
    try (OpenStore two = open(TWO, off)) {
      assertThat(lease(one, LIVE, Duration.ZERO, false)).isPresent();
      assertThat(lease(two, LIVE, off, false)).as("it is live").isEmpty();
      assertThat(lease(two, FRANCE, off, true)).isPresent();
      assertThat(lease(one, FRANCE, Duration.ZERO, true)).as("so is the other's").isEmpty();
      fixture.age(LEASE);

      assertThat(lease(two, LIVE, off, false)).isPresent();
      assertThat(lease(one, FRANCE, Duration.ZERO, true)).isPresent();
    }
  }

  /** It was ahead when somebody leased who has died since, and was set right. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLeaseOfTheDeadEndsThoughTheDatabasesClockWasSetBackSince(boolean marks) throws Exception {
    Duration back = Duration.ofDays(365);
    assertThat(lease(one, LIVE, Duration.ZERO, marks)).isPresent();
    try (OpenStore two = open(TWO, Duration.ZERO)) {
      fixture.age(back.negated());
      assertThat(lease(two, LIVE, Duration.ZERO, true)).as("its holder still says so").isEmpty();
      silence(ONE, back.negated());

      Leased leased = lease(two, LIVE, Duration.ZERO, true).orElseThrow();

      assertThat(Objects.requireNonNull(leased.stored()).record().unanswered()).isEqualTo(marks);
    }
  }

  @Test
  void aLeaseOfACommandEndsThoughTheDatabasesClockWasSetBackSince() throws Exception {
    try (OpenStore command = open("cli-1", Duration.ZERO)) {
      assertThat(lease(command, LIVE, Duration.ZERO, true)).isPresent();
    }
    fixture.age(Duration.ofMinutes(-1));
    assertThat(lease(one, LIVE, Duration.ZERO, true)).as("it may be live").isEmpty();
    fixture.age(Duration.ofMinutes(-1));

    assertThat(lease(one, LIVE, Duration.ZERO, true)).isPresent();
  }

  /** As a command has it that began before. */
  @Test
  void whoKnowsTheDatabasesTimeOfBeforeItsClockWasSetTakesNoLiveLease() {
    try (OpenStore two = open(TWO, Duration.ZERO)) {
      two.records(null, 1); // knows the time from now on
      fixture.clock.advance(Duration.ofHours(1)); // as if it had been an hour ahead until now
      assertThat(lease(one, LIVE, Duration.ZERO, true)).isPresent();

      assertThat(lease(two, LIVE, Duration.ZERO, true)).isEmpty();
    }
  }

  @Test
  void theLogSaysWhichNodeRotatedAndProvesIt() throws Exception {
    try (OpenStore two = open(TWO, Duration.ZERO);
        OpenStore command = open("cli-42", Duration.ZERO)) {
      fixture.samples.rotate(two, LIVE, 1);
      fixture.samples.rotate(command, LIVE, 2);

      assertThat(Samples.log(two))
          .extracting(LoggedEntry::node)
          .satisfiesExactly(
              node -> assertThat(node).isEqualTo("one/1"),
              node -> assertThat(node).isEqualTo("two/2"),
              node -> assertThat(node).as("a command is no node").isNull());
      assertThat(two.verifyLog().faults()).isEmpty();
      fixture.execute("UPDATE rotation_log SET node = 'one/1' WHERE node = 'two/2'");
      assertThat(two.verifyLog().faults()).as("it cannot be changed unseen").isNotEmpty();
    }
  }

  @Test
  void everyNodeIsSeenUntilItLeaves() throws Exception {
    try (OpenStore two = open(TWO, Duration.ZERO)) {
      Cluster.Beat beat = cluster(two).beat();
      assertThat(beat.self().name()).isEqualTo("two/2");
      assertThat(beat.nodes()).extracting(Node::name).containsExactly("one/1", "two/2");
      assertThat(beat.nodes()).allMatch(Node::isAlive);
      assertThat(beat.schema()).isEqualTo(beat.known()).isEqualTo(Migrations.NEWEST);

      silence(ONE, Node.DEAD_AFTER);
      assertThat(two.nodes()).extracting(Node::isAlive).containsExactly(false, true);
      cluster(two).leave();
      try (OpenStore looking = fixture.openToRead()) {
        assertThat(looking.nodes()).extracting(Node::name).containsExactly("one/1");
      }
      silence(ONE, Duration.ofHours(1));
      assertThat(cluster(two).beat().nodes()).as("for an hour").hasSize(1);
    }
  }

  @Test
  void aNodeKnowsHowFarItsClockIsOff() {
    Clock wrong = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-7));
    try (OpenStore two =
        TokenStores.openToWrite(fixture.location, TWO, 3, wrong, System::nanoTime, Disk.REAL)) {
      Node self = cluster(two).beat().self();

      assertThat(self.skew()).isBetween(Duration.ofSeconds(-8), Duration.ofSeconds(-6));
      assertThat(self.isOff()).isTrue();
    }
  }

  @Test
  void whoStandsBackLeasesNothing() {
    cluster(one).standBack("it is too old");

    assertThatThrownBy(() -> lease(one, LIVE, Duration.ZERO, false))
        .isInstanceOf(StoreException.Unavailable.class)
        .hasMessage("germany/live: it is too old");

    cluster(one).standBack(null);
    assertThat(lease(one, LIVE, Duration.ZERO, false)).isPresent();
  }

  @Test
  void aRunningNodeSeesThatANewerProgramHasChangedTheStore() throws Exception {
    fixture.execute(
        "INSERT INTO schema_history (installed_rank, version, description, type, script,"
            + " installed_by, execution_time, success)"
            + " VALUES (999, '999', '', 'SQL', '', '', 0, true)");
    try {
      Cluster.Beat beat = cluster(one).beat();

      assertThat(beat.schema()).isEqualTo(999).isGreaterThan(beat.known());
      assertThatThrownBy(() -> open(TWO, Duration.ZERO))
          .hasMessageContaining("was written by a newer refreshd (schema 999, this one knows");
    } finally {
      fixture.execute("DELETE FROM schema_history WHERE installed_rank = 999");
    }
  }
}
