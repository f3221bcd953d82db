package io.refreshd.simulation;

import io.refreshd.grant.Generation;
import io.refreshd.grant.Grant;
import io.refreshd.rotation.Alert;
import io.refreshd.rotation.AlertRules;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.Clocks;
import io.refreshd.rotation.CronTimes;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.RotationListener;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.SkewWatch;
import io.refreshd.rotation.StoredGrant;
import io.refreshd.rotation.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * One play: a simulated daemon with the real rotator and policy, from event to event by the world's
 * clock. Of the daemon it takes the order of rotations, the limits, and the round of the watchman
 * once a minute, who notices what no timer was set for.
 */
final class Play {

  private static final Duration WATCHMAN = Duration.ofMinutes(1);
  private static final Instant NEVER = Instant.MAX;

  private final Scenario scenario;
  private final RotationListener listener;
  private final RotationPolicy policy;
  private final VirtualClock clock;
  private final SimulatedStore store = new SimulatedStore();
  private final Rates.Counter redemptions;
  private final World world;
  private final DueLine line;
  private final @Nullable Lookout lookout;
  private final List<Seat> seats = new ArrayList<>();
  private final PriorityQueue<Turn> turns =
      new PriorityQueue<>(
          Comparator.comparing(Turn::at).thenComparing(turn -> turn.seat().grant().name()));
  private final PriorityQueue<Step> steps =
      new PriorityQueue<>(Comparator.comparing(Step::at).thenComparing(Step::isEnd));
  private SkewWatch skew = new SkewWatch();
  private Rotator rotator;
  private Instant sweepAt = NEVER;
  private int downtimes;

  /** When a grant falls due. */
  private record Turn(Instant at, Seat seat) {}

  /**
   * When something happens to the daemon.
   *
   * @param isEnd whether a downtime ends: after one that begins then, so that they are one
   */
  private record Step(Instant at, boolean isEnd, Runnable happens) {}

  /** How a play of some grants went. */
  record Ending(List<Fate> fates, List<Alert> told) {}

  /**
   * @param rules by which people are told; {@code null} if nobody is
   * @param listener is told of each entry of the rotation log, which is kept nowhere
   */
  Play(
      Scenario scenario,
      CronTimes cron,
      Limits limits,
      @Nullable AlertRules rules,
      Rates rates,
      RotationListener listener) {
    this.scenario = scenario;
    this.clock = new VirtualClock(scenario.start());
    this.redemptions = rates.new Counter();
    this.world = new World(scenario, clock, redemptions);
    this.line = new DueLine(limits);
    this.lookout = rules == null ? null : new Lookout(rules, store, clock);
    this.listener = listener;
    this.policy = new RotationPolicy(cron);
    this.rotator = newRotator();
  }

  Ending play(List<Member> members) {
    members.forEach(this::enter);
    scenario.all(Incident.ClockJump.class).forEach(this::plan);
    scenario.all(Incident.Downtime.class).forEach(this::plan);
    sweep();
    for (Instant now = next(); now.isBefore(scenario.end()); now = next()) {
      clock.turnTo(now);
      happen(now);
    }
    clock.turnTo(scenario.end());
    redemptions.flush();
    return new Ending(
        seats.stream().map(seat -> seat.fate(scenario.end())).toList(),
        lookout == null ? List.of() : lookout.told());
  }

  private void enter(Member member) {
    Grant grant = member.grant();
    GrantRecord record = member.record();
    Chain chain = world.enter(member);
    seats.add(new Seat(member, chain));
    if (record == null) {
      Instant now = scenario.start();
      rotator.bringIn(grant, new Import(chain.newest(), now, now, false, false));
    } else {
      Generation current =
          new Generation(
              record.generation(), chain.newest(), record.issuedAt(), record.expiresAt());
      store.put(new StoredGrant(record, current, () -> null));
    }
  }

