package io.refreshd.daemon;

import io.refreshd.rotation.OpenAlert;
import java.util.List;

/** What the log was told of, which without a channel nobody else remembers. Outlives a reload. */
final class ToldInTheLog {

  private volatile List<OpenAlert> open = List.of();

  /** What stands, as far as the log says. */
  List<OpenAlert> open() {
    return open;
  }

  /** From now on that is what it says. */
  void replaceBy(List<OpenAlert> now) {
    open = now;
  }
}
