package io.refreshd.simulation;

import static io.refreshd.simulation.Stage.LENGTH;
import static io.refreshd.simulation.Stage.START;
import static java.util.Collections.reverseOrder;
import static java.util.Map.Entry.comparingByKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.testing.Grants;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** 400 days in which nothing goes wrong. */
class PlainFleetTest {

  @Test
  void nobodyDiesAndNoTokenGrowsOlderThanItsSlot() {
    SimulationResult result = Stage.result(Stage.fleet());

    assertThat(result.deaths()).isEmpty();
    assertThat(result.failures()).isZero();
    assertThat(result.redemptions()).isEqualTo(result.rotations());
    assertThat(result.grants())
        .hasSize(24)
        .allSatisfy(fate -> assertThat(fate.oldest()).isLessThan(Duration.ofDays(7).plusHours(17)))
        .allSatisfy(
            fate ->
                assertThat(fate.leastLeft()).isEqualTo(Duration.ofDays(90).minus(fate.oldest())));
  }

  @Test
  void everyRotationFallsIntoItsSlotToTheSecond() {
    for (Grant grant : Grants.fleet(12)) {
      Stage.Played played = Stage.play(Stage.enrolled(List.of(grant)), null);

      List<Instant> expected = new ArrayList<>(List.of(START));
      Duration interval = Stage.interval(grant);
      for (Duration at = interval; at.compareTo(LENGTH) < 0; at = at.plus(interval)) {
        expected.add(START.plus(at));
      }
      assertThat(played.times()).isEqualTo(expected);
      assertThat(played.entries()).extracting(Entry::event).startsWith(Event.IMPORTED);
      assertThat(played.entries().subList(1, expected.size()))
          .extracting(Entry::event)
          .containsOnly(Event.ROTATED);
      assertThat(played.fates().get(0).rotations()).isEqualTo(expected.size() - 1);
      assertThat(played.fates().get(0).oldest()).isEqualTo(interval);
    }
  }

  @Test
  void aPlayGivesTheSameResultEachTime() {
    assertThat(Stage.result(Stage.fleet())).isEqualTo(Stage.result(Stage.fleet()));
  }

  @Test
  void theOrderOfTheGrantsIsKeptAndDoesNotMatter() {
    List<Member> backwards = new ArrayList<>(Stage.fleet());
    Collections.reverse(backwards);
    List<Fate> fates = new ArrayList<>(Stage.result(backwards).grants());
    Collections.reverse(fates);

    assertThat(fates).isEqualTo(Stage.result(Stage.fleet()).grants());
  }

  @Test
  void theBusiestTimesAreCountedByThemselves() {
    List<Instant> times =
        Stage.play(Stage.fleet(), null).entries().stream()
            .filter(entry -> entry.event() == Event.ROTATED)
            .map(Entry::at)
            .sorted()
            .toList();

    SimulationResult result = Stage.result(Stage.fleet());

    assertThat(result.redemptions()).isEqualTo(times.size());
    assertThat(result.busiestSecond()).isEqualTo(busiest(times, Duration.ofSeconds(1)));
    assertThat(result.busiestMinute()).isEqualTo(busiest(times, Duration.ofMinutes(1)));
    assertThat(result.busiestHour()).isEqualTo(busiest(times, Duration.ofHours(1)));
  }

  private static Peak busiest(List<Instant> times, Duration window) {
    Map<Instant, Long> windows =
        times.stream()
            .map(at -> window.multipliedBy(Duration.between(START, at).dividedBy(window)))
            .collect(Collectors.groupingBy(START::plus, TreeMap::new, Collectors.counting()));
    return windows.entrySet().stream()
        .max(
            Map.Entry.<Instant, Long>comparingByValue()
                .thenComparing(reverseOrder(comparingByKey())))
        .map(entry -> new Peak(entry.getValue(), entry.getKey()))
        .orElseThrow();
  }

  @Test
  void aFleetOfNobodyHasAResultToo() {
    SimulationResult result = Stage.result(List.of());

    assertThat(result.redemptions()).isZero();
    assertThat(result.busiestHour()).isEqualTo(new Peak(0, START));
    assertThat(result.oldest()).isEmpty();
  }
}
