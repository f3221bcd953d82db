package io.refreshd.grant;

import java.time.Duration;

/** How often a grant is rotated when all is well. */
public sealed interface Cadence {

  /** That long after the issue of the current generation, moved by the grant's slot. */
  record Every(Duration interval) implements Cadence {}

  /** At the times of a Quartz cron expression, in UTC. */
  record Cron(String expression) implements Cadence {}
}
