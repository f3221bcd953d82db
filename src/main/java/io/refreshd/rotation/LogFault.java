package io.refreshd.rotation;

import java.util.Locale;

/**
 * A place where the rotation log is not as it was written.
 *
 * @param seq the number of the entry
 * @param kind what was done to it, as far as the log tells
 * @param what the same for a person, without the number
 */
public record LogFault(long seq, Kind kind, String what) {

  /** What can be done to a log. */
  public enum Kind {
    /** Its content, its hash or its number is not what it was. */
    CHANGED,
    /** It is gone, and perhaps some that follow it. */
    REMOVED,
    /** It was put in, and perhaps some that follow it. */
    INSERTED,
    /** It stood elsewhere. */
    REORDERED,
    /** From here on the end of the log is gone. */
    CUT,
    /** The hashes up to here fit each other, but are not those that were written. */
    REWRITTEN,
    /** The head, which is kept apart, is missing or not ours: the end cannot be proven. */
    HEAD;

    /** The word for it in JSON and texts. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
