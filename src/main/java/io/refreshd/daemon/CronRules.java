package io.refreshd.daemon;

import io.refreshd.config.CronSyntax;
import io.refreshd.schedule.QuartzCron;
import java.time.Duration;
import java.util.Optional;

/** What the configuration asks about cron expressions, answered by Quartz. */
record CronRules(QuartzCron quartz) implements CronSyntax {

  @Override
  public Optional<String> problem(String expression) {
    return quartz.problem(expression);
  }

  @Override
  public Duration longestGap(String expression) {
    return quartz.longestGap(expression);
  }
}
