package io.refreshd.rotation;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * What people were told of a cause, as the store remembers it.
 *
 * @param cause its name
 * @param since when it was first told
 * @param raisedAt when it was last told as new or worse
 * @param lastToldAt when it was last told at all
 * @param level as it was told
 * @param rung as it was told
 * @param subjects of whom it was told, those first who were named; empty if it is over and only
 *     remembered, so that a cause that comes and goes is not raised each time
 */
public record OpenAlert(
    String cause,
    Instant since,
    Instant raisedAt,
    Instant lastToldAt,
    Level level,
    int rung,
    Set<String> subjects) {

  /** A cause is raised no more often than this. */
  static final Duration BETWEEN_RAISES = Duration.ofHours(1);

  /** And told again after this while it stands. */
  static final Duration BETWEEN_REMINDERS = Duration.ofDays(1);

  private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

  public OpenAlert {
    subjects = NameSet.of(subjects);
  }

  /** Whether it stands, as far as people know. */
  public boolean isStanding() {
    return !subjects.isEmpty();
  }

  boolean mayBeRaised(Instant now) {
    return isPast(raisedAt, BETWEEN_RAISES, now);
  }

  boolean isReminderDue(Instant now) {
    return isStanding() && isPast(lastToldAt, BETWEEN_REMINDERS, now);
  }

  /** The same, of these only. */
  OpenAlert of(Set<String> some) {
    return new OpenAlert(cause, since, raisedAt, lastToldAt, level, rung, some);
  }

  /** The same, over. */
  OpenAlert over() {
    return new OpenAlert(cause, since, raisedAt, lastToldAt, Level.OK, 0, Set.of());
  }

  /**
   * An instant far in the future was written before the clock was turned back: it mutes nobody. A
   * nearer one was written just now, by another daemon whose clock is a little ahead.
   */
  private static boolean isPast(Instant then, Duration pause, Instant now) {
    return !now.isBefore(then.plus(pause)) || then.isAfter(now.plus(CLOCKS_DIFFER));
  }
}
