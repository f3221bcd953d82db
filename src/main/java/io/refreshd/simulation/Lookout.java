package io.refreshd.simulation;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.AlertBook;
import io.refreshd.rotation.AlertRules;
import io.refreshd.rotation.Circuits;
import io.refreshd.rotation.Clocks;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.OpenAlert;
import io.refreshd.rotation.SkewWatch;
import io.refreshd.rotation.State;
import io.refreshd.rotation.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what people are told, by the real rules. It looks within a minute after a grant's state
 * has changed, once an hour while something is told of or a grant is not well, and when half of the
 * first life is over; in between there is nothing to say.
 */
final class Lookout {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration A_YEAR = Duration.ofDays(365);

  private final AlertRules rules;
  private final SimulatedStore store;
  private final VirtualClock clock;
  private final List<Alert> told = new ArrayList<>();
  private List<OpenAlert> open = List.of();
  private Instant at;

  Lookout(AlertRules rules, SimulatedStore store, VirtualClock clock) {
    this.rules = rules;
    this.store = store;
    this.clock = clock;
    this.at = clock.world().plus(MINUTE);
  }

  /** When to look next, by the world's clock. */
  Instant at() {
    return at;
  }

  /** Something has changed. */
  void lookSoon() {
    Instant soon = clock.world().plus(MINUTE);
    at = soon.isBefore(at) ? soon : at;
  }

  /** The daemon is down: nobody looks until {@link #lookSoon}. */
  void close() {
    at = Instant.MAX;
  }

  /**
   * Looks at everything.
   *
   * @param skew what servers' answers have shown of the daemon's clock
   */
  void look(List<Seat> seats, SkewWatch skew) {
    Instant now = clock.instant();
    Instant quiet = now.plus(A_YEAR);
    Circuits circuits = store.circuitsOf(List.of());
    AlertRules.Look look = rules.at(now);
    for (Seat seat : seats) {
      GrantRecord record = store.record(seat.grant().name());
      GrantStatus status = GrantStatus.of(seat.grant(), record, circuits, now);
      look.add(seat.grant(), status);
      quiet = earlier(quiet, quietUntil(status));
    }
    skew.skews().forEach(look::addClockSkew);
    AlertBook.Page page = AlertBook.compare(look.causes(), open, told -> sight(told, skew), now);
    page.alerts().forEach(alert -> told.add(alert.foundAt(clock.world())));
    open = page.open();
    boolean isQuiet = open.isEmpty() && quiet.isAfter(now.plus(HOUR));
    at = isQuiet ? clock.inTheWorld(quiet) : clock.world().plus(HOUR);
  }

  /** As the daemon's survey has it; no grant is taken out of a simulation. */
  private static AlertBook.Sight sight(OpenAlert told, SkewWatch skew) {
    boolean isUnknown =
        Topic.of(told.cause()) == Topic.CLOCK_SKEW && !skew.agreesWith(told.subjects());
    return isUnknown ? AlertBook.Sight.NOT_YET : AlertBook.Sight.HERE;
  }

  /** What people were told, by the world's clock, as all that a simulation tells. */
  List<Alert> told() {
    return told;
  }

  /** Until then there is nothing to tell of a grant, whether or not it is rotated. */
  private static Instant quietUntil(GrantStatus status) {
    Clocks clocks = status.clocks();
    if (clocks == null || status.state() != State.HEALTHY || status.circuit() != null) {
      return status.at();
    }
    return earlier(
        half(clocks.issuedAt(), clocks.expiresAt(), status.at()),
        half(clocks.signedInAt(), clocks.signInExpiresAt(), status.at()));
  }

  /** No rung of the ladder counts in the first half of a clock's run. */
  private static Instant half(@Nullable Instant from, @Nullable Instant to, Instant now) {
    if (to == null) {
      return Instant.MAX;
    }
    return from == null ? now : from.plus(Duration.between(from, to).dividedBy(2));
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
