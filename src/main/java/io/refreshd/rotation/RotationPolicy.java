package io.refreshd.rotation;

import io.refreshd.grant.Cadence;
import io.refreshd.grant.Grant;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a grant is rotated: pure arithmetic on its clocks, its configuration and how the attempts
 * have gone. Every instant that is drawn here is stored and not drawn again.
 */
public final class RotationPolicy {

  /**
   * A generation is replaced after at most this share of its life, so that there is time to fail.
   */
  private static final int LIVES_PER_ROTATION = 3;

  /** The slot of a grant moves its rotation by at most this share of the interval. */
  private static final double SLOT_SHARE = 0.10;

  /** Retries are moved by at most this share of their delay. */
  private static final double RETRY_SHARE = 0.20;

  /** No delay between retries is longer than this share of the lifetime. */
  private static final int RETRIES_PER_LIFE = 20;

  /** A grant that is held back has its last try when this share of its life is left. */
  private static final int LAST_SHARES = 100;

  /** No interval or delay is shorter, however short the lifetime: nobody hammers an endpoint. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /** What a server may ask for with {@code Retry-After}, at most: more would starve the grant. */
  private static final Duration RETRY_AFTER_LIMIT = Duration.ofDays(1);

  /** How far a stored instant may lie in the future before the clock is taken to have gone back. */
  private static final Duration CLOCK_SLACK = Duration.ofMinutes(1);

  /** When a grant is due that only a person sets off. */
  public static final Instant NEVER = Instant.MAX;

  private final CronTimes cron;

  public RotationPolicy(CronTimes cron) {
    this.cron = cron;
  }

  /** Whether the grant is to be rotated now, and why or why not. */
  public Decision decide(
      Grant grant, GrantRecord record, Circuits circuits, Trigger trigger, Instant now) {
    if (trigger == Trigger.MANUAL) {
      return new Decision(true, "asked for by a person");
    }
    Instant due = due(grant, record, circuits, now);
    if (due.equals(NEVER)) {
      return new Decision(
          false,
          "an answer of a single-use server was lost; only `refreshd rotate` presents the token"
              + " once more");
    }
    if (!now.isBefore(due)) {
      return new Decision(true, "due"); // to write the instant out costs more than to decide
    }
    Circuit circuit = circuits.holding(grant);
    return new Decision(
        false,
        circuit == null
            ? "next rotation at " + due
            : "held back until " + due + ": " + circuit.standing().message());
  }

  /**
   * When the grant is due, seen from now. That is the stored instant, unless arithmetic says that
   * it should be earlier: the configuration has become stricter, the clock has been turned back
   * since it was stored, or less than a third of the life is left. A circuit that holds the grant
   * makes it later. {@link #NEVER} if an answer of a single-use server was lost.
   */
  public Instant due(Grant grant, GrantRecord record, Circuits circuits, Instant now) {
    if (record.unanswered()) {
      return now;
    }
    if (record.standing().kind() == RefusalKind.LOST_ANSWER && grant.isSingleUse()) {
      return NEVER;
    }
    Circuit circuit = circuits.holding(grant);
    if (circuit == null) {
      return byItself(grant, record, now);
    }
    Instant letGo =
        retry(grant, record, circuit.nextAttemptAt(), circuit.standing().lastAttemptAt(), now);
    return earlier(later(byItself(grant, record, now), letGo), lastCall(grant, record));
  }

  /**
   * When a grant is let go although a circuit holds it: once, shortly before it dies. {@link
   * #NEVER} if that was tried, or nobody knows when it dies.
   */
  private static Instant lastCall(Grant grant, GrantRecord record) {
    Instant deadline = Clocks.of(grant, record).deadline();
    if (deadline == null) {
      return NEVER;
    }
    Instant call = deadline.minus(share(life(grant, record), LAST_SHARES));
    Instant last = record.standing().lastAttemptAt();
    return last == null || last.isBefore(call) ? call : NEVER;
  }

  private Instant byItself(Grant grant, GrantRecord record, Instant now) {
    Standing standing = record.standing();
    if (standing.kind() == null) {
      return earlier(record.nextAttemptAt(), regular(grant, record, now));
    }
    // a wrong configuration always has a circuit: without one it was corrected, or works by now
    return standing.kind() == RefusalKind.CONFIGURATION
        ? earlier(record.nextAttemptAt(), now)
        : retry(grant, record, record.nextAttemptAt(), standing.lastAttemptAt(), now);
  }

