package io.refreshd.rotation;

import java.time.Instant;

/** The port to whoever understands cron expressions. */
@FunctionalInterface
public interface CronTimes {

  /** The first time of a valid Quartz cron expression after the instant, in UTC. */
  Instant next(String expression, Instant after);
}
