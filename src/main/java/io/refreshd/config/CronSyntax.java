package io.refreshd.config;

import java.time.Duration;
import java.util.Optional;

/** Whoever understands Quartz cron expressions; times are in UTC. */
public interface CronSyntax {

  /** What is wrong with the expression, and what would be right; empty if it is valid. */
  Optional<String> problem(String expression);

  /** The longest time between two firings of a valid expression. */
  Duration longestGap(String expression);
}
