package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.Alert.Change;
import io.refreshd.testing.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** What holds whatever comes and goes. */
class AlertBookPropertyTest {

  private static final Duration STEP = Duration.ofMinutes(10);

  /** What one cause looks like for a while. */
  record Phase(int looks, Set<String> subjects, Level level, int rung, boolean covered) {}

  /** One look: what it found, and what was told of it. */
  private record Step(Instant at, Phase phase, List<Alert> alerts) {
    boolean isUncovered() {
      return !phase.subjects().isEmpty() && !phase.covered();
    }

    @Nullable Alert told() {
      return alerts.isEmpty() ? null : alerts.get(0);
    }
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void aCauseIsRaisedAtMostOnceAnHourAndToldAtMostOnceALook(@ForAll("stories") List<Phase> story) {
    Instant raised = Instant.MIN;
    for (Step step : play(story)) {
      assertThat(step.alerts()).hasSizeLessThan(2);
      if (is(step, Change.RAISED)) {
        assertThat(step.at()).isAfterOrEqualTo(raised.plus(OpenAlert.BETWEEN_RAISES));
        raised = step.at();
      }
    }
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void whatWasRaisedIsOverWhenAllIsWell(@ForAll("stories") List<Phase> story) {
    boolean stands = false;
    for (Step step : play(story)) {
      Alert told = step.told();
      if (told != null) {
        // never a reminder or a recovery of what was not raised
        assertThat(stands || told.change() == Change.RAISED).isTrue();
        stands = told.change() != Change.RECOVERED;
      }
      if (step.phase().subjects().isEmpty()) {
        assertThat(stands).isFalse();
      }
    }
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void whatStandsIsToldOnceADay(@ForAll("stories") List<Phase> story) {
    Instant told = Instant.MIN;
    Instant uncoveredSince = Instant.MAX;
    for (Step step : play(story)) {
      if (is(step, Change.REMINDED)) {
        assertThat(step.at()).isAfterOrEqualTo(told.plus(OpenAlert.BETWEEN_REMINDERS));
      }
      told = step.told() == null ? told : step.at();
      if (!step.isUncovered()) {
        uncoveredSince = Instant.MAX;
      } else if (uncoveredSince.equals(Instant.MAX)) {
        uncoveredSince = step.at();
      }
      // raised at most an hour late, told again after a day at most
      Instant latest = uncoveredSince.isAfter(told) ? uncoveredSince : told;
      if (step.isUncovered()) {
        assertThat(step.at()).isBefore(latest.plus(OpenAlert.BETWEEN_REMINDERS).plus(STEP));
      }
    }
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void whatIsNewOrWorseIsToldWithinTheHour(@ForAll("stories") List<Phase> story) {
    Set<String> known = new TreeSet<>();
    Instant unknownSince = Instant.MAX;
    for (Step step : play(story)) {
      Alert told = step.told();
      if (told != null) {
        known.clear();
        if (told.change() != Change.RECOVERED) {
          told.concerns().forEach(concern -> known.add(concern.subject()));
        }
      }
      boolean all = !step.isUncovered() || known.containsAll(step.phase().subjects());
      unknownSince =
          all ? Instant.MAX : unknownSince.equals(Instant.MAX) ? step.at() : unknownSince;
      assertThat(all || step.at().isBefore(unknownSince.plus(OpenAlert.BETWEEN_RAISES))).isTrue();
    }
  }

  @Provide
  Arbitrary<List<Phase>> stories() {
    Arbitrary<Set<String>> subjects = Arbitraries.of("a", "b", "c").set().ofMaxSize(3);
    Arbitrary<Integer> looks =
        Arbitraries.oneOf(
            Arbitraries.integers().between(1, 8), Arbitraries.integers().between(1, 400));
    return Combinators.combine(
            looks,
            subjects,
            Arbitraries.of(Level.WARNING, Level.CRITICAL),
            Arbitraries.integers().between(0, 6),
            Arbitraries.of(true, false, false, false))
        .as(Phase::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(20);
  }

  /** Looks every ten minutes, and once more when all is well. */
  private static List<Step> play(List<Phase> story) {
    List<Phase> phases = new ArrayList<>(story);
    phases.add(new Phase(1, Set.of(), Level.WARNING, 0, false));
    List<Step> steps = new ArrayList<>();
    List<OpenAlert> open = List.of();
    Instant now = MutableClock.START;
    for (Phase phase : phases) {
      for (int i = 0; i < phase.looks(); i++) {
        AlertBook.Page page = AlertBook.compare(causes(phase), open, now);
        steps.add(new Step(now, phase, page.alerts()));
        open = page.open();
        now = now.plus(STEP);
      }
    }
    return steps;
  }

  private static List<Cause> causes(Phase phase) {
    List<Cause.Effect> effects =
        phase.subjects().stream()
            .map(
                subject ->
                    new Cause.Effect(
                        subject,
                        phase.level(),
                        phase.rung(),
                        null,
                        phase.covered(),
                        () -> new Alert.Concern(subject, "fails", null, null, null)))
            .toList();
    Cause cause = new Cause(Topic.RETRYING, "host");
    effects.forEach(cause::add);
    return effects.isEmpty() ? List.of() : List.of(cause);
  }

  private static boolean is(Step step, Change change) {
    Alert told = step.told();
    return told != null && told.change() == change;
  }
}
