package io.refreshd.rotation;

import java.time.Duration;
import java.time.Instant;

/**
 * A daemon that shares a store with others, as the store knows it. Each start of a daemon is a node
 * of its own.
 *
 * @param name the machine's name and what tells this start from others, for example {@code
 *     web1/3fa9c2d1}
 * @param version of the program
 * @param schema the newest schema of the store that it knows
 * @param skew how far its clock is ahead of the store's
 * @param startedAt by the store's clock
 * @param seenAt when it last said that it is there, by the store's clock
 * @param silence how long ago that was
 */
public record Node(
    String name,
    String version,
    int schema,
    Duration skew,
    Instant startedAt,
    Instant seenAt,
    Duration silence) {

  /** How often a node says that it is there. */
  public static final Duration BEAT = Duration.ofSeconds(3);

  /** Who has said nothing for so long is taken for dead: it missed four times. */
  public static final Duration DEAD_AFTER = Duration.ofSeconds(15);

  /** How far a node's clock may be off and it rotates all the same. */
  public static final Duration SKEW_LIMIT = Duration.ofSeconds(5);

  /** From here on people are told. */
  private static final Duration SKEW_NOTICE = Duration.ofSeconds(2);

  /**
   * Whether it is taken to live. Not if it was last seen long after now, either: then the store's
   * clock was set back, and it has said nothing since.
   */
  public boolean isAlive() {
    return silence.abs().compareTo(DEAD_AFTER) < 0;
  }

  /** Whether its clock is off by more than is tolerated. */
  public boolean isOff() {
    return skew.abs().compareTo(SKEW_LIMIT) > 0;
  }

  /** Whether its clock is off by so much that people should know. */
  public boolean isNoticeablyOff() {
    return skew.abs().compareTo(SKEW_NOTICE) >= 0;
  }
}
