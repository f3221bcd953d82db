package io.refreshd.rotation;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the server's error texts taught about the two clocks of a grant, and is remembered.
 *
 * @param issue about the issue clock; {@code null} if nothing
 * @param signIn about the sign-in clock; {@code null} if nothing
 */
public record Learned(@Nullable Lesson issue, @Nullable Lesson signIn) {

  /** The server taught nothing yet. */
  public static final Learned NOTHING = new Learned(null, null);

  /**
   * One lesson.
   *
   * @param code the AADSTS number of the text, for example {@code "70043"}
   * @param at when it came
   * @param limit how long the clock runs; {@code null} if the text corrected its start only
   */
  public record Lesson(String code, Instant at, @Nullable Duration limit) {}
}
