package io.refreshd.rotation;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people are told: one cause, and all whom it reaches.
 *
 * @param cause a stable name of the cause, for example {@code circuit/credential:4f…}: what is told
 *     of it later has the same one, so that a channel can put the two together
 * @param change what happened to the cause
 * @param level how urgent it is; {@link Level#OK} for a recovery
 * @param at when it was found
 * @param title one line: whom or what it is about, and what happened
 * @param concerns one for each grant or client that is named, the most urgent first; at least one
 * @param all how many it is about, named or not
 */
public record Alert(
    String cause,
    Change change,
    Level level,
    Instant at,
    String title,
    List<Concern> concerns,
    int all) {

  public Alert {
    concerns = List.copyOf(concerns);
    if (concerns.isEmpty()) {
      throw new IllegalArgumentException(cause + ": an alert about nobody");
    }
    if (all < concerns.size()) {
      throw new IllegalArgumentException(cause + ": an alert that names more than there are");
    }
  }

  /** One that names all whom it is about. */
  public Alert(
      String cause, Change change, Level level, Instant at, String title, List<Concern> concerns) {
    this(cause, change, level, at, title, concerns, concerns.size());
  }

  /** The same about so many, named or not. */
  public Alert ofAll(int count) {
    return new Alert(cause, change, level, at, title, concerns, count);
  }

  /** The same by another clock. */
  public Alert foundAt(Instant other) {
    return new Alert(cause, change, level, other, title, concerns, all);
  }

  /** What happened to a cause. */
  public enum Change {
    /** It is new, or worse than before. */
    RAISED,
    /** It is as it was a day ago. */
    REMINDED,
    /** It is over. */
    RECOVERED,
    /** A person asks whether the channel works; nothing happened. */
    TEST
  }

  /**
   * What a cause means for one grant or client.
   *
   * @param subject the grant's name, or the client's
   * @param what what happened
   * @param why the reason, in the server's words where it gave some; {@code null} if there is none
   * @param next what a person is to do; {@code null} if nothing
   * @param until when it will be too late; {@code null} if that is not known
   */
  public record Concern(
      String subject,
      String what,
      @Nullable String why,
      @Nullable String next,
      @Nullable Instant until) {}
}
