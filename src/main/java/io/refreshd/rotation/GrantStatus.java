package io.refreshd.rotation;

import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a grant stands at an instant: arithmetic on what is stored, whether or not any daemon runs.
 *
 * @param grant which
 * @param state how it stands
 * @param level how urgent that is
 * @param record what the store knows; {@code null} if it has no token yet
 * @param clocks its two clocks; {@code null} likewise
 * @param circuit the circuit that holds it back; {@code null} if none does
 * @param at the instant
 */
public record GrantStatus(
    GrantName grant,
    State state,
    Level level,
    @Nullable GrantRecord record,
    @Nullable Clocks clocks,
    @Nullable Circuit circuit,
    Instant at) {

  private static final double HALF = 1d / 2;
  private static final Duration RETRYING_TOO_LONG = Duration.ofDays(1);

  /**
   * The status of a grant.
   *
   * @param record {@code null} if the grant has no token yet
   */
  public static GrantStatus of(
      Grant grant, @Nullable GrantRecord record, Circuits circuits, Instant now) {
    Circuit circuit =
        circuits.holding(grant, record == null ? null : record.standing().rotatedAt());
    if (record == null) {
      return new GrantStatus(grant.name(), State.NEW, Level.WARNING, null, null, circuit, now);
    }
    Clocks clocks = Clocks.of(grant, record);
    State state = state(record, clocks, circuit, now);
    Level level = level(state, record.standing(), clocks, now);
    return new GrantStatus(grant.name(), state, level, record, clocks, circuit, now);
  }

  /** The reason that stands: the grant's own, or that of the circuit which stops it. */
  public Standing reason() {
    if (record == null) {
      return Standing.good(null, null);
    }
    boolean isItsOwn = record.standing().kind() == RefusalKind.CONFIGURATION;
    Circuit stopping = stoppedBy();
    return state == State.BLOCKED && stopping != null && !isItsOwn
        ? stopping.standing()
        : record.reason();
  }

  /** The circuit that stops it; {@code null} if none does, or one that asks for patience only. */
  public @Nullable Circuit stoppedBy() {
    return circuit != null && circuit.isStopping() ? circuit : null;
  }

  /**
   * The status of a grant that is stored, but that no configuration names: its token dies, and
   * nobody keeps it alive. How long its sign-in clock runs is not known without a configuration.
   */
  public static GrantStatus unconfigured(GrantRecord record, Instant now) {
    Clocks clocks =
        new Clocks(record.issuedAt(), record.expiresAt(), record.signedInAt(), null, null, null);
    return new GrantStatus(
        record.name(), State.UNCONFIGURED, Level.WARNING, record, clocks, null, now);
  }

  /** Whether it is a warning for this alone: nobody knows how old its token is. */
  public boolean isOfUnknownAge() {
    return state == State.HEALTHY
        && clocks != null
        && clocks.expiresAt() == null
        && clocks.lifeLeft(at) >= HALF;
  }

  /** Days to the deadline, negative after it; {@code null} if no clock is known. */
  public @Nullable Double daysLeft() {
    Instant deadline = clocks == null ? null : clocks.deadline();
    return deadline == null ? null : Duration.between(at, deadline).toMillis() / 86_400_000d;
  }

  /**
   * When it is tried next, as stored; {@code null} if it has no token yet, if only a person sets it
   * off, or if nobody does.
   */
  public @Nullable Instant nextAttemptAt() {
    boolean isLeftAlone = state == State.UNCONFIGURED;
    if (record == null || isLeftAlone || record.reason().kind() == RefusalKind.LOST_ANSWER) {
      return null;
    }
    Instant own = record.nextAttemptAt();
    return circuit == null || circuit.nextAttemptAt().isBefore(own) ? own : circuit.nextAttemptAt();
  }

  private static State state(
      GrantRecord record, Clocks clocks, @Nullable Circuit circuit, Instant now) {
    Instant deadline = clocks.deadline();
    if (deadline != null && !now.isBefore(deadline)) {
      return State.EXPIRED;
    }
    State own = record.unanswered() ? State.NEEDS_CONSENT : state(record.standing());
    boolean stopped = circuit != null && circuit.isStopping();
    return stopped && own != State.NEEDS_CONSENT ? State.BLOCKED : own;
  }

  private static State state(Standing standing) {
    RefusalKind kind = standing.kind();
    if (kind == null) {
      return State.HEALTHY;
    }
    // what is wrong with the configuration is wrong from the first answer on: no retry mends it
    if (!standing.isConfirmed() && kind != RefusalKind.CONFIGURATION) {
      return State.RETRYING;
    }
    return kind.verdict() == RefusalKind.Verdict.CONSENT ? State.NEEDS_CONSENT : State.BLOCKED;
  }

  private static Level level(State state, Standing standing, Clocks clocks, Instant now) {
    double left = clocks.lifeLeft(now);
    return switch (state) {
      case NEEDS_CONSENT, BLOCKED, EXPIRED -> Level.CRITICAL;
      default -> {
        if (left < 1d / 6) {
          yield Level.CRITICAL;
        }
        boolean unknownAge = clocks.expiresAt() == null;
        yield state == State.NEW || left < HALF || unknownAge || retriesTooLong(standing, now)
            ? Level.WARNING
            : Level.OK;
      }
    };
  }

  private static boolean retriesTooLong(Standing standing, Instant now) {
    Instant since = standing.failingSince();
    return since != null && Duration.between(since, now).compareTo(RETRYING_TOO_LONG) > 0;
  }
}
