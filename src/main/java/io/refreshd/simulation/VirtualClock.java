package io.refreshd.simulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The clock of the simulated daemon; the world has one of its own, and the two may part. */
final class VirtualClock extends Clock {

  private Duration ahead = Duration.ZERO;
  private Instant world;
  private Instant shown;

  VirtualClock(Instant world) {
    this.world = world;
    this.shown = world;
  }

  void turnTo(Instant world) {
    this.world = world;
    this.shown = world.plus(ahead);
  }

  /** Moves the daemon's clock and not the world's. */
  void jump(Duration by) {
    ahead = ahead.plus(by);
    turnTo(world);
  }

  /** The time in the world. */
  Instant world() {
    return world;
  }

  /** What the daemon believes to be now. */
  @Override
  public Instant instant() {
    return shown;
  }

  /** When the world will be there when the daemon's clock shows that instant. */
  Instant inTheWorld(Instant shown) {
    return shown.minus(ahead);
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
