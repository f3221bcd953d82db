package io.refreshd.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until a test turns it. Threads may share it. */
public final class MutableClock extends Clock {

  /** A Sunday, at noon. */
  public static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private Instant now;

  public MutableClock() {
    this(START);
  }

  public MutableClock(Instant now) {
    this.now = now;
  }

  /** Turns it on, or back by a negative duration. */
  public synchronized Instant advance(Duration duration) {
    now = now.plus(duration);
    return now;
  }

  public synchronized void set(Instant instant) {
    now = instant;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  /** Instants are all that the program reads, so the zone does not matter. */
  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
