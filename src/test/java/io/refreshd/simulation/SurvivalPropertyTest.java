package io.refreshd.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.testing.Grants;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class SurvivalPropertyTest {

  private static final long AN_HOUR = 3_600;
  private static final long HUNDRED_DAYS = 100L * 86_400;

  /** What is left of a life at the latest rotation is what an outage may take, but for a minute. */
  @Property(tries = 100)
  void nobodyDiesInAnOutageThatTheScheduleLeavesRoomFor(
      @ForAll @LongRange(min = AN_HOUR, max = HUNDRED_DAYS) long lifetime,
      @ForAll @DoubleRange(min = 0.01, max = 0.33) double share,
      @ForAll @DoubleRange(min = 0, max = 1) double from,
      @ForAll @DoubleRange(min = 0, max = 1) double length,
      @ForAll @IntRange(min = 1, max = 10) int grants,
      @ForAll @IntRange(min = 0, max = 100_000) int name) {
    Duration life = Duration.ofSeconds(lifetime);
    Duration every = Duration.ofSeconds(Math.max(1, (long) (lifetime * share)));
    Duration survivable = life.minus(every.multipliedBy(11).dividedBy(10)).minusSeconds(60);
    Instant start = Stage.START.plusSeconds((long) (lifetime * 3 * from));
    Instant end = start.plusSeconds((long) (survivable.toSeconds() * length));
    List<Grant> fleet =
        IntStream.range(0, grants)
            .mapToObj(n -> grant("tenant/g" + (name + n), every, life))
            .toList();
    Scenario scenario =
        new Scenario(Stage.START, life.multipliedBy(5), List.of(new Incident.Outage(start, end)));

    SimulationResult result =
        new Simulation((cron, after) -> Instant.MAX, Stage.LIMITS, null)
            .play(Stage.enrolled(fleet), scenario);

    assertThat(result.deaths()).isEmpty();
    assertThat(result.grants()).allSatisfy(fate -> assertThat(fate.rotations()).isPositive());
  }

  private static Grant grant(String name, Duration every, Duration life) {
    return Grants.named(name).rotateEvery(every).lifetime(life).build();
  }
}
