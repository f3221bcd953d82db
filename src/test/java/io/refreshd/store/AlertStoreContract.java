package io.refreshd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alert.Change;
import io.refreshd.rotation.AlertBook;
import io.refreshd.rotation.AlertStore;
import io.refreshd.rotation.Delivery;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.Level;
import io.refreshd.rotation.OpenAlert;
import io.refreshd.rotation.Outbox;
import io.refreshd.testing.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store of alerts does, whatever is behind it. A backend is a subclass. */
abstract class AlertStoreContract {

  static final String CAUSE = "needs-consent/50076";
  static final Duration FLIGHT = Outbox.FLIGHT;
  static final Duration YEAR = Duration.ofDays(365);

  final MutableClock clock = Samples.turnedByHand();

  /** The store of this test. */
  abstract AlertStore alerts();

  /** The rotation log, oldest first. */
  abstract List<Entry> log();

  @Test
  void aNewStoreRemembersNothing() {
    assertThat(alerts().open()).isEmpty();
    assertThat(take("ops")).isEmpty();
  }

  @Test
  void whatIsRememberedIsReadBackWholeAndReplaced() {
    OpenAlert one = open(CAUSE, Level.CRITICAL, 3, Set.of("germany/live", "fran\u00e7ais"));
    OpenAlert two = open("silence/host", Level.OK, 0, Set.of());

    commit(List.of(one, two), List.of());
    assertThat(alerts().open()).containsExactlyInAnyOrder(one, two);

    commit(List.of(two), List.of());
    assertThat(alerts().open()).containsExactly(two);
  }

  @Test
  void thoseThatWereNamedComeFirstAlsoWhenReadBack() {
    Set<String> namedFirst = new LinkedHashSet<>(List.of("z", "m", "a", "b"));
    commit(List.of(open(CAUSE, Level.CRITICAL, 3, namedFirst)), List.of());

    assertThat(alerts().open().get(0).subjects()).containsExactly("z", "m", "a", "b");
  }

  @Test
  void anAlertSaysHowManyThereAreThoughItNamesNotAllOfThem() {
    Alert alert = raised("a").ofAll(5_000);
    commit(alert, "ops");

    assertThat(take("ops").orElseThrow().alert()).isEqualTo(alert);
  }

  @Test
  void anAlertIsReadBackWholeOncePerChannel() {
    Alert alert =
        new Alert(
            CAUSE,
            Change.RAISED,
            Level.CRITICAL,
            clock.instant(),
            "germany/live and 1 other: a person must sign in",
            List.of(
                new Alert.Concern("germany/live", "what", "why: \u00fcber", "next", now(1)),
                new Alert.Concern("france/live", "", null, null, null)));

    commit(List.of(), List.of(alert), "ops", "mail");

    Delivery ops = take("ops").orElseThrow();
    assertThat(ops.alert()).isEqualTo(alert);
    assertThat(ops.channel()).isEqualTo("ops");
    assertThat(ops.attempts()).isZero();
    assertThat(ops.lastError()).isNull();
    assertThat(take("mail").orElseThrow().alert()).isEqualTo(alert);
    assertThat(take("pager")).isEmpty();
  }

  @Test
  void theOldestIsTakenFirstAndByOneOnly() {
    commit(raised("a"), "ops");
    commit(raised("b"), "ops");

    assertThat(take("ops").orElseThrow().alert().cause()).isEqualTo("blocked/a");
    assertThat(take("ops").orElseThrow().alert().cause()).isEqualTo("blocked/b");
    assertThat(take("ops")).isEmpty();
  }

  @Test
  void whatWasTakenAndNeverAnsweredIsTakenAgain() {
    commit(raised("a"), "ops");
    assertThat(take("ops")).isPresent();

    clock.advance(FLIGHT.minusMillis(1));
    assertThat(take("ops")).isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(take("ops")).isPresent();
  }

