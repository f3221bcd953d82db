package io.refreshd.config;

import java.util.Comparator;

/**
 * One thing that is wrong with a configuration.
 *
 * @param file as the user named it, or beside that
 * @param line from 1; 0 if it is about the file as a whole
 * @param column from 1, in characters; 0 if it is about the file as a whole
 * @param key a dotted path such as {@code tenants[germany].rotate-every}; empty if there is none
 * @param message what is wrong; what would be right
 */
public record Problem(String file, int line, int column, String key, String message)
    implements Comparable<Problem> {

  private static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::file)
          .thenComparing(Problem::line)
          .thenComparing(Problem::column)
          .thenComparing(Problem::key)
          .thenComparing(Problem::message);

  static Problem at(Place place, String key, String message) {
    return new Problem(place.file().shown(), place.line(), place.column(), key, message);
  }

  /** By file, then by place in it. */
  @Override
  public int compareTo(Problem other) {
    return ORDER.compare(this, other);
  }

  /** {@code file:line:column: key: message}. */
  @Override
  public String toString() {
    String place = line == 0 ? file : file + ":" + line + ":" + column;
    return place + ": " + (key.isEmpty() ? "" : key + ": ") + message;
  }
}
