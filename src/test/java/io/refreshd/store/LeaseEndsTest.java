package io.refreshd.store;

import static io.refreshd.store.Samples.LIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.LeaseTerms;
import io.refreshd.rotation.Leased;
import io.refreshd.rotation.StaleGenerationException;
import io.refreshd.rotation.StoredGrant;
import io.refreshd.rotation.TokenStore.Kept;
import io.refreshd.testing.MutableClock;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whose lease is over: of two processes that share no clock, and of which one dies or stands still.
 */
class LeaseEndsTest {

  private static final Duration LEASE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private StoreFixture fixture;
  private Samples samples;

  /** What passes for both of them. */
  private MutableClock passing;

  private OpenStore holder;

  @BeforeEach
  void oneHoldsALease() {
    fixture = new StoreFixture(folder);
    samples = fixture.samples;
    passing = fixture.clock;
    holder = fixture.open("cli-1");
    samples.bringIn(holder, LIVE);
  }

  @AfterEach
  void close() {
    holder.close();
  }

  /** Another process, whose clock is off by so much. */
  private OpenStore other(Duration off) {
    return TokenStores.openToWrite(
        fixture.location,
        "cli-2",
        3,
        Clock.offset(passing, off),
        Samples.nanosOf(passing),
        Disk.REAL);
  }

  private Optional<Leased> lease(OpenStore store, Duration off, boolean marks) {
    Instant now = passing.instant().plus(off);
    return store.lease(new LeaseTerms(LIVE, now, now.plus(LEASE), marks));
  }

  private static StoredGrant stored(Leased leased) {
    return Objects.requireNonNull(leased.stored());
  }

  @ParameterizedTest
  @ValueSource(longs = {-5, 0, 5})
  void theLeaseOfADeadProcessIsOverAtOnceWhateverTheClocks(long hours) {
    Duration off = Duration.ofHours(hours);
    lease(holder, Duration.ZERO, true);
    holder.close(); // its lock is free now, its lease stands

    try (OpenStore other = other(off)) {
      Leased leased = lease(other, off, true).orElseThrow();
      assertThat(stored(leased).record().unanswered()).as("it may have been presented").isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-5, 0, 5})
  void thatOfALiveProcessIsOverWhenItWasWatchedForAsLongAsItLasts(long hours) {
    Duration off = Duration.ofHours(hours);
    lease(holder, Duration.ZERO, false);

    try (OpenStore other = other(off)) {
      assertThat(lease(other, off, false)).as("seen for the first time").isEmpty();
      passing.advance(LEASE.minusMillis(1));
      assertThat(lease(other, off, false)).isEmpty();
      passing.advance(Duration.ofMillis(1));
      assertThat(lease(other, off, false)).isPresent();
    }
  }

  @Test
  void aLeaseThatFollowsIsWatchedAnew() {
    lease(holder, Duration.ZERO, false);
    try (OpenStore other = other(Duration.ZERO)) {
      assertThat(lease(other, Duration.ZERO, false)).isEmpty();
      passing.advance(LEASE);
      assertThat(lease(holder, Duration.ZERO, false)).as("its own, over by its time").isPresent();

      assertThat(lease(other, Duration.ZERO, false)).isEmpty();
    }
  }

  @Test
  void aLiveProcessThatPresentedASingleUseTokenIsWaitedForUntilItIsDead() {
    lease(holder, Duration.ZERO, true);

    try (OpenStore other = other(Duration.ZERO)) {
      assertThat(lease(other, Duration.ZERO, true)).isEmpty();
      passing.advance(Duration.ofDays(2));
      assertThat(lease(other, Duration.ZERO, true)).isEmpty();
      assertThat(other.findRecord(LIVE).orElseThrow().unanswered())
          .as("people are told all the same")
          .isTrue();

      holder.close();
      assertThat(lease(other, Duration.ZERO, true)).isPresent();
    }
  }

  @Test
  void whoeverLooksSeesAtOnceThatTheHolderOfAPresentedTokenIsDead() {
    lease(holder, Duration.ZERO, true);

    try (OpenStore other = other(Duration.ZERO);
        OpenStore looking = TokenStores.openToRead(fixture.location, passing)) {
      for (OpenStore store : List.of(other, looking)) {
        assertThat(store.findRecord(LIVE).orElseThrow().unanswered()).as("it lives").isFalse();
      }

      holder.close();
      for (OpenStore store : List.of(other, looking)) {
        assertThat(store.findRecord(LIVE).orElseThrow().unanswered()).isTrue();
        assertThat(store.records(List.of(LIVE))).allMatch(GrantRecord::unanswered);
        assertThat(store.records(null, 10)).allMatch(GrantRecord::unanswered);
      }
    }
  }

  @Test
  void whoComesBackWithTheOneSuccessorStoresIt() {
    Lease lease = samples.markingLease(holder, LIVE);
    try (OpenStore other = other(Duration.ZERO)) {
      passing.advance(Duration.ofHours(1));
      assertThat(lease(other, Duration.ZERO, true)).isEmpty();

      assertThat(holder.commit(lease, samples.next(LIVE, 1))).isEqualTo(Kept.STORED);

      Leased leased = lease(other, Duration.ZERO, true).orElseThrow();
      assertThat(stored(leased).current().number()).isEqualTo(2);
      assertThat(stored(leased).record().unanswered()).isFalse();
    }
  }

  @Test
  void whoComesBackLateWithAReusableTokenOverwritesNothing() {
    Lease late = samples.lease(holder, LIVE);
    try (OpenStore other = other(Duration.ZERO)) {
      lease(other, Duration.ZERO, false);
      passing.advance(LEASE);
      Lease taken = lease(other, Duration.ZERO, false).orElseThrow().lease();
      other.commit(taken, samples.next(LIVE, 1));
      samples.rotate(other, LIVE, 2);
      samples.rotate(other, LIVE, 3);

      assertThatThrownBy(() -> holder.commit(late, samples.next(LIVE, 1)))
          .isInstanceOf(StaleGenerationException.class);
      assertThat(other.find(LIVE).orElseThrow().current().number()).isEqualTo(4);
      assertThat(other.verifyLog().isProven()).isTrue();
    }
  }
}
