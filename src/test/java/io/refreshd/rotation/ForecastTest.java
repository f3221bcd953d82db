package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Client.ClientSecret;
import io.refreshd.grant.Grant;
import io.refreshd.grant.Secret;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.Records;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ForecastTest {

  private static final Instant NOW = MutableClock.START;
  private static final Duration DAY = Duration.ofDays(1);

  private static Instant day(int days) {
    return NOW.plus(DAY.multipliedBy(days));
  }

  private static GrantRecord fresh(Grant grant) {
    return Records.issued(grant, NOW, day(7));
  }

  private static List<Forecast> forecast(Map<Grant, GrantRecord> records) {
    return records.entrySet().stream()
        .flatMap(e -> find(e.getKey(), e.getValue()).stream())
        .sorted(Forecast.FIRST_TO_DIE)
        .toList();
  }

  private static Optional<Forecast> find(Grant grant, GrantRecord record) {
    return Forecast.find(GrantStatus.of(grant, record, Circuits.NONE, NOW), grant);
  }

  @Test
  void aGrantThatIsRotatedLives() {
    Grant grant = Grants.sample();
    assertThat(forecast(Map.of(grant, fresh(grant)))).isEmpty();
  }

  @Test
  void theFirstToDieComesFirst() {
    Grant dead = Grants.named("a/dead").build();
    Grant signedIn = Grants.named("a/signed-in").signInFrequency(DAY.multipliedBy(30)).build();
    Grant well = Grants.named("a/well").build();
    Standing refused = Records.failed(NOW, RefusalKind.DEAD, RefusalKind.DEAD, RefusalKind.DEAD);

    List<Forecast> forecast =
        forecast(
            Map.of(
                dead,
                Records.standing(fresh(dead), refused),
                signedIn,
                Records.signedIn(fresh(signedIn), NOW),
                well,
                fresh(well)));

    assertThat(forecast)
        .containsExactly(
            new Forecast(
                signedIn.name(),
                day(30),
                "its sign-in ends, and no rotation renews it (sign-in-frequency)"),
            new Forecast(dead.name(), day(90), "no rotation succeeds (dead)"));
  }

  @Test
  void aSecretThatEndsEndsItsGrantsALifetimeLater() {
    Grant grant =
        Grants.named("a/a").credential(new ClientSecret(Secret.of("s"), day(100))).build();
    assertThat(forecast(Map.of(grant, fresh(grant))))
        .singleElement()
        .isEqualTo(
            new Forecast(
                grant.name(), day(100 - 7 + 90), "its client's last credential ends " + day(100)));
  }

  @Test
  void aSecretBesideOneThatHasNoEndEndsNothing() {
    Grant grant = Grants.named("a/a").credential(new ClientSecret(Secret.of("s"), day(1))).build();
    Grant listed = Grants.named("a/a").secrets("x").build();
    assertThat(Stream.of(grant, listed).map(g -> forecast(Map.of(g, fresh(g))).isEmpty()).toList())
        .containsExactly(false, true);
  }

  @Test
  void aTokenThatNobodyReplacedInTimeIsDeadSince() {
    Grant grant = Grants.sample();
    GrantRecord old = Records.issued(grant, NOW.minus(DAY.multipliedBy(91)), NOW);
    assertThat(forecast(Map.of(grant, old)))
        .singleElement()
        .isEqualTo(new Forecast(grant.name(), day(-1), "it was not replaced in time"));
  }
}
