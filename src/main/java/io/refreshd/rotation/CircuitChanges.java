package io.refreshd.rotation;

import java.util.List;

/**
 * What becomes of the circuits with an attempt.
 *
 * @param opened new ones, and those that stay open with a new standing
 * @param closed the keys of those that are over
 */
public record CircuitChanges(List<Circuit> opened, List<String> closed) {

  /** Nothing changes. */
  public static final CircuitChanges NONE = new CircuitChanges(List.of(), List.of());

  public CircuitChanges {
    opened = List.copyOf(opened);
    closed = List.copyOf(closed);
  }
}
