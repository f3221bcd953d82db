package io.refreshd.daemon;

import io.refreshd.rotation.AlertBook;
import io.refreshd.rotation.AlertRules;
import io.refreshd.rotation.OpenAlert;

/** Shows a look how everything stands. */
@FunctionalInterface
interface Survey extends AlertBook.View {

  /** Adds every grant, every credential whose end is known and every clock that differs. */
  void fill(AlertRules.Look look);

  /** What it can say of a cause that people were told of, if it did not add to it. */
  @Override
  default AlertBook.Sight sight(OpenAlert told) {
    return AlertBook.Sight.HERE;
  }
}
