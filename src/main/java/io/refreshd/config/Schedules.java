package io.refreshd.config;

import io.refreshd.grant.Cadence;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads when a grant is rotated, and whether its tokens can live with that. */
public final class Schedules {

  /** A token is replaced after at most this share of its life, so that there is time to fail. */
  private static final int LIVES_PER_ROTATION = 3;

  private final CronSyntax syntax;
  private final Map<String, Duration> gaps = new HashMap<>();

  Schedules(CronSyntax syntax) {
    this.syntax = syntax;
  }

  /** What is wrong with an interval for tokens that live so long, in words; empty if nothing. */
  public static Optional<String> problem(Duration interval, Duration lifetime) {
    return isTooSlow(interval, lifetime)
        ? Optional.of(tooSlow(false, interval, lifetime))
        : Optional.empty();
  }

  /** Reports what is wrong with the schedule of one level, used or not. */
  void check(Fields fields) {
    if (fields.has(Keys.ROTATE_EVERY) && fields.has(Keys.ROTATE_CRON)) {
      fields.reject(Keys.ROTATE_CRON, "stands beside rotate-every; would be one of the two");
    }
    expression(fields);
  }

  /** The cadence; {@code null} if that was reported to be impossible. */
  @Nullable Cadence cadence(Layers in) {
    if (isCron(in)) {
      String expression = expression(in.holding(Keys.ROTATE_CRON));
      return expression == null ? null : new Cadence.Cron(expression);
    }
    Duration interval = in.value(Keys.ROTATE_EVERY);
    return interval == null ? null : new Cadence.Every(interval);
  }

  /** Reports a cadence that is too slow for the lifetime, or for the outage to be survived. */
  void check(Layers in, Cadence cadence, Duration lifetime) {
    Key<?> key = isCron(in) ? Keys.ROTATE_CRON : Keys.ROTATE_EVERY;
    Duration gap = gap(cadence);
    Duration outage = in.value(Keys.SURVIVE_OUTAGE);
    if (isTooSlow(gap, lifetime)) {
      in.conflict(tooSlow(isCron(in), gap, lifetime), key, Keys.LIFETIME);
    } else if (outage != null && latest(cadence).plus(outage).compareTo(lifetime) >= 0) {
      in.conflict(
          tooLong(outage, latest(cadence), lifetime), Keys.SURVIVE_OUTAGE, key, Keys.LIFETIME);
    }
  }

  private @Nullable String expression(Fields fields) {
    String expression = fields.value(Keys.ROTATE_CRON);
    if (expression == null) {
      return null;
    }
    var problem = syntax.problem(expression);
    problem.ifPresent(words -> fields.wrong(Keys.ROTATE_CRON, words));
    return problem.isPresent() ? null : expression;
  }

  private static boolean isCron(Layers in) {
    return in.depth(Keys.ROTATE_CRON) < in.depth(Keys.ROTATE_EVERY);
  }

  private Duration gap(Cadence cadence) {
    return cadence instanceof Cadence.Every every
        ? every.interval()
        : gaps.computeIfAbsent(((Cadence.Cron) cadence).expression(), syntax::longestGap);
  }

  /** How old a token may become: an interval is moved by the grant's slot, at most by a tenth. */
  private Duration latest(Cadence cadence) {
    return cadence instanceof Cadence.Every every
        ? every.interval().multipliedBy(11).dividedBy(10)
        : gap(cadence);
  }

  private static boolean isTooSlow(Duration gap, Duration lifetime) {
    return gap.multipliedBy(LIVES_PER_ROTATION).compareTo(lifetime) > 0;
  }

  private static String tooSlow(boolean cron, Duration gap, Duration lifetime) {
    Duration third = lifetime.dividedBy(LIVES_PER_ROTATION);
    return (cron
            ? "rotate-cron leaves up to " + Durations.format(gap) + " between rotations,"
            : "rotate-every " + Durations.format(gap) + " is")
        + " more than a third of lifetime "
        + Durations.format(lifetime)
        + "; would be "
        + (third.compareTo(Duration.ofSeconds(1)) < 0
            ? "a lifetime of 3s or more"
            : Durations.format(third) + " or less");
  }

  private static String tooLong(Duration outage, Duration latest, Duration lifetime) {
    Duration room = lifetime.minus(latest).minusNanos(1);
    return "survive-outage "
        + Durations.format(outage)
        + " cannot be kept: a token is replaced after up to "
        + Durations.format(latest)
        + " of its lifetime "
        + Durations.format(lifetime)
        + "; would be "
        + Durations.format(room)
        + " or less";
  }
}
