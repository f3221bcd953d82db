package io.refreshd.rotation;

import java.time.Instant;

/** The port to whoever understands cron expressions. */
@FunctionalInterface
public interface CronTimes {

  /**
   * The first time of a valid Quartz cron expression after the instant, in UTC; {@link Instant#MAX}
   * if there is none. It never throws: it is asked after a redemption, when that would cost the
   * successor.
   */
  Instant next(String expression, Instant after);
}
