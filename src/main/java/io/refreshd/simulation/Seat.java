package io.refreshd.simulation;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.State;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A grant's place in a play. */
final class Seat {

  final Member member;
  final Chain chain;
  private int rotations;
  private int failures;
  private State state = State.HEALTHY;
  private @Nullable RefusalKind kind;

  Seat(Member member, Chain chain) {
    this.member = member;
    this.chain = chain;
  }

  Grant grant() {
    return member.grant();
  }

  /**
   * Takes down a rotation.
   *
   * @return whether the grant stands otherwise than before
   */
  boolean rotated() {
    rotations++;
    return stands(State.HEALTHY, null);
  }

  /** Takes down a failed attempt, likewise. */
  boolean failed(State state, RefusalKind kind) {
    failures++;
    return stands(state, kind);
  }

  Fate fate(Instant end) {
    chain.measure(end);
    return new Fate(
        grant().name(),
        member.record() == null,
        rotations,
        failures,
        chain.oldest(),
        chain.oldestAt(),
        chain.leastLeft(),
        chain.death(end));
  }

  private boolean stands(State now, @Nullable RefusalKind why) {
    boolean changed = state != now || kind != why;
    state = now;
    kind = why;
    return changed;
  }
}
