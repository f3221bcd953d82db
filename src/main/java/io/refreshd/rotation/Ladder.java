package io.refreshd.rotation;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long before the end of a clock people are told: rungs from the widest, numbered 1, to the
 * narrowest; one further is the end itself.
 *
 * <p>A rung counts for a clock only if it is at most half of the clock's whole run, else it would
 * be crossed at every start. A clock too short for every rung has a rung of its own, the narrowest,
 * at a sixth of its run: where its status turns critical.
 */
final class Ladder {

  private static final int RUNGS_PER_RUN = 2;
  private static final int CRITICAL_SHARE = 6;

  private final long[] rungs;

  Ladder(List<Duration> rungs) {
    this.rungs =
        rungs.stream().sorted(Comparator.reverseOrder()).mapToLong(Duration::toMillis).toArray();
  }

  /** The rung that stands for the end itself. */
  int end() {
    return rungs.length + 1;
  }

  /**
   * Whether a clock is certainly on no rung: a quick answer for nearly all of them.
   *
   * @param from its start; {@code null} if nobody knows
   * @param to its end; {@code null} if it has none
   */
  boolean isFarFrom(@Nullable Instant from, @Nullable Instant to, Instant now) {
    if (to == null) {
      return true;
    }
    long left = to.getEpochSecond() - now.getEpochSecond() - 1;
    long widest = rungs.length == 0 ? 0 : rungs[0] / 1_000 + 1;
    return left > widest
        || (from != null && left > (to.getEpochSecond() - from.getEpochSecond()) / RUNGS_PER_RUN);
  }

  /**
   * Which rung a clock has reached; 0 for none.
   *
   * @param from its start; {@code null} if nobody knows: then every rung counts
   * @param to its end; {@code null} if it has none
   */
  int rung(@Nullable Instant from, @Nullable Instant to, Instant now) {
    if (to == null) {
      return 0;
    }
    long left = to.toEpochMilli() - now.toEpochMilli();
    if (left <= 0) {
      return end();
    }
    long run = from == null ? Long.MAX_VALUE : to.toEpochMilli() - from.toEpochMilli();
    if (rungs.length == 0 || !counts(rungs.length - 1, run)) {
      return left <= run / CRITICAL_SHARE ? rungs.length : 0;
    }
    for (int i = rungs.length - 1; i >= 0; i--) {
      if (left <= rungs[i]) {
        return counts(i, run) ? i + 1 : 0;
      }
    }
    return 0;
  }

  /** How urgent a rung is for a clock: critical within the last sixth of its run. */
  Level level(int rung, @Nullable Instant from, @Nullable Instant to) {
    if (rung == 0 || from == null || to == null) {
      return rung == end() ? Level.CRITICAL : Level.WARNING;
    }
    long run = to.toEpochMilli() - from.toEpochMilli();
    boolean ofItsOwn = rung == end() || !counts(rung - 1, run);
    return ofItsOwn || rungs[rung - 1] <= run / CRITICAL_SHARE ? Level.CRITICAL : Level.WARNING;
  }

  private boolean counts(int index, long run) {
    return rungs[index] <= run / RUNGS_PER_RUN;
  }
}
