package io.refreshd.simulation;

import static io.refreshd.simulation.Stage.EVERYBODY;
import static io.refreshd.simulation.Stage.START;
import static io.refreshd.simulation.Stage.day;
import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alert.Change;
import io.refreshd.rotation.Level;
import io.refreshd.testing.Grants;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What people are told in 400 days. */
class AlertsTest {

  private static final Duration AN_HOUR = Duration.ofHours(1);

  private final Grant grant = Grants.sample();

  private List<Alert> alerts(Grant grant, Incident... incidents) {
    return Stage.result(Stage.enrolled(List.of(grant)), incidents).alerts();
  }

  private static List<Instant> times(List<Alert> alerts, Change change) {
    return alerts.stream().filter(alert -> alert.change() == change).map(Alert::at).toList();
  }

  @Test
  void nobodyIsToldOfAFleetThatIsWell() {
    assertThat(Stage.result(Stage.fleet()).alerts()).isEmpty();
  }

  @Test
  void aSignInClockIsToldAlongTheLadderWithinTheHour() {
    Grant limited = Grants.named("germany/live").signInFrequency(Duration.ofDays(180)).build();

    List<Instant> raised = times(alerts(limited), Change.RAISED);

    List<Instant> rungs = Stream.of(30L, 14L, 7L, 3L, 1L).map(left -> day(180 - left)).toList();
    for (int i = 0; i < rungs.size(); i++) {
      assertThat(raised.get(i)).isBetween(rungs.get(i), rungs.get(i).plus(AN_HOUR));
    }
    assertThat(raised.get(rungs.size())).isBetween(day(180), day(180).plus(AN_HOUR));
  }

  @Test
  void anOutageIsToldAfterADayRemindedOfDailyAndToldToBeOver() {
    Instant due = START.plus(Stage.interval(grant));

    List<Alert> alerts = alerts(grant, new Incident.Outage(due, due.plus(Duration.ofDays(10))));

    assertThat(times(alerts, Change.RAISED))
        .hasSize(1)
        .allSatisfy(at -> assertThat(at).isBetween(day(1).plus(Stage.interval(grant)), day(9)));
    assertThat(times(alerts, Change.REMINDED)).hasSizeBetween(8, 9);
    assertThat(times(alerts, Change.RECOVERED)).hasSize(1);
    assertThat(alerts.get(alerts.size() - 1).change()).isEqualTo(Change.RECOVERED);
  }

  @Test
  void twentyFourGrantsBehindOneExpiredSecretAreOneAlertUntilItIsReplaced() {
    Incident expiry = new Incident.SecretExpiry(EVERYBODY, day(50), day(60));

    List<Alert> alerts = Stage.result(Stage.fleet(), expiry).alerts();

    assertThat(alerts).extracting(Alert::cause).containsOnly(alerts.get(0).cause());
    assertThat(alerts.get(0).change()).isEqualTo(Change.RAISED);
    assertThat(alerts.get(0).level()).isEqualTo(Level.CRITICAL);
    assertThat(alerts.get(0).concerns()).hasSize(24);
    assertThat(times(alerts, Change.RAISED)).hasSize(1);
    assertThat(times(alerts, Change.RECOVERED))
        .hasSize(1)
        .allSatisfy(at -> assertThat(at).isBetween(day(60), day(62)));
  }

  @Test
  void aRevokedGrantIsToldAsSoonAsItIsConfirmed() {
    List<Alert> alerts = alerts(grant, new Incident.Revocation(EVERYBODY, day(50)));

    assertThat(alerts.get(0).at()).isBetween(day(50), day(58));
    assertThat(alerts.get(0).concerns().get(0).why()).contains("50173");
    assertThat(alerts).hasSizeBetween(340, 355); // once a day
  }

  @Test
  void aClockThatIsWrongIsToldAndToldToBeRightAgain() {
    List<Alert> alerts =
        alerts(
            grant,
            new Incident.ClockJump(day(50), Duration.ofHours(2)),
            new Incident.ClockJump(day(60), Duration.ofHours(-2)));

    assertThat(times(alerts, Change.RAISED)).hasSize(1);
    assertThat(times(alerts, Change.RECOVERED)).hasSize(1);
  }

  @Test
  void aDaemonThatIsDownTellsNobody() {
    List<Alert> alerts = alerts(grant, new Incident.Downtime(day(50), day(150)));

    assertThat(alerts)
        .isNotEmpty()
        .allSatisfy(alert -> assertThat(alert.at()).isAfter(day(150)))
        .anySatisfy(alert -> assertThat(alert.at()).isBefore(day(151)));
  }

  @Test
  void theAlertsOfClientsThatArePlayedByThemselvesStandInOrder() {
    SimulationResult result =
        new Simulation((cron, after) -> Instant.MAX, Stage.LIMITS, Stage.RULES, 0)
            .play(Clients.five(), Stage.scenario(new Incident.Outage(day(100), day(130))));

    assertThat(result.alerts()).hasSizeGreaterThan(100);
    assertThat(result.alerts()).extracting(Alert::at).isSorted();
  }

  @Test
  void clientsThatArePlayedByThemselvesFareAsTogether() {
    Scenario scenario =
        Stage.scenario(
            new Incident.Outage(day(100), day(130)),
            new Incident.SecretExpiry(EVERYBODY, day(200), day(210)));

    SimulationResult together =
        new Simulation((cron, after) -> Instant.MAX, Stage.LIMITS, null)
            .play(Clients.five(), scenario);
    SimulationResult split =
        new Simulation((cron, after) -> Instant.MAX, Stage.LIMITS, null, 0)
            .play(Clients.five(), scenario);

    assertThat(split).isEqualTo(together);
  }
}
