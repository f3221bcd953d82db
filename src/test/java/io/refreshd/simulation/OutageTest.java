package io.refreshd.simulation;

import static io.refreshd.simulation.Stage.START;
import static io.refreshd.simulation.Stage.day;
import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.Told;
import io.refreshd.testing.Grants;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 400 days in which nobody reaches the endpoint for a while. */
class OutageTest {

  private static final Duration LIFE = Duration.ofDays(90);

  @Test
  void anOutageOfNearlyAWholeLifeAtTheWorstMomentKillsNobody() {
    for (Grant worst : Grants.fleet(2)) {
      Instant due = START.plus(Stage.interval(worst));
      Instant end = START.plus(LIFE).minusSeconds(60);

      SimulationResult result =
          Stage.result(Stage.fleet(), new Incident.Outage(due.minusSeconds(1), end));

      assertThat(result.deaths()).isEmpty();
      assertThat(result.oldest().orElseThrow().oldest()).isGreaterThan(LIFE.minusSeconds(61));
    }
  }

  @Test
  void anOutageLongerThanTheLifeThatIsLeftKillsExactlyThoseThatMustDieAndToTheSecond() {
    // by day 10 each grant was rotated once, and none twice
    Incident outage = new Incident.Outage(day(10), day(97));

    SimulationResult result = Stage.result(Stage.fleet(), outage);

    List<Grant> mustDie =
        Grants.fleet(12).stream()
            .filter(grant -> Stage.interval(grant).compareTo(Duration.ofDays(7)) <= 0)
            .toList();
    assertThat(mustDie).hasSizeBetween(6, 18);
    assertThat(result.deaths())
        .extracting(Fate::grant)
        .containsExactlyInAnyOrderElementsOf(mustDie.stream().map(Grant::name).toList());
    for (Grant grant : mustDie) {
      Instant issuedAt = START.plus(Stage.interval(grant));
      Fate fate = fate(result, grant);
      assertThat(fate.death())
          .isEqualTo(
              new Death(
                  issuedAt.plus(LIFE),
                  new Entry.Refusal(RefusalKind.DEAD, "invalid_grant", "700082", null),
                  new Told(Told.Which.ISSUE, issuedAt, LIFE, null),
                  "AADSTS700082: The refresh token has expired due to inactivity. The token was"
                      + " issued on "
                      + issuedAt
                      + " and was inactive for 90.00:00:00."));
      assertThat(fate.oldest()).isEqualTo(LIFE);
      assertThat(fate.leastLeft()).isZero();
      assertThat(fate.rotations()).isEqualTo(1);
    }
  }

  @Test
  void theAttemptsOfAnOutageComeAtTheTimesOfTheTableToTheSecond() {
    Grant grant = Grants.sample();
    Instant due = START.plus(Stage.interval(grant));
    Instant end = due.plus(Duration.ofDays(2));

    Stage.Played played =
        Stage.play(
            Stage.enrolled(List.of(grant)), null, new Incident.Outage(due.minusSeconds(1), end));

    List<Instant> expected = expectedAttempts(grant, due, end);
    assertThat(expected).hasSizeGreaterThan(15);
    assertThat(played.entries())
        .filteredOn(entry -> entry.event() == Event.UNREACHABLE)
        .extracting(Entry::at)
        .isEqualTo(expected.subList(0, expected.size() - 1));
    assertThat(played.entries())
        .filteredOn(entry -> entry.event() == Event.RECOVERED)
        .extracting(Entry::at)
        .containsExactly(expected.get(expected.size() - 1));
  }

  /**
   * From the first attempt, of the second generation or what the import left as the first, until
   * the one that succeeds: 30 s, 1, 2, 5, 10, 20, 30 min, 1, 2, 3 h, then 6 h, each moved by a
   * fifth of itself at most, by the hash of grant, generation and number of failures.
   */
  private static List<Instant> expectedAttempts(Grant grant, Instant due, Instant end) {
    List<Duration> table =
        Stream.of(30L, 60L, 120L, 300L, 600L, 1_200L, 1_800L, 3_600L, 7_200L, 10_800L, 21_600L)
            .map(Duration::ofSeconds)
            .toList();
    List<Instant> attempts = new ArrayList<>(List.of(due));
    for (int failures = 1; attempts.get(failures - 1).isBefore(end); failures++) {
      Duration delay = table.get(Math.min(failures, table.size()) - 1);
      Duration moved = Stage.moved(delay, 0.20, grant.name() + "#1#" + failures);
      attempts.add(attempts.get(failures - 1).plus(moved));
    }
    return attempts;
  }

  @Test
  void noRetryOfAShortLifeWaitsLongerThanATwentiethOfIt() {
    Grant grant =
        Grants.named("spa/live")
            .lifetime(Duration.ofHours(24))
            .rotateEvery(Duration.ofHours(4))
            .build();
    Incident outage = new Incident.Outage(day(10), day(10).plus(Duration.ofHours(19)));

    Stage.Played played = Stage.play(Stage.enrolled(List.of(grant)), null, outage);

    List<Instant> failed =
        played.entries().stream()
            .filter(entry -> entry.event() == Event.UNREACHABLE)
            .map(Entry::at)
            .toList();
    assertThat(failed).hasSizeBetween(15, 30);
    for (int i = 1; i < failed.size(); i++) {
      assertThat(Duration.between(failed.get(i - 1), failed.get(i)))
          .isLessThanOrEqualTo(Duration.ofMinutes(72).multipliedBy(12).dividedBy(10));
    }
    assertThat(played.fates().get(0).death()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"PT1H, P1D, P2D", "P1D, P2D, P2D", "P1D, P3D, P3D", "P2D, P3D, P3D", "P8D, P9D, P2D"})
  void whileOneOfTwoDowntimesLastsNothingIsRotated(Duration from, Duration to, Duration back) {
    Grant grant = Grants.sample();
    Instant due = START.plus(Stage.interval(grant));
    Incident first = new Incident.Downtime(due.minusSeconds(1), due.plus(Duration.ofDays(2)));
    Incident second = new Incident.Downtime(due.plus(from), due.plus(to));

    for (List<Incident> both : List.of(List.of(first, second), List.of(second, first))) {
      Stage.Played played =
          Stage.play(Stage.enrolled(List.of(grant)), null, both.toArray(Incident[]::new));

      assertThat(played.entries())
          .filteredOn(entry -> entry.event() == Event.ROTATED)
          .first()
          .extracting(Entry::at)
          .isEqualTo(due.plus(back));
    }
  }

  @Test
  void afterAnOutageTheFleetComesBackWithinTheLongestRetry() {
    SimulationResult result = Stage.result(Stage.fleet(), new Incident.Outage(day(100), day(130)));

    assertThat(result.deaths()).isEmpty();
    assertThat(result.oldest().orElseThrow().oldest()).isLessThan(Duration.ofDays(39));
    assertThat(result.failures() / 24).isBetween(80L, 140L);
  }

  private static Fate fate(SimulationResult result, Grant grant) {
    return result.grants().stream()
        .filter(fate -> fate.grant().equals(grant.name()))
        .findFirst()
        .orElseThrow();
  }
}
