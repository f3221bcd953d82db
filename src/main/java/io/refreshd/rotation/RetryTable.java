package io.refreshd.rotation;

import java.time.Duration;
import java.util.List;

/** How long to wait after the nth failed attempt. A literal table, so that it can be read. */
final class RetryTable {

  //                          delay              elapsed
  private static final List<Duration> DELAYS =
      List.of(
          Duration.ofSeconds(30), //     0:00:30
          Duration.ofMinutes(1), //      0:01:30
          Duration.ofMinutes(2), //      0:03:30
          Duration.ofMinutes(5), //      0:08:30
          Duration.ofMinutes(10), //     0:18:30
          Duration.ofMinutes(20), //     0:38:30
          Duration.ofMinutes(30), //     1:08:30
          Duration.ofHours(1), //        2:08:30
          Duration.ofHours(2), //        4:08:30
          Duration.ofHours(3), //        7:08:30
          Duration.ofHours(6)); //      13:08:30, and so on every 6 hours

  /** A throttled request without a {@code Retry-After} waits a minute, moved by jitter or not. */
  private static final Duration THROTTLED_AT_LEAST = Duration.ofSeconds(75);

  /** Two probes a day of what a person must mend by signing in. */
  private static final Duration PROBE = Duration.ofHours(12);

  /** One probe a day of what an administrator must mend in the configuration. */
  private static final Duration CONFIGURATION_PROBE = Duration.ofDays(1);

  private RetryTable() {}

  /** The longest delay that any failure may earn. */
  static final Duration LONGEST = CONFIGURATION_PROBE;

  /** The delay after a failure, before jitter and caps. */
  static Duration after(Standing standing) {
    RefusalKind kind = standing.kind();
    if (standing.isConfirmed()) {
      return kind == RefusalKind.CONFIGURATION ? CONFIGURATION_PROBE : PROBE;
    }
    boolean confirming = kind != null && kind.verdict() != RefusalKind.Verdict.NONE;
    int nth = Math.max(1, confirming ? standing.verdicts() : standing.failures());
    Duration delay = DELAYS.get(Math.min(nth, DELAYS.size()) - 1);
    return kind == RefusalKind.THROTTLED && delay.compareTo(THROTTLED_AT_LEAST) < 0
        ? THROTTLED_AT_LEAST
        : delay;
  }
}
