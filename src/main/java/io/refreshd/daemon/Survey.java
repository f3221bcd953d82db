package io.refreshd.daemon;

import io.refreshd.rotation.AlertBook;
import io.refreshd.rotation.AlertRules;

/** Shows a look how everything stands. */
@FunctionalInterface
interface Survey {

  /** Adds every grant, every credential whose end is known and every clock that differs. */
  void fill(AlertRules.Look look);

  /** What it can say of causes that people were told of. */
  default AlertBook.View view() {
    return told -> AlertBook.Sight.HERE;
  }
}
