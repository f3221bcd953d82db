package io.refreshd.simulation;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.Clocks;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.Level;
import io.refreshd.rotation.State;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks a watch when there may be something to say, and only then. */
final class Lookout {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration A_YEAR = Duration.ofDays(365);

  private final Watch watch;
  private final SimulatedStore store;
  private final VirtualClock clock;
  private final List<Play.Told> told = new ArrayList<>();
  private Instant at;

  Lookout(Watch watch, SimulatedStore store, VirtualClock clock) {
    this.watch = watch;
    this.store = store;
    this.clock = clock;
    this.at = clock.world();
  }

  /** When to look next, by the world's clock. */
  Instant at() {
    return at;
  }

  /** Something has changed: looks at the next full minute. */
  void lookSoon() {
    Instant soon = clock.world().truncatedTo(ChronoUnit.MINUTES).plus(MINUTE);
    at = soon.isBefore(at) ? soon : at;
  }

  /** The daemon is down: nobody looks until {@link #lookSoon}. */
  void close() {
    at = Instant.MAX;
  }

  void look(List<Seat> seats) {
    Instant now = clock.instant();
    Circuits circuits = Circuits.of(store.circuits());
    List<Watch.Standing> grants =
        seats.stream().map(seat -> standing(seat, circuits, now)).toList();
    for (Alert alert : watch.look(grants, now)) {
      told.add(new Play.Told(clock.world(), alert));
    }
    Instant quiet = now.plus(A_YEAR);
    for (Watch.Standing grant : grants) {
      Instant until = quietUntil(grant.status());
      quiet = until.isBefore(quiet) ? until : quiet;
    }
    Instant again = clock.world().truncatedTo(ChronoUnit.HOURS).plus(HOUR);
    at = quiet.isAfter(now.plus(HOUR)) ? clock.inTheWorld(quiet) : again;
  }

  List<Play.Told> told() {
    return told;
  }

  private Watch.Standing standing(Seat seat, Circuits circuits, Instant now) {
    GrantRecord record = store.record(seat.grant().name());
    return new Watch.Standing(seat.grant(), GrantStatus.of(seat.grant(), record, circuits, now));
  }

  /** Until then a grant is healthy and {@code ok}, whether or not it is rotated. */
  private Instant quietUntil(GrantStatus status) {
    Clocks clocks = status.clocks();
    if (clocks == null || status.state() != State.HEALTHY || status.level() != Level.OK) {
      return status.at();
    }
    Instant issue = quietUntil(clocks.issuedAt(), clocks.expiresAt());
    Instant signIn = quietUntil(clocks.signedInAt(), clocks.signInExpiresAt());
    return issue.isBefore(signIn) ? issue : signIn;
  }

  /** The level changes when half of a life is over. */
  private Instant quietUntil(@Nullable Instant from, @Nullable Instant to) {
    if (from == null || to == null) {
      return Instant.MAX;
    }
    Instant half = from.plus(Duration.between(from, to).dividedBy(2));
    Instant noticed = to.minus(watch.notice());
    return half.isBefore(noticed) ? half : noticed;
  }
}
