package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.testing.Answers;
import io.refreshd.testing.Grants;
import io.refreshd.testing.InMemoryTokenStore;
import io.refreshd.testing.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Servers that say how long a new token is good for, where a session has an end that no rotation
 * moves (Keycloak's SSO Session Max): people must hear of it in time, and of nothing else.
 */
class FixedEndTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration FOREVER = Duration.ofDays(36_500);

  private final MutableClock clock = new MutableClock();
  private final InMemoryTokenStore store = new InMemoryTokenStore(clock);
  private final List<Entry> told = new ArrayList<>();
  private final Grant grant = Grants.named("sso/main").singleUse().build();
  private final Instant start = clock.instant();
  private final Ladder ladder =
      new Ladder(List.of(DAY.multipliedBy(30), DAY.multipliedBy(7), DAY.multipliedBy(1)));
  private int issued;

  @Test
  void aSessionThatRotationDoesNotExtendIsNotShownAsHealthyUntilItIsOver() {
    Rotator rotator = session(DAY.multipliedBy(30), DAY.multipliedBy(30));
    Instant end = start.plus(DAY.multipliedBy(30));

    playUntil(rotator, start.plus(DAY.multipliedBy(14)));
    assertThat(status().level()).isEqualTo(Level.OK);
    assertThat(record().issuedAt()).isEqualTo(start);
    assertThat(told.get(told.size() - 1).message())
        .contains("ends when the one before it would have");
    assertThat(Forecast.find(status(), grant))
        .hasValueSatisfying(
            forecast -> assertThat(forecast.diesAt()).isBetween(end.minusSeconds(1), end));

    playUntil(rotator, start.plus(DAY.multipliedBy(16)));
    assertThat(status().level()).isEqualTo(Level.WARNING);

    playUntil(rotator, start.plus(DAY.multipliedBy(26)));
    assertThat(status().level()).isEqualTo(Level.CRITICAL);
    assertThat(record().nextAttemptAt()).isBefore(end);
  }

  @Property(tries = 100)
  void theEndOfASessionIsToldBeforeItComes(
      @ForAll @IntRange(min = 1, max = 2_000) int idleHours,
      @ForAll @IntRange(min = 1, max = 4_000) int maxHours,
      @ForAll boolean byHandToo) {
    FixedEndTest world = new FixedEndTest();
    Duration idle = HOUR.multipliedBy(idleHours);
    Duration max = HOUR.multipliedBy(maxHours);
    Duration last = idle.compareTo(max) < 0 ? idle : max;
    Instant end = world.start.plus(max);
    Rotator rotator = world.session(idle, max);

    world.playUntil(rotator, end.minus(last.dividedBy(4)));
    if (byHandToo) {
      world.rotateTwice(rotator);
    }
    assertThat(world.status().level()).isNotEqualTo(Level.OK);

    world.playUntil(rotator, end.minus(last.dividedBy(20)));
    assertThat(world.status().level()).isEqualTo(Level.CRITICAL);
    assertThat(world.rung()).isPositive();
    assertThat(world.record().nextAttemptAt()).isBefore(end);
    assertThat(Forecast.find(world.status(), world.grant)).isPresent();
  }

  @Property(tries = 100)
  void aSessionThatEachRotationExtendsIsNeverTold(
      @ForAll @IntRange(min = 1, max = 2_000) int idleHours, @ForAll boolean byHandToo) {
    FixedEndTest world = new FixedEndTest();
    Duration idle = HOUR.multipliedBy(idleHours);
    Rotator rotator = world.session(idle, FOREVER);

    for (int n = 1; n < 20; n++) {
      world.playUntil(rotator, world.start.plus(idle.multipliedBy(n).dividedBy(4)));
      if (byHandToo) {
        world.rotateTwice(rotator);
      }
      assertThat(world.status().level()).isEqualTo(Level.OK);
      assertThat(world.rung()).isZero();
      assertThat(Forecast.find(world.status(), world.grant)).isEmpty();
    }
  }

  @Test
  void aLifeThatTheServersAdministratorCutsFarIsNoEndOfTheSession() {
    Rotator after = cut(DAY.multipliedBy(30), HOUR.dividedBy(2));

    assertThat(status().level()).isEqualTo(Level.OK);
    assertThat(Forecast.find(status(), grant)).isEmpty();
    int known = issued;
    playUntil(after, clock.instant().plus(HOUR.dividedBy(2)));
    assertThat(issued - known).as("in one life").isBetween(2, 4);
    assertThat(status().level()).isEqualTo(Level.OK);
  }

  @Test
  void aSessionThatGotShorterButIsExtendedIsSoonHealthyAgain() {
    Rotator after = cut(DAY.multipliedBy(80), DAY.multipliedBy(30));

    for (int hours = 0; hours < 600; hours++) {
      clock.advance(HOUR);
      rotate(after);
      assertThat(status().level()).isEqualTo(Level.OK);
    }
    assertThat(record().issuedAt()).isEqualTo(clock.instant());
  }

  /** A session that each rotation extends, by less from the seventh day on. */
  private Rotator cut(Duration idle, Duration to) {
    playUntil(session(idle, FOREVER), start.plus(DAY.multipliedBy(6)));
    Rotator after = rotator(to, start.plus(FOREVER));
    rotate(after);
    return after;
  }

  private Rotator session(Duration idle, Duration max) {
    Rotator rotator = rotator(idle, start.plus(max));
    Import imported = new Import(RefreshToken.of("first"), null, null, true, false);
    assertThat(rotator.bringIn(grant, imported)).isInstanceOf(Outcome.Rotated.class);
    return rotator;
  }

  /** Says the lesser of both lives, in whole seconds. */
  private Rotator rotator(Duration idle, Instant end) {
    TokenRedeemer server =
        (by, token) -> {
          Instant now = clock.instant();
          Duration left = Duration.between(now, end);
          Duration life = Duration.ofSeconds((left.compareTo(idle) < 0 ? left : idle).toSeconds());
          return life.compareTo(Duration.ZERO) > 0
              ? Answers.successor("token-" + ++issued, Answers.SOMEBODY, life, now)
              : Answers.refused(RefusalKind.DEAD, now);
        };
    RotationPolicy policy = new RotationPolicy((expression, after) -> Instant.MAX);
    return new Rotator(store, server, policy, (entry, kept) -> told.add(entry), clock);
  }

  private void rotate(Rotator rotator) {
    assertThat(rotator.rotate(grant, Trigger.MANUAL)).isInstanceOf(Outcome.Rotated.class);
  }

  private void rotateTwice(Rotator rotator) {
    rotate(rotator);
    clock.advance(Duration.ofMillis(1_300));
    rotate(rotator);
  }

  private void playUntil(Rotator rotator, Instant until) {
    for (Instant at = record().nextAttemptAt(); at.isBefore(until); at = record().nextAttemptAt()) {
      clock.set(at.isAfter(clock.instant()) ? at : clock.advance(Duration.ofSeconds(1)));
      assertThat(rotator.rotate(grant, Trigger.SCHEDULE)).isInstanceOf(Outcome.Rotated.class);
    }
    if (until.isAfter(clock.instant())) {
      clock.set(until);
    }
  }

  private GrantRecord record() {
    return store.findRecord(grant.name()).orElseThrow();
  }

  private GrantStatus status() {
    return GrantStatus.of(grant, record(), Circuits.NONE, clock.instant());
  }

  private int rung() {
    Clocks clocks = Objects.requireNonNull(status().clocks());
    return ladder.rung(clocks.issuedAt(), clocks.expiresAt(), clock.instant());
  }
}
