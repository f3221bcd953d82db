package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.Alert.Change;
import io.refreshd.testing.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AlertBookTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final MutableClock clock = new MutableClock();
  private List<OpenAlert> open = List.of();

  @Test
  void aNewCauseIsRaisedOnce() {
    List<Alert> first = look(cause("a"));

    assertThat(first)
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.change()).isEqualTo(Change.RAISED);
              assertThat(alert.cause()).isEqualTo("retrying/host");
              assertThat(alert.level()).isEqualTo(Level.WARNING);
              assertThat(alert.at()).isEqualTo(clock.instant());
              assertThat(alert.title()).isEqualTo("a: fails");
            });
    clock.advance(HOUR);
    assertThat(look(cause("a"))).isEmpty();
  }

  @Test
  void oneAlertListsAllGrantsOfItsCauseTheMostUrgentFirst() {
    Instant soon = clock.instant().plus(DAY);
    List<Alert> alerts =
        look(
            cause(
                effect("calm", Level.WARNING, 0, null),
                effect("late", Level.WARNING, 1, soon.plus(DAY)),
                effect("soon", Level.WARNING, 1, soon),
                effect("worst", Level.CRITICAL, 0, null)));

    assertThat(alerts).hasSize(1);
    assertThat(alerts.get(0).concerns())
        .extracting(Alert.Concern::subject)
        .containsExactly("worst", "soon", "late", "calm");
    assertThat(alerts.get(0).level()).isEqualTo(Level.CRITICAL);
    assertThat(alerts.get(0).title()).isEqualTo("worst and 3 others: fails");
  }

  @Test
  void aHugeCauseNamesAHundredAndCountsAll() {
    Cause huge =
        cause(
            IntStream.range(0, 500)
                .mapToObj(i -> String.format("g%03d", i))
                .toArray(String[]::new));

    Alert alert = look(huge).get(0);
    assertThat(alert.concerns()).hasSize(Cause.NAMED);
    assertThat(alert.title()).isEqualTo("g000 and 499 others: fails");

    assertThat(look().get(0).title()).startsWith("g000 and 499 others: ");
  }

  @Test
  void theRecoveryOfAHugeCauseNamesThoseThatTheAlertNamed() {
    Alert raised = look(cause(hugeWithTheUrgentLast())).get(0);
    Alert recovered = look().get(0);

    assertThat(raised.concerns()).extracting(Alert.Concern::subject).contains("g499");
    assertThat(recovered.concerns())
        .extracting(Alert.Concern::subject)
        .containsExactlyElementsOf(raised.concerns().stream().map(Alert.Concern::subject).toList());
    assertThat(raised.all()).isEqualTo(500);
    assertThat(recovered.all()).isEqualTo(500);
  }

  private static Cause.Effect[] hugeWithTheUrgentLast() {
    return IntStream.range(0, 500)
        .mapToObj(
            i ->
                effect(
                    String.format("g%03d", i), i < 400 ? Level.WARNING : Level.CRITICAL, 0, null))
        .toArray(Cause.Effect[]::new);
  }

  @Test
  void aGrantThatJoinsRaisesItAgainButNotWithinTheHour() {
    look(cause("a"));
    clock.advance(HOUR.minusMillis(1));
    assertThat(look(cause("a", "b"))).isEmpty();

    clock.advance(Duration.ofMillis(1));
    List<Alert> again = look(cause("a", "b"));

    assertThat(changes(again)).containsExactly(Change.RAISED);
    assertThat(again.get(0).title()).isEqualTo("b and 1 other: fails");
    assertThat(again.get(0).concerns()).extracting(Alert.Concern::subject).contains("a", "b");
  }

  @Test
  void theNextRungAndAHigherLevelRaiseItAgain() {
    look(cause(effect("a", Level.WARNING, 1, null)));
    clock.advance(HOUR);
    assertThat(changes(look(cause(effect("a", Level.WARNING, 2, null)))))
        .containsExactly(Change.RAISED);
    clock.advance(HOUR);
    assertThat(changes(look(cause(effect("a", Level.CRITICAL, 2, null)))))
        .containsExactly(Change.RAISED);
    clock.advance(HOUR);
    assertThat(look(cause(effect("a", Level.WARNING, 1, null)))).isEmpty();
  }

  @Test
  void whatStandsIsToldAgainOnceADayWithThoseThatAreLeft() {
    look(cause("a", "b"));
    clock.advance(DAY.minusMillis(1));
    assertThat(look(cause("b"))).isEmpty();

    clock.advance(Duration.ofMillis(1));
    List<Alert> reminder = look(cause("b"));

    assertThat(changes(reminder)).containsExactly(Change.REMINDED);
    assertThat(reminder.get(0).concerns()).extracting(Alert.Concern::subject).containsExactly("b");
    clock.advance(HOUR);
    assertThat(look(cause("b"))).isEmpty();
  }

  @Test
  void itIsOverOnceAllAreGone() {
    look(cause("a", "b"));
    assertThat(look(cause("b"))).isEmpty();

    List<Alert> over = look();

    assertThat(over)
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.change()).isEqualTo(Change.RECOVERED);
              assertThat(alert.level()).isEqualTo(Level.OK);
              assertThat(alert.concerns())
                  .extracting(Alert.Concern::subject)
                  .containsExactly("a", "b");
              assertThat(alert.title()).isEqualTo("a and 1 other: its endpoint answers again");
            });
    assertThat(look()).isEmpty();
  }

  @Test
  void aCauseThatFlapsIsRaisedOnceAnHour() {
    List<Change> told = new ArrayList<>();
    for (int minute = 0; minute < 180; minute += 5) {
      told.addAll(changes(look(cause("a"))));
      clock.advance(Duration.ofMinutes(2));
      told.addAll(changes(look()));
      clock.advance(Duration.ofMinutes(3));
    }

    assertThat(told)
        .containsExactly(
            Change.RAISED, Change.RECOVERED,
            Change.RAISED, Change.RECOVERED,
            Change.RAISED, Change.RECOVERED);
  }

  @Test
  void whatIsOverIsForgottenAfterTheHour() {
    look(cause("a"));
    look();
    assertThat(open).singleElement().extracting(OpenAlert::isStanding).isEqualTo(false);

    clock.advance(HOUR);
    look();
    assertThat(open).isEmpty();
  }

  @Test
  void whatIsCoveredIsNotTold() {
    assertThat(look(covered("a"))).isEmpty();
    assertThat(open).isEmpty();
  }

  @Test
  void whatBecomesCoveredIsNeitherToldNorOver() {
    look(cause("a"));
    clock.advance(DAY.multipliedBy(3));
    assertThat(look(covered("a"))).isEmpty();

    assertThat(changes(look())).containsExactly(Change.RECOVERED);
  }

  @Test
  void whenOnlyOthersAreCoveredItIsOver() {
    look(cause("a"));

    assertThat(changes(look(covered("b")))).containsExactly(Change.RECOVERED);
  }

  @Test
  void aCauseIsRememberedSinceItWasFirstTold() {
    Instant first = clock.instant();
    look(cause("a"));
    clock.advance(HOUR);
    look(cause("a", "b"));

    assertThat(open)
        .containsExactly(
            new OpenAlert(
                "retrying/host",
                first,
                clock.instant(),
                clock.instant(),
                Level.WARNING,
                0,
                Set.of("a", "b")));
  }

  @Test
  void aClockThatIsTurnedBackMutesNothing() {
    look(cause("a"));
    clock.advance(Duration.ofDays(-400));

    assertThat(changes(look(cause("a", "b")))).containsExactly(Change.RAISED);
  }

  @Test
  void aDaemonWhoseClockIsALittleBehindRemindsNobodyAtOnce() {
    look(cause("a"));
    clock.advance(Duration.ofSeconds(-3));

    assertThat(look(cause("a"))).isEmpty();
    assertThat(look(cause("a", "b"))).as("it was raised just now").isEmpty();
  }

  @Test
  void causesAreToldApart() {
    Cause other = cause(Topic.SILENCE, effect("a", Level.WARNING, 0, null));

    assertThat(look(cause("a"), other)).hasSize(2);
    assertThat(look(cause("a")))
        .extracting(alert -> alert.change() + " " + alert.cause())
        .containsExactly("RECOVERED silence/host");
  }

  private List<Alert> look(Cause... causes) {
    AlertBook.Page page = AlertBook.compare(List.of(causes), open, clock.instant());
    open = page.open();
    return page.alerts();
  }

  private static List<Change> changes(List<Alert> alerts) {
    return alerts.stream().map(Alert::change).toList();
  }

  static Cause cause(String... subjects) {
    return cause(
        Stream.of(subjects)
            .map(subject -> effect(subject, Level.WARNING, 0, null))
            .toArray(Cause.Effect[]::new));
  }

  private static Cause cause(Cause.Effect... effects) {
    return cause(Topic.RETRYING, effects);
  }

  private static Cause cause(Topic topic, Cause.Effect... effects) {
    Cause cause = new Cause(topic, "host");
    Stream.of(effects).forEach(cause::add);
    return cause;
  }

  private static Cause covered(String subject) {
    return cause(
        new Cause.Effect(
            subject,
            Level.WARNING,
            0,
            null,
            true,
            () -> {
              throw new AssertionError("nobody needs these words");
            }));
  }

  private static Cause.Effect effect(
      String subject, Level level, int rung, @Nullable Instant until) {
    return new Cause.Effect(
        subject,
        level,
        rung,
        until,
        false,
        () -> new Alert.Concern(subject, "fails", null, null, until));
  }

  @Test
  void whatOnlyAnotherMachineSeesStaysAsItIsUntilThatIsSilentForDays() {
    Instant now = Instant.parse("2026-11-29T12:00:00Z");
    OpenAlert elsewhere =
        new OpenAlert(
            "clock-skew/web2", now, now, now, Level.WARNING, 0, Set.of("https://a.example"));

    AlertBook.Page page =
        AlertBook.compare(
            List.of(),
            List.of(elsewhere),
            told -> AlertBook.Sight.ELSEWHERE,
            now.plusSeconds(86_400));
    assertThat(page.alerts()).as("it is not over because nobody sees it here").isEmpty();
    assertThat(page.open()).containsExactly(elsewhere);

    AlertBook.Page late =
        AlertBook.compare(
            List.of(),
            List.of(elsewhere),
            told -> AlertBook.Sight.ELSEWHERE,
            now.plusSeconds(300_000));
    assertThat(late.alerts()).isEmpty();
    assertThat(late.open()).isEmpty();
  }

  @Test
  void whatNobodyCanSeeYetStaysAsItIsHoweverLong() {
    look(cause("a"));
    List<OpenAlert> before = open;

    AlertBook.Page page =
        AlertBook.compare(
            List.of(),
            before,
            told -> AlertBook.Sight.NOT_YET,
            clock.instant().plus(DAY.multipliedBy(30)));

    assertThat(page.alerts()).isEmpty();
    assertThat(page.open()).isEqualTo(before);
  }
}