  private void plan(Incident.ClockJump jump) {
    steps.add(
        new Step(
            jump.at(),
            false,
            () -> {
              clock.jump(jump.by());
              sweepSoon();
            }));
  }

  private void plan(Incident.Downtime downtime) {
    steps.add(new Step(downtime.from(), false, this::stop));
    steps.add(new Step(downtime.to(), true, this::restart));
  }

  private void stop() {
    turns.clear();
    line.clear();
    sweepAt = NEVER;
    downtimes++;
    if (lookout != null) {
      lookout.close();
    }
  }

  private void restart() {
    downtimes--;
    if (downtimes > 0) {
      return;
    }
    rotator = newRotator();
    sweepAt = clock.world();
    lookSoon();
  }

  /** The watchman sees on his next round what no timer was set for. */
  private void sweepSoon() {
    if (downtimes == 0) {
      sweepAt = earlier(sweepAt, clock.world().plus(WATCHMAN));
      lookSoon();
    }
  }

  private void lookSoon() {
    if (lookout != null) {
      lookout.lookSoon();
    }
  }

  private Instant next() {
    Instant next = turns.isEmpty() ? NEVER : turns.element().at();
    next = steps.isEmpty() ? next : earlier(next, steps.element().at());
    next = lookout == null ? next : earlier(next, lookout.at());
    return earlier(next, earlier(sweepAt, line.nextStart()));
  }

  private void happen(Instant now) {
    while (!steps.isEmpty() && !now.isBefore(steps.element().at())) {
      steps.remove().happens().run();
    }
    if (!now.isBefore(sweepAt)) {
      sweep();
    }
    while (!turns.isEmpty() && !now.isBefore(turns.element().at())) {
      Seat seat = turns.remove().seat();
      Instant deadline = Clocks.of(seat.grant(), record(seat)).deadline();
      line.add(new DueLine.Due(seat, deadline == null ? Instant.EPOCH : deadline));
    }
    for (DueLine.Due due = line.take(now); due != null; due = line.take(now)) {
      take(due, now);
    }
    if (lookout != null && !now.isBefore(lookout.at())) {
      lookout.look(seats, skew);
    }
  }

  /** Looks at all grants anew. */
  private void sweep() {
    sweepAt = NEVER;
    turns.clear();
    line.clear();
    seats.forEach(seat -> queue(seat, clock.world()));
  }

  private void take(DueLine.Due due, Instant now) {
    Seat seat = due.seat();
    boolean failing = record(seat).standing().failures() > 0;
    Outcome outcome = rotator.rotate(seat.grant(), failing ? Trigger.RETRY : Trigger.SCHEDULE);
    boolean changed = false;
    if (outcome instanceof Outcome.Rotated) {
      line.fly(due, now);
      changed = seat.rotated();
    } else if (outcome instanceof Outcome.Failed failed) {
      line.fly(due, now);
      changed = seat.failed(failed.state(), failed.refused().kind());
    }
    if (changed) {
      lookSoon();
    }
    if (store.takeCircuitsChanged()) {
      sweepSoon();
    }
    queue(seat, now.plus(WATCHMAN));
  }

  /**
   * Queues the next turn of a grant.
   *
   * @param overdue when it comes if it is overdue
   */
  private void queue(Seat seat, Instant overdue) {
    Circuits circuits = store.circuitsOf(List.of(seat.grant()));
    Instant due = policy.due(seat.grant(), record(seat), circuits, clock.instant());
    if (due.equals(RotationPolicy.NEVER)) {
      return;
    }
    Instant at = clock.inTheWorld(due);
    turns.add(new Turn(at.isAfter(clock.world()) ? at : overdue, seat));
  }

  private GrantRecord record(Seat seat) {
    return store.record(seat.grant().name());
  }

  private Rotator newRotator() {
    skew = new SkewWatch();
    return new Rotator(store, world, policy, listener, skew, clock);
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
