package io.refreshd.schedule;

import io.refreshd.rotation.CronTimes;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Optional;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.quartz.CronExpression;

/** Quartz cron expressions, in UTC. */
public final class QuartzCron implements CronTimes {

  private static final Instant SAMPLE_FROM = Instant.parse("2024-01-01T00:00:00Z");

  /** After 28 years the days of the week fall on the same dates again, until 2100. */
  private static final Instant SAMPLE_TO = Instant.parse("2052-01-01T00:00:00Z");

  /** A gap of an expression that has no further time: longer than any lifetime. */
  private static final Duration FOR_EVER = Duration.ofDays(365_000);

  @Override
  public Instant next(String expression, Instant after) {
    Instant next = next(parsed(expression), after);
    return next == null ? after.plus(FOR_EVER) : next;
  }

  /** What is wrong with an expression; empty if nothing is. */
  public Optional<String> problem(String expression) {
    try {
      new CronExpression(expression);
      return Optional.empty();
    } catch (ParseException e) {
      String wrong = String.valueOf(e.getMessage()).replaceFirst("\\.$", "");
      return Optional.of(wrong + "; would be for example 0 0 3 ? * SUN");
    }
  }

  /** The longest time between two of its times, within 28 years. */
  public Duration longestGap(String expression) {
    CronExpression cron = parsed(expression);
    Instant first = next(cron, SAMPLE_FROM.minusSeconds(1));
    return first == null ? FOR_EVER : new Gaps(cron, first).longest();
  }

  private static CronExpression parsed(String expression) {
    try {
      CronExpression cron = new CronExpression(expression);
      cron.setTimeZone(TimeZone.getTimeZone("UTC"));
      return cron;
    } catch (ParseException e) {
      throw new IllegalArgumentException("not a Quartz cron expression: " + expression, e);
    }
  }

  private static @Nullable Instant next(CronExpression cron, Instant after) {
    Date next = cron.getNextValidTimeAfter(Date.from(after));
    return next == null ? null : next.toInstant();
  }

  /**
   * The gaps between its times. All of its hours have the same minutes and seconds, and all of its
   * days the same hours, so one of each is gone through, and of the others only the last time leads
   * on: an expression may have 86,400 times a day.
   */
  private static final class Gaps {
    private final CronExpression cron;
    private final Instant first;
    private Duration longest;

    Gaps(CronExpression cron, Instant first) {
      this.cron = cron;
      this.first = first;
      this.longest = Duration.between(SAMPLE_FROM, first);
    }

    Duration longest() {
      Duration hour = walk(Duration.ZERO, endOf(ChronoUnit.HOURS));
      Duration day = walk(hour, endOf(ChronoUnit.DAYS));
      walk(day, SAMPLE_TO);
      return longest;
    }

    /**
     * Goes on from the first time until the end.
     *
     * @param part from the first to the last time of what is not gone through
     * @return from the first time to the last one before the end
     */
    private Duration walk(Duration part, Instant end) {
      Instant last = first.plus(part);
      Instant next = next(cron, last);
      while (next != null && next.isBefore(end)) {
        take(Duration.between(last, next));
        last = next.plus(part);
        next = next(cron, last);
      }
      take(next == null ? FOR_EVER : Duration.between(last, next));
      return Duration.between(first, last);
    }

    private void take(Duration gap) {
      longest = gap.compareTo(longest) > 0 ? gap : longest;
    }

    private Instant endOf(ChronoUnit unit) {
      return first.truncatedTo(unit).plus(1, unit);
    }
  }
}