  @Test
  void aDeliveryIsLoggedOnceWithTheGrantItIsAbout() {
    commit(raised("a"), "ops");

    List<Entry> entries = alerts().delivered(take("ops").orElseThrow(), clock.instant());

    assertThat(entries)
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.event()).isEqualTo(Event.ALERTED);
              assertThat(entry.grant()).isEqualTo(GrantName.parse("germany/a"));
              assertThat(entry.message()).contains("germany/a: blocked", "ops");
            });
    assertThat(log()).isEqualTo(entries);
    clock.advance(Duration.ofDays(1));
    assertThat(take("ops")).isEmpty();
  }

  @Test
  void anAlertAboutSeveralIsLoggedAboutNobody() {
    Alert alert = alert("circuit/credential:1", Change.RAISED, "germany/a", "germany/b");
    commit(List.of(), List.of(alert), "ops");

    alerts().delivered(take("ops").orElseThrow(), clock.instant());

    assertThat(log()).singleElement().extracting(Entry::grant).isNull();
  }

  @Test
  void aFailureIsRetriedLongerAndLongerAndLoggedOnce() {
    commit(raised("a"), "ops");
    List<Duration> waits = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      Instant failedAt = clock.instant();
      alerts().failed(take("ops").orElseThrow(), "no route, try " + i, false, failedAt);
      clock.set(nextTake("ops"));
      waits.add(Duration.between(failedAt, clock.instant()));
    }

    assertThat(waits)
        .containsExactly(
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofHours(1));
    Delivery retried = take("ops").orElseThrow();
    assertThat(retried.attempts()).isEqualTo(7);
    assertThat(retried.lastError()).isEqualTo("no route, try 6");
    assertThat(log())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.event()).isEqualTo(Event.ALERT_FAILED);
              assertThat(entry.message()).contains("germany/a: blocked", "ops", "no route, try 0");
            });
  }

  @Test
  void afterSevenDaysItIsGivenUp() {
    commit(raised("a"), "ops");
    Instant start = clock.instant();
    for (Optional<Delivery> next = take("ops"); next.isPresent(); next = take("ops")) {
      alerts().failed(next.get(), "no route", false, clock.instant());
      clock.advance(Duration.ofHours(1));
    }

    assertThat(Duration.between(start, clock.instant()))
        .isBetween(Duration.ofDays(7).minusHours(1), Duration.ofDays(7).plusHours(1));
    assertThat(log()).extracting(Entry::event).containsOnly(Event.ALERT_FAILED).hasSize(2);
    assertThat(log().get(1).message()).contains("given up", "no route");
  }

  @Test
  void theNewerAlertOfACauseReplacesTheOneThatWaits() {
    commit(alert(CAUSE, Change.RAISED, "germany/a"), "ops");
    commit(alert("blocked/other", Change.RAISED, "germany/b"), "ops");
    commit(alert(CAUSE, Change.REMINDED, "germany/a"), "ops");

    assertThat(take("ops").orElseThrow().alert().cause()).isEqualTo("blocked/other");
    assertThat(take("ops").orElseThrow().alert().change()).isEqualTo(Change.REMINDED);
    assertThat(take("ops")).isEmpty();
  }

  @Test
  void aRecoveryFromWhatWasNeverToldIsNotTold() {
    commit(alert(CAUSE, Change.RAISED, "germany/a"), "ops");
    alerts().failed(take("ops").orElseThrow(), "no route", false, clock.instant());
    commit(alert(CAUSE, Change.RECOVERED, "germany/a"), "ops");

    clock.advance(Duration.ofDays(1));
    assertThat(take("ops")).isEmpty();
  }

  @Test
  void aRecoveryIsToldOfWhatWasToldThoughAReminderWaits() {
    commit(alert(CAUSE, Change.RAISED, "germany/a"), "ops");
    alerts().delivered(take("ops").orElseThrow(), clock.instant());
    commit(alert(CAUSE, Change.REMINDED, "germany/a"), "ops");
    commit(alert(CAUSE, Change.RECOVERED, "germany/a"), "ops");

    Delivery recovery = take("ops").orElseThrow();
    assertThat(recovery.alert().change()).isEqualTo(Change.RECOVERED);
    alerts().delivered(recovery, clock.instant());
    assertThat(take("ops")).isEmpty();
  }

  @Test
  void eachChannelHearsTheRecoveryOfWhatItWasTold() {
    commit(alert(CAUSE, Change.RAISED, "germany/a"), "ops", "mail");
    alerts().delivered(take("ops").orElseThrow(), clock.instant());
    alerts().failed(take("mail").orElseThrow(), "no route", false, clock.instant());
    commit(alert(CAUSE, Change.RECOVERED, "germany/a"), "ops", "mail");

    clock.advance(Duration.ofDays(1));
    assertThat(take("ops").orElseThrow().alert().change()).isEqualTo(Change.RECOVERED);
    assertThat(take("mail")).isEmpty();
  }

  @Test
  void aRecoveryWaitsForTheOutcomeOfWhatIsInFlight() {
    commit(alert(CAUSE, Change.RAISED, "germany/a"), "ops", "mail");
    Delivery arrives = take("ops").orElseThrow();
    Delivery fails = take("mail").orElseThrow();
    commit(alert(CAUSE, Change.RECOVERED, "germany/a"), "ops", "mail");

    assertThat(take("ops")).as("what it recovers from has not arrived yet").isEmpty();
    assertThat(take("mail")).isEmpty();
    alerts().delivered(arrives, clock.instant());
    alerts().failed(fails, "no route", false, clock.instant());

    clock.advance(Duration.ofDays(1));
    assertThat(take("ops").orElseThrow().alert().change()).isEqualTo(Change.RECOVERED);
    assertThat(take("mail")).isEmpty();
  }

  @Test
  void whatIsInFlightHoldsUpNoOtherCauseAndNoOtherChannel() {
    commit(alert(CAUSE, Change.RAISED, "germany/a"), "ops");
    assertThat(take("ops")).isPresent();
    commit(alert("blocked/other", Change.RAISED, "germany/b"), "ops");
    commit(alert(CAUSE, Change.REMINDED, "germany/a"), "mail");

    assertThat(take("ops").orElseThrow().alert().cause()).isEqualTo("blocked/other");
    assertThat(take("mail").orElseThrow().alert().cause()).isEqualTo(CAUSE);
  }

  @Test
  void whatWasInFlightWhenItsProcessDiedIsStaleOnceThereIsANewerOne() {
    commit(alert(CAUSE, Change.RAISED, "germany/a"), "ops");
    assertThat(take("ops")).isPresent();
    commit(alert(CAUSE, Change.REMINDED, "germany/a"), "ops");

    clock.advance(FLIGHT);
    assertThat(take("ops").orElseThrow().alert().change()).isEqualTo(Change.REMINDED);
    assertThat(take("ops")).isEmpty();
  }

  @Test
  void aRecoveryIsToldOfWhatMayHaveArrivedThoughNobodySaidSo() {
    commit(alert(CAUSE, Change.RAISED, "germany/a"), "ops");
    alerts().failed(take("ops").orElseThrow(), "no reply in time", true, clock.instant());
    commit(alert(CAUSE, Change.RECOVERED, "germany/a"), "ops");

    Delivery recovery = take("ops").orElseThrow();
    assertThat(recovery.alert().change()).isEqualTo(Change.RECOVERED);
    alerts().failed(recovery, "no reply in time", true, clock.instant());
    clock.advance(Duration.ofSeconds(30));
    Delivery again = take("ops").orElseThrow();
    assertThat(again.alert().change()).isEqualTo(Change.RECOVERED);
    alerts().delivered(again, clock.instant());
    assertThat(take("ops")).isEmpty();
  }

  @Test
  void aRecoveryIsToldOfWhatWasInFlightWhenItsProcessDied() {
    commit(alert(CAUSE, Change.RAISED, "germany/a"), "ops", "mail");
    assertThat(take("ops")).as("the server has it, and the daemon is killed").isPresent();
    commit(alert(CAUSE, Change.RECOVERED, "germany/a"), "ops", "mail");

    clock.advance(FLIGHT);
    assertThat(take("ops").orElseThrow().alert().change()).isEqualTo(Change.RECOVERED);
    assertThat(take("ops")).isEmpty();
    assertThat(take("mail")).as("nobody took it there").isEmpty();
  }

  @Test
  void whatIsTakenAgainAfterItsProcessDiedIsRecoveredFromThoughItFailsNow() {
    commit(alert(CAUSE, Change.RAISED, "germany/a"), "ops");
    assertThat(take("ops")).isPresent();
    clock.advance(FLIGHT);
    alerts().failed(take("ops").orElseThrow(), "no route", false, clock.instant());
    commit(alert(CAUSE, Change.RECOVERED, "germany/a"), "ops");

    assertThat(take("ops").orElseThrow().alert().change()).isEqualTo(Change.RECOVERED);
  }

  @Test
  void whatWasTakenWhileTheClockWasAYearAheadIsTakenAgainOnceTheClockIsRight() {
    clock.advance(YEAR);
    commit(alert(CAUSE, Change.RAISED, "germany/a"), "ops");
    assertThat(take("ops")).as("and then its process dies").isPresent();
    clock.advance(YEAR.negated());

    assertThat(take("ops").orElseThrow().alert().change()).isEqualTo(Change.RAISED);
  }

  @Test
  void whatWasTakenWhileTheClockWasAYearAheadHoldsNoRecoveryUp() {
    clock.advance(YEAR);
    commit(alert(CAUSE, Change.RAISED, "germany/a"), "ops");
    assertThat(take("ops")).as("and then its process dies").isPresent();
    clock.advance(YEAR.negated());
    commit(alert(CAUSE, Change.RECOVERED, "germany/a"), "ops");

    assertThat(take("ops").orElseThrow().alert().change())
        .as("what it recovers from may have arrived")
        .isEqualTo(Change.RECOVERED);
    assertThat(take("ops")).isEmpty();
  }

  @Test
  void whatFailedWhileTheClockWasAYearAheadIsTriedAgainOnceTheClockIsRight() {
    commit(alert(CAUSE, Change.RAISED, "germany/a"), "ops");
    alerts().delivered(take("ops").orElseThrow(), clock.instant());
    clock.advance(YEAR);
    commit(alert(CAUSE, Change.RECOVERED, "germany/a"), "ops");
    alerts().failed(take("ops").orElseThrow(), "no route", false, clock.instant());
    clock.advance(YEAR.negated());

    assertThat(take("ops").orElseThrow().alert().change()).isEqualTo(Change.RECOVERED);
  }

  @Test
  void aCauseThatComesAgainIsTheNextStory() {
    commit(alert(CAUSE, Change.RAISED, "germany/a"), "ops");
    alerts().delivered(take("ops").orElseThrow(), clock.instant());
    commit(alert(CAUSE, Change.RECOVERED, "germany/a"), "ops");
    alerts().delivered(take("ops").orElseThrow(), clock.instant());
    commit(alert(CAUSE, Change.RAISED, "germany/a"), "ops");
    commit(alert(CAUSE, Change.RECOVERED, "germany/a"), "ops");

    assertThat(take("ops")).isEmpty();
  }

  @Test
  void whatWaitsForAChannelThatIsGoneIsDroppedAndLoggedInTheEnd() {
    commit(raised("a"), "ops", "mail");
    commit(raised("b"), "ops", "mail");
    clock.advance(Duration.ofDays(7).plusSeconds(1));

    List<Entry> entries = alerts().retain(List.of("ops"), clock.instant());

    assertThat(entries).hasSize(2).extracting(Entry::event).containsOnly(Event.ALERT_FAILED);
    assertThat(entries.get(0).message()).contains("mail", "no longer configured");
    assertThat(log()).isEqualTo(entries);
    assertThat(take("mail")).isEmpty();
    assertThat(take("ops")).isPresent();
  }

  @Test
  void aRecoveryIsToldThroughEachChannelThatToldOfTheTrouble() {
    commit(alert(CAUSE, Change.RAISED, "germany/a"), "ops", "pager");
    alerts().delivered(take("ops").orElseThrow(), clock.instant());
    alerts().failed(take("pager").orElseThrow(), "no route", false, clock.instant());

    commit(alert(CAUSE, Change.RECOVERED, "germany/a"), "mail");

    assertThat(take("ops").orElseThrow().alert().change()).isEqualTo(Change.RECOVERED);
    clock.advance(Duration.ofMinutes(1));
    assertThat(take("pager")).as("nobody heard of it there, and nobody has to").isEmpty();
    assertThat(take("mail")).isEmpty();
  }

  @Test
  void theOutboxIsBoundedAndTheOldestMakeRoom() {
    List<Alert> many = IntStream.range(0, Outbox.LIMIT + 2).mapToObj(i -> raised("g" + i)).toList();

    List<Entry> entries = commit(List.of(), many, "ops");

    assertThat(entries)
        .extracting(entry -> String.valueOf(entry.grant()))
        .containsExactly("germany/g0", "germany/g1");
    assertThat(log()).isEqualTo(entries);
    assertThat(take("ops").orElseThrow().alert().cause()).isEqualTo("blocked/g2");
  }

  @Test
  void whoeverComparedWithWhatIsNoLongerRememberedTellsNothing() {
    List<OpenAlert> before = alerts().open();
    commit(
        List.of(open("blocked/g1", Level.CRITICAL, 0, Set.of("g1"))),
        List.of(alert("blocked/g1", Change.RAISED, "g1")),
        "ops");
    List<OpenAlert> told = alerts().open();

    assertThat(
            alerts()
                .commit(
                    new AlertBook.Page(
                        before,
                        List.of(alert("blocked/g1", Change.RAISED, "g1")),
                        List.of(open("blocked/g1", Level.CRITICAL, 0, Set.of("g1")))),
                    List.of("ops"),
                    clock.instant()))
        .as("another daemon looked at the same time, and was first")
        .isEmpty();
    assertThat(alerts().open()).isEqualTo(told);
    assertThat(take("ops")).isPresent();
    assertThat(take("ops")).as("one cause is told once").isEmpty();
  }

  List<Entry> commit(Alert alert, String... channels) {
    return commit(List.of(), List.of(alert), channels);
  }

  List<Entry> commit(List<OpenAlert> open, List<Alert> alerts, String... channels) {
    return alerts()
        .commit(
            new AlertBook.Page(alerts().open(), alerts, open), List.of(channels), clock.instant())
        .orElseThrow();
  }

  Optional<Delivery> take(String channel) {
    return alerts().take(channel, clock.instant(), clock.instant().plus(FLIGHT));
  }

  Alert raised(String name) {
    return alert("blocked/" + name, Change.RAISED, "germany/" + name);
  }

  Alert alert(String cause, Change change, String... subjects) {
    List<Alert.Concern> concerns =
        List.of(subjects).stream()
            .map(subject -> new Alert.Concern(subject, "blocked", null, null, null))
            .toList();
    String title = subjects[0] + ": blocked";
    return new Alert(cause, change, Level.CRITICAL, clock.instant(), title, concerns);
  }

  OpenAlert open(String cause, Level level, int rung, Set<String> subjects) {
    return new OpenAlert(cause, now(-9), now(-5), now(-1), level, rung, subjects);
  }

  /** When the delivery that waits for the channel can be taken, to the second. */
  private Instant nextTake(String channel) {
    Instant at = clock.instant();
    while (alerts().take(channel, at, at).isEmpty()) {
      at = at.plusSeconds(1);
    }
    return at;
  }

  private Instant now(int seconds) {
    return clock.instant().plusSeconds(seconds);
  }
}
