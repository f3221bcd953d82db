package io.refreshd.daemon;

import io.refreshd.rotation.AlertRules;

/** Shows a look how everything stands. */
@FunctionalInterface
interface Survey {

  /** Adds every grant, every credential whose end is known and every clock that differs. */
  void fill(AlertRules.Look look);

  /** Whether a cause, by its name, is one that only another machine can see. */
  default boolean isElsewhere(String cause) {
    return false;
  }
}
