package io.refreshd.schedule;

import io.refreshd.rotation.CronTimes;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.quartz.CronExpression;

/** Quartz cron expressions, in UTC. */
public final class QuartzCron implements CronTimes {

  private static final Instant SAMPLE_FROM = Instant.parse("2024-01-01T00:00:00Z");
  private static final int SAMPLE_DAYS = 5 * 366;
  private static final int SAMPLE_TIMES = 2_000;

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

  /**
   * The longest time between two of its times: of the first 2,000 within five years exactly, and of
   * later pauses to less than a day.
   */
  public Duration longestGap(String expression) {
    CronExpression cron = parsed(expression);
    Duration longest = Duration.ZERO;
    Instant last = next(cron, SAMPLE_FROM);
    Instant end = SAMPLE_FROM.plus(Duration.ofDays(SAMPLE_DAYS));
    for (int i = 0; i < SAMPLE_TIMES && last != null && last.isBefore(end); i++) {
      Instant next = next(cron, last);
      longest = longer(longest, gap(last, next));
      last = next;
    }
    for (int day = 0; day < SAMPLE_DAYS; day++) {
      Instant from = SAMPLE_FROM.plus(Duration.ofDays(day));
      longest = longer(longest, gap(from, next(cron, from)));
    }
    return longest;
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

  private static Duration gap(Instant from, @Nullable Instant to) {
    return to == null ? FOR_EVER : Duration.between(from, to);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
