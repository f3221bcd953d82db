package io.refreshd.store;

import static io.refreshd.store.Samples.FRANCE;
import static io.refreshd.store.Samples.LIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.rotation.StoreException.Unavailable;
import io.refreshd.testing.PostgresPast;
import io.refreshd.testing.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server goes back to an older state while a process has the store open: it fails over to a
 * standby that lagged behind, or somebody puts a dump in.
 */
class PostgresGoneBackTest {

  @TempDir Path folder;
  private PostgresPast past;
  private Samples samples;
  private OpenStore store;

  @BeforeEach
  void twoGrantsOfWhichOneMovesOn() {
    past = new PostgresPast(PostgresServer.newSchema());
    PostgresFixture fixture = new PostgresFixture(past.url(), folder);
    samples = fixture.samples;
    store = fixture.open("run");
    samples.bringIn(store, LIVE);
    samples.bringIn(store, FRANCE);
    past.remember();
    samples.rotate(store, LIVE, 1);
  }

  @AfterEach
  void close() {
    store.close();
    past.close();
  }

  private void assertThatNothingIsPresented() {
    assertThatThrownBy(() -> store.lease(samples.markingTerms(LIVE)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("germany/live: its token is not presented: the store has gone back")
        .hasMessageContaining("entry 3 of its rotation log was written and is not there any more");
    assertThat(store.hasGoneBack()).isTrue();
    assertThat(store.findLostHead()).map(lost -> lost.head().seq()).contains(3L);
  }

  @Test
  void aFailoverToALaggingStandbyDoesNotPresentASpentToken() {
    past.failOver();
    assertThatNothingIsPresented();
  }

  @Test
  void whatIsSeenToIsPresentedAgain() {
    past.failOver();
    assertThatNothingIsPresented();

    store.settled(store.findLostHead().orElseThrow().head());

    assertThat(store.hasGoneBack()).isFalse();
    assertThat(store.lease(samples.markingTerms(LIVE))).isPresent();
  }

  @Test
  void theNextProcessKnowsOfItToo() {
    past.failOver();
    assertThatNothingIsPresented();
    store.keepHead();
    store.close();

    store = new PostgresFixture(past.url(), folder).open("run");

    assertThat(store.findLostHead()).map(lost -> lost.head().seq()).contains(3L);
  }

  @Test
  void tokensThatLiveOnAreRotatedAllTheSame() {
    past.failOver();
    assertThatNothingIsPresented();

    samples.rotate(store, LIVE, 1);
    samples.rotate(store, FRANCE, 1);

    assertThat(store.findRecord(LIVE).orElseThrow().generation()).isEqualTo(2);
    assertThatNothingIsPresented();
  }

  @Test
  void aDumpThatIsPutInBeneathOpenConnectionsIsSeenBeforeATokenIsPresented() {
    past.putIn();
    assertThatNothingIsPresented();
  }

  @Test
  void aDumpThatIsPutInIsMissedAlsoWhenMoreWasWrittenSince() {
    past.putIn();
    samples.rotate(store, FRANCE, 1);
    assertThatNothingIsPresented();
  }

  @Test
  void whatAnotherDaemonWroteAndIsLostIsMissedAsWell() {
    try (OpenStore other = new PostgresFixture(past.url(), folder).open("run-other")) {
      other.keepHead();
      past.failOver();
      other.keepHead();
      assertThat(other.hasGoneBack()).as("it need not rotate anything to see it").isTrue();
      assertThatThrownBy(() -> other.lease(samples.markingTerms(LIVE)))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("has gone back");
    }
  }

  @Test
  void aStandbyThatIsNotYetAsFarIsNoFailoverThatLostSomething() {
    past.leadToStandby();
    store.keepHead();
    assertThatThrownBy(() -> store.lease(samples.markingTerms(LIVE)))
        .hasMessageContaining("is read-only (a standby?)");
    past.leadToPrimary();

    assertThat(store.lease(samples.markingTerms(LIVE))).isPresent();
    assertThat(store.hasGoneBack()).isFalse();
  }

  @Test
  void aServerThatWasAwayAndLostNothingWithholdsNothing() {
    past.cut();
    assertThat(store.lease(samples.markingTerms(LIVE))).isPresent();
    assertThat(store.hasGoneBack()).isFalse();
  }
}
