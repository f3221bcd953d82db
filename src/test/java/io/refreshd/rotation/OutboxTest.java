package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Alert.Change;
import io.refreshd.rotation.Alert.Concern;
import io.refreshd.rotation.Outbox.Waiting;
import io.refreshd.testing.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long deliveries wait, which of them are pointless, and what the rotation log says. */
class OutboxTest {

  private static final Instant AT = MutableClock.START;
  private static final Duration WEEK = Duration.ofDays(7);

  @Test
  void ofOneCauseOnlyTheNewestWaits() {
    List<Waiting> three =
        List.of(waiting(1, Change.RAISED), waiting(2, Change.REMINDED), waiting(3, Change.RAISED));

    assertThat(Outbox.stale(three, true, AT)).containsExactly(1L, 2L);
    assertThat(Outbox.stale(three, false, AT)).containsExactly(1L, 2L);
    assertThat(Outbox.stale(List.of(waiting(1, Change.RAISED)), false, AT)).isEmpty();
    assertThat(Outbox.stale(List.of(), false, AT)).isEmpty();
  }

  @Test
  void nobodyIsToldThatWhatTheyNeverHeardOfIsOver() {
    List<Waiting> both = List.of(waiting(1, Change.RAISED), waiting(2, Change.RECOVERED));

    assertThat(Outbox.stale(both, false, AT)).containsExactly(1L, 2L);
    assertThat(Outbox.stale(both, true, AT)).containsExactly(1L);
    assertThat(Outbox.stale(List.of(waiting(2, Change.RECOVERED)), false, AT)).containsExactly(2L);
  }

  @Test
  void whatIsInFlightIsLeftToItsOutcome() {
    Waiting raised = new Waiting(1, Change.RAISED, AT.plusMillis(1));
    Waiting recovered = new Waiting(2, Change.RECOVERED, AT.plusMillis(1));

    assertThat(Outbox.stale(List.of(raised, waiting(2, Change.RECOVERED)), false, AT)).isEmpty();
    assertThat(Outbox.stale(List.of(recovered), false, AT)).isEmpty();
  }

  @Test
  void whatSomebodyTookAndNeverAnsweredMayBeTold() {
    assertThat(Outbox.mayBeTold(List.of(new Waiting(1, Change.RAISED, AT)), AT)).isTrue();
    assertThat(Outbox.mayBeTold(List.of(new Waiting(1, Change.REMINDED, AT)), AT)).isTrue();
    assertThat(Outbox.mayBeTold(List.of(new Waiting(1, Change.RECOVERED, AT)), AT)).isFalse();
    assertThat(Outbox.mayBeTold(List.of(waiting(1, Change.RAISED)), AT)).isFalse();
    Waiting inFlight = new Waiting(1, Change.RAISED, AT.plusMillis(1));
    assertThat(Outbox.mayBeTold(List.of(inFlight), AT)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0, PT30S", "1, PT1M", "2, PT5M", "3, PT15M", "4, PT1H", "5, PT1H", "99, PT1H"})
  void eachFailureIsWaitedForLonger(int attempts, Duration wait) {
    Outbox.Failure failure = Outbox.afterFailure(delivery(attempts, AT), "no route", AT);

    Delivery retry = Objects.requireNonNull(failure.retry());
    assertThat(retry.nextAttemptAt()).isEqualTo(AT.plus(wait));
    assertThat(retry.attempts()).isEqualTo(attempts + 1);
    assertThat(retry.lastError()).isEqualTo("no route");
    assertThat(failure.entries()).hasSize(attempts == 0 ? 1 : 0);
  }

  @Test
  void theFirstFailureIsToldAndTheEnd() {
    assertThat(Outbox.afterFailure(delivery(0, AT), "no route", AT).entries())
        .containsExactly(
            entry(Event.ALERT_FAILED, "it happened [ops]: not delivered, it is retried: no route"));

    Outbox.Failure end = Outbox.afterFailure(delivery(170, AT.minus(WEEK)), "no route", AT);

    assertThat(end.retry()).isNull();
    assertThat(end.entries())
        .containsExactly(
            entry(Event.ALERT_FAILED, "it happened [ops]: given up after 171 attempts: no route"));
  }

  @Test
  void anAlertIsTriedForAWeek() {
    Instant last = AT.minus(WEEK).plus(Duration.ofHours(1));

    assertThat(Outbox.afterFailure(delivery(9, last), "no", AT).retry()).isNotNull();
    assertThat(Outbox.afterFailure(delivery(9, last.minusMillis(1)), "no", AT).retry()).isNull();
  }

  @Test
  void whatPeopleWereToldIsInTheLogOfTheGrantThatItIsAbout() {
    assertThat(Outbox.delivered(delivery(0, AT), AT))
        .isEqualTo(entry(Event.ALERTED, "it happened [ops]"));
    assertThat(Outbox.delivered(delivery("blocked/50057", "a/live", "b/live"), AT).grant())
        .isNull();
    for (String cause : List.of("credential/x", "clock-skew")) {
      assertThat(Outbox.delivered(delivery(cause, "client/id"), AT).grant()).as(cause).isNull();
    }
    for (Topic topic : Topic.values()) {
      boolean isAboutGrants = topic != Topic.CREDENTIAL && topic != Topic.CLOCK_SKEW;
      assertThat(Topic.of(topic.word())).isEqualTo(topic);
      assertThat(Topic.of(topic.word() + "/x").isAboutGrants()).isEqualTo(isAboutGrants);
    }
  }

  private static Entry entry(Event event, @Nullable String message) {
    return Entry.of(AT, GrantName.parse("germany/live"), event, message);
  }

  private static Waiting waiting(long id, Change change) {
    return new Waiting(id, change, null);
  }

  private static Delivery delivery(int attempts, Instant raisedAt) {
    Alert alert = alert("silence/host", raisedAt, "germany/live");
    return new Delivery(1, "ops", alert, attempts, raisedAt, null);
  }

  private static Delivery delivery(String cause, String... subjects) {
    return new Delivery(1, "ops", alert(cause, AT, subjects), 0, AT, null);
  }

  private static Alert alert(String cause, Instant at, String... subjects) {
    List<Concern> concerns =
        Stream.of(subjects).map(name -> new Concern(name, "what", null, null, null)).toList();
    return new Alert(cause, Change.RAISED, Level.WARNING, at, "it happened", concerns);
  }
}
