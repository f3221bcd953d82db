package io.refreshd.simulation;

import static io.refreshd.simulation.Stage.START;
import static io.refreshd.simulation.Stage.day;
import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.Alert;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.Level;
import io.refreshd.rotation.State;
import io.refreshd.testing.Grants;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WatchTest {

  /** Tells of every grant that is not ok, whenever it is asked; and counts how often it is. */
  private static final class TalkativeWatch implements Watch {
    final List<Instant> looks = new ArrayList<>();
    final List<GrantStatus> seen = new ArrayList<>();

    @Override
    public Duration notice() {
      return Duration.ofDays(10);
    }

    @Override
    public List<Alert> look(List<Standing> grants, Instant now) {
      looks.add(now);
      List<Alert> alerts = new ArrayList<>();
      for (Standing grant : grants) {
        seen.add(grant.status());
        if (grant.status().level() != Level.OK) {
          String name = grant.grant().name().toString();
          Alert.Concern concern = new Alert.Concern(name, "is not ok", null, null, null);
          alerts.add(
              new Alert(
                  name,
                  Alert.Change.RAISED,
                  grant.status().level(),
                  now,
                  name + " is not ok",
                  List.of(concern)));
        }
      }
      return alerts;
    }
  }

  private final TalkativeWatch watch = new TalkativeWatch();
  private final Grant grant = Grants.sample();

  private Stage.Played play(Grant grant, Incident... incidents) {
    return Stage.play(Stage.enrolled(List.of(grant)), watch, incidents);
  }

  @Test
  void aFleetThatIsWellIsHardlyLookedAt() {
    play(grant);

    assertThat(watch.looks).hasSizeLessThan(12);
    assertThat(watch.seen).allSatisfy(s -> assertThat(s.level()).isEqualTo(Level.OK));
  }

  @Test
  void aStateThatChangesIsSeenWithinAMinute() {
    Instant due = START.plus(Stage.interval(grant));

    play(grant, new Incident.Outage(due, due.plusSeconds(300)));

    Instant failed =
        watch.seen.stream()
            .filter(status -> status.state() == State.RETRYING)
            .map(GrantStatus::at)
            .findFirst()
            .orElseThrow();
    assertThat(failed).isBetween(due, due.plusSeconds(60));
    Instant well =
        watch.seen.stream()
            .filter(status -> status.at().isAfter(failed) && status.state() == State.HEALTHY)
            .map(GrantStatus::at)
            .findFirst()
            .orElseThrow();
    assertThat(well).isBetween(failed, failed.plusSeconds(900));
  }

  @Test
  void whatIsNotWellIsLookedAtEveryHour() {
    play(grant, new Incident.Outage(day(100), day(110)));

    Instant first = day(105).plus(Duration.ofHours(1));
    List<Instant> hours =
        watch.looks.stream().filter(at -> !at.isBefore(day(109)) && at.isBefore(day(110))).toList();
    assertThat(hours).hasSizeBetween(24, 26);
    assertThat(watch.looks).contains(first);
  }

  @Test
  void aSignInClockIsSeenBeforeItEnds() {
    Grant limited = Grants.named("germany/live").signInFrequency(Duration.ofDays(200)).build();

    play(limited);

    assertThat(watch.looks).contains(day(100)); // half of it is left
    assertThat(watch.seen)
        .filteredOn(status -> status.at().isBefore(day(100)))
        .allSatisfy(status -> assertThat(status.level()).isEqualTo(Level.OK))
        .allSatisfy(
            status ->
                assertThat(Objects.requireNonNull(status.clocks()).deadline())
                    .isBeforeOrEqualTo(day(200)));
  }

  @Test
  void aDaemonThatIsDownTellsNobody() {
    play(grant, new Incident.Downtime(day(50), day(130)));

    assertThat(watch.looks).noneSatisfy(at -> assertThat(at).isBetween(day(50), day(130)));
    assertThat(watch.looks).anySatisfy(at -> assertThat(at).isBetween(day(130), day(131)));
  }

  @Test
  void theAlertsOfAFleetStandInTheForecastInOrder() {
    Scenario scenario = Stage.scenario(new Incident.Outage(day(100), day(104)));
    Forecast forecast =
        new Simulation((cron, after) -> Instant.MAX, Stage.LIMITS, TalkativeWatch::new, 0)
            .play(clients(), scenario);

    assertThat(forecast.alerts()).hasSizeGreaterThan(100);
    assertThat(forecast.alerts()).extracting(Alert::at).isSorted();
  }

  @Test
  void clientsThatArePlayedByThemselvesFareAsTogether() {
    Scenario scenario =
        Stage.scenario(
            new Incident.Outage(day(100), day(130)),
            new Incident.SecretExpiry(Stage.EVERYBODY, day(200), day(210)));

    Forecast together =
        new Simulation((cron, after) -> Instant.MAX, Stage.LIMITS).play(clients(), scenario);
    Forecast split =
        new Simulation((cron, after) -> Instant.MAX, Stage.LIMITS, () -> null, 0)
            .play(clients(), scenario);

    assertThat(split).isEqualTo(together);
  }

  private static List<Member> clients() {
    List<Grant> grants = new ArrayList<>();
    for (int n = 0; n < 5; n++) {
      String host = "https://sso" + n + ".example.org/token";
      for (String name : List.of("live", "sandbox")) {
        grants.add(
            Grants.named("tenant-" + n + "/" + name)
                .endpoint(new TokenEndpoint.Plain(URI.create(host), List.of("offline_access")))
                .build());
      }
    }
    return Stage.enrolled(grants);
  }
}