  /** A stored retry, unless the clock went back since, or it would be too long a wait. */
  private static Instant retry(
      Grant grant, GrantRecord record, Instant stored, @Nullable Instant last, Instant now) {
    return last == null || last.isAfter(now.plus(CLOCK_SLACK))
        ? earlier(stored, now)
        : earlier(stored, last.plus(Slot.moved(longestWait(grant, record, now), RETRY_SHARE, 1)));
  }

  /** How long a stored retry may keep a grant waiting, whatever the server asked for. */
  private static Duration longestWait(Grant grant, GrantRecord record, Instant now) {
    boolean urgent = Clocks.of(grant, record).lifeLeft(now) < 1d / LIVES_PER_ROTATION;
    return urgent ? shorter(RetryTable.LONGEST, retryCap(grant, record)) : RetryTable.LONGEST;
  }

  /**
   * When to rotate next.
   *
   * @param from when the current generation was issued, or brought back by a redemption
   * @param life how long it is good for in all
   */
  public Instant afterSuccess(Grant grant, Instant from, Duration life) {
    Duration third = share(life, LIVES_PER_ROTATION);
    double slot = Slot.of(grant.name());
    if (grant.cadence() instanceof Cadence.Every every) {
      return from.plus(Slot.moved(shorter(every.interval(), third), SLOT_SHARE, slot));
    }
    Cadence.Cron times = (Cadence.Cron) grant.cadence();
    return earlier(
        cron.next(times.expression(), from), from.plus(Slot.moved(third, SLOT_SHARE, slot)));
  }

  /** When to try again after a failure. */
  public Instant afterFailure(
      Grant grant,
      GrantRecord record,
      Standing standing,
      @Nullable Duration retryAfter,
      Instant now) {
    Duration delay = shorter(RetryTable.after(standing), retryCap(grant, record));
    double slot = Slot.of(grant.name(), record.generation(), standing.failures());
    Duration moved = Slot.moved(delay, RETRY_SHARE, slot);
    Duration asked = retryAfter == null ? Duration.ZERO : shorter(retryAfter, RETRY_AFTER_LIMIT);
    Instant next = now.plus(asked.compareTo(moved) > 0 ? asked : moved);
    return beforeDeadline(next, Clocks.of(grant, record).deadline(), now);
  }

  /** Never past the deadline while it can still be met: then half of what is left. */
  private static Instant beforeDeadline(Instant next, @Nullable Instant deadline, Instant now) {
    if (deadline == null || next.isBefore(deadline)) {
      return next;
    }
    Duration half = Duration.between(now, deadline).dividedBy(2);
    return half.compareTo(Duration.ofSeconds(1)) < 0 ? next : now.plus(half);
  }

  private Instant regular(Grant grant, GrantRecord record, Instant now) {
    Instant issuedAt = record.issuedAt();
    Instant expiresAt = record.expiresAt();
    if (issuedAt == null || expiresAt == null) {
      return now; // nobody knows how old it is
    }
    Instant from = broughtAt(record.standing(), issuedAt);
    return from.isAfter(now.plus(CLOCK_SLACK))
        ? now
        : afterSuccess(grant, from, Duration.between(issuedAt, expiresAt));
  }

  /**
   * When all was well last: some servers give the same token back, which is as old as it was. What
   * was brought in and not redeemed counts from its issue.
   */
  private static Instant broughtAt(Standing standing, Instant issuedAt) {
    Instant last = standing.lastAttemptAt();
    boolean isRedeemed = standing.lastOutcome() == Event.ROTATED;
    return last != null && isRedeemed ? later(last, issuedAt) : issuedAt;
  }

  private static Duration retryCap(Grant grant, GrantRecord record) {
    return share(life(grant, record), RETRIES_PER_LIFE);
  }

  private static Duration life(Grant grant, GrantRecord record) {
    Instant issuedAt = record.issuedAt();
    Instant expiresAt = record.expiresAt();
    return issuedAt == null || expiresAt == null
        ? grant.lifetime()
        : Duration.between(issuedAt, expiresAt);
  }

  private static Duration share(Duration life, int parts) {
    Duration part = Duration.ofMillis(life.toMillis() / parts); // dividedBy makes a BigDecimal
    return part.compareTo(SHORTEST) < 0 ? SHORTEST : part;
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
