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
 * @param at the instant
 */
public record GrantStatus(
    GrantName grant,
    State state,
    Level level,
    @Nullable GrantRecord record,
    @Nullable Clocks clocks,
    Instant at) {

  private static final Duration RETRYING_TOO_LONG = Duration.ofDays(1);

  /**
   * The status of a grant.
   *
   * @param record {@code null} if the grant has no token yet
   */
  public static GrantStatus of(Grant grant, @Nullable GrantRecord record, Instant now) {
    if (record == null) {
      return new GrantStatus(grant.name(), State.NEW, Level.WARNING, null, null, now);
    }
    Clocks clocks = Clocks.of(grant, record);
    State state = state(record, clocks, now);
    return new GrantStatus(
        grant.name(), state, level(state, record.standing(), clocks, now), record, clocks, now);
  }

  /**
   * The status of a grant that is stored, but that no configuration names: its token dies, and
   * nobody keeps it alive. How long its sign-in clock runs is not known without a configuration.
   */
  public static GrantStatus unconfigured(GrantRecord record, Instant now) {
    Clocks clocks = new Clocks(record.issuedAt(), record.expiresAt(), record.signedInAt(), null);
    return new GrantStatus(record.name(), State.UNCONFIGURED, Level.WARNING, record, clocks, now);
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
    return record == null
            || state == State.UNCONFIGURED
            || record.standing().kind() == RefusalKind.LOST_ANSWER
        ? null
        : record.nextAttemptAt();
  }

  static State state(GrantRecord record, Clocks clocks, Instant now) {
    Instant deadline = clocks.deadline();
    if (deadline != null && !now.isBefore(deadline)) {
      return State.EXPIRED;
    }
    return record.unanswered() ? State.NEEDS_CONSENT : state(record.standing());
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
        yield state == State.NEW || left < 1d / 2 || unknownAge || retriesTooLong(standing, now)
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
