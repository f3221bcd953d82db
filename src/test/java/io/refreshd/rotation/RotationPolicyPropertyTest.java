package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.Records;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class RotationPolicyPropertyTest {

  private static final Instant ISSUED = MutableClock.START;
  private static final long HUNDRED_DAYS = 100L * 86_400;
  private static final long TEN_YEARS = 3650L * 86_400;

  private final RotationPolicy policy = new RotationPolicy((expression, after) -> Instant.MAX);

  @Property
  void aRotationFallsIntoItsWindow(
      @ForAll @LongRange(min = 1, max = HUNDRED_DAYS) long interval,
      @ForAll @LongRange(min = 3, max = HUNDRED_DAYS) long lifetime,
      @ForAll @LongRange(min = 0, max = 10_000) long name) {
    Grant grant = grant("tenant/g" + name, interval, lifetime);

    Instant due = policy.afterSuccess(grant, ISSUED, Duration.ofSeconds(lifetime));

    double seconds = Math.min((double) interval, lifetime / 3d);
    assertThat(Duration.between(ISSUED, due).toMillis() / 1000d)
        .isBetween(seconds * 0.9 - 0.001, seconds * 1.1 + 0.001);
  }

  @Property
  void aRetryComesAfterNowAndBeforeADeadlineThatCanBeMet(
      @ForAll @LongRange(min = 1, max = HUNDRED_DAYS) long lifetime,
      @ForAll @DoubleRange(min = 0, max = 2) double age,
      @ForAll @LongRange(min = 0, max = TEN_YEARS) long retryAfter,
      @ForAll @Size(min = 1, max = 40) List<RefusalKind> kinds) {
    Grant grant = grant("tenant/grant", 60, lifetime);
    Instant now = ISSUED.plusMillis((long) (lifetime * 1000 * age));
    Instant deadline = ISSUED.plusSeconds(lifetime);
    Standing standing = Records.failed(now, kinds.toArray(RefusalKind[]::new));

    Instant next =
        policy.afterFailure(
            grant,
            Records.issued(grant, ISSUED, now),
            standing,
            Duration.ofSeconds(retryAfter),
            now);

    assertThat(next).isAfter(now).isBeforeOrEqualTo(now.plus(Duration.ofHours(29)));
    if (now.plusSeconds(2).isBefore(deadline)) {
      assertThat(next).isBefore(deadline);
    }
  }

  @Property
  void noJumpOfTheClockStarvesAFailingGrant(
      @ForAll @LongRange(min = -TEN_YEARS, max = TEN_YEARS) long jump,
      @ForAll @Size(min = 1, max = 20) List<RefusalKind> kinds,
      @ForAll boolean isSingleUse) {
    Grant reusable = Grants.sample();
    Grant grant = isSingleUse ? Grants.named("idp/main").singleUse().build() : reusable;
    Standing standing = Records.failed(ISSUED, kinds.toArray(RefusalKind[]::new));
    GrantRecord healthy = Records.issued(grant, ISSUED, ISSUED);
    Instant stored = policy.afterFailure(grant, healthy, standing, null, ISSUED);
    GrantRecord record = Records.standing(Records.issued(grant, ISSUED, stored), standing);
    Instant now = ISSUED.plusSeconds(jump);

    Instant due = policy.due(grant, record, Circuits.NONE, now);

    boolean lost = isSingleUse && kinds.contains(RefusalKind.LOST_ANSWER);
    assertThat(due.equals(RotationPolicy.NEVER)).isEqualTo(lost);
    assertThat(lost || !due.isAfter(now.plus(Duration.ofHours(29)))).isTrue();
  }

  @Property
  void whatACircuitHoldsIsTriedWithinADayAndOnceMoreBeforeItDies(
      @ForAll @LongRange(min = 20, max = HUNDRED_DAYS) long lifetime,
      @ForAll @DoubleRange(min = 0, max = 0.98) double age,
      @ForAll @LongRange(min = 0, max = HUNDRED_DAYS) long next,
      @ForAll Reach reach) {
    Grant grant = grant("tenant/grant", lifetime / 3, lifetime);
    GrantRecord record = Records.issued(grant, ISSUED, ISSUED);
    Instant now = ISSUED.plusMillis((long) (lifetime * 1000 * age));
    Standing failed = Records.failed(now, RefusalKind.CONFIGURATION, RefusalKind.CONFIGURATION);
    Circuit circuit =
        new Circuit(CircuitKeys.of(grant, reach), reach, failed, now.plusSeconds(next));

    Instant due = policy.due(grant, record, Circuits.of(List.of(circuit)), now);

    assertThat(due).isBeforeOrEqualTo(now.plus(Duration.ofHours(29)));
    assertThat(due).isBefore(ISSUED.plusSeconds(lifetime));
  }

  @Property
  void aCircuitNeverMakesAGrantDueEarlierExceptForItsLastCall(
      @ForAll @LongRange(min = 100, max = HUNDRED_DAYS) long lifetime,
      @ForAll @DoubleRange(min = 0, max = 0.98) double age,
      @ForAll @LongRange(min = 0, max = HUNDRED_DAYS) long next) {
    Grant grant = grant("tenant/grant", lifetime / 3, lifetime);
    GrantRecord record = Records.issued(grant, ISSUED, Instant.MAX);
    Instant now = ISSUED.plusMillis((long) (lifetime * 1000 * age));
    Standing failed = Records.failed(now, RefusalKind.CONFIGURATION);
    String key = CircuitKeys.of(grant, Reach.CREDENTIAL);
    Circuits held =
        Circuits.of(List.of(new Circuit(key, Reach.CREDENTIAL, failed, now.plusSeconds(next))));

    assertThat(policy.due(grant, record, held, now))
        .isAfterOrEqualTo(policy.due(grant, record, Circuits.NONE, now));
  }

  @Property
  void noJumpOfTheClockStarvesAHealthyGrant(
      @ForAll @LongRange(min = -TEN_YEARS, max = TEN_YEARS) long jump) {
    Grant grant = Grants.sample();
    GrantRecord record = Records.issued(grant, ISSUED, Instant.MAX);
    Instant now = ISSUED.plusSeconds(jump);

    assertThat(policy.due(grant, record, Circuits.NONE, now))
        .isBefore(now.plus(Duration.ofDays(8)));
  }

  private static Grant grant(String name, long interval, long lifetime) {
    return Grants.named(name)
        .rotateEvery(Duration.ofSeconds(interval))
        .lifetime(Duration.ofSeconds(lifetime))
        .build();
  }
}
