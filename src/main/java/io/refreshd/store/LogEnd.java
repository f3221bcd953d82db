package io.refreshd.store;

import java.util.Optional;

/**
 * The end of the rotation log, as one of the connections has it: where several servers stand in for
 * each other, who reads may be led to one that lags behind.
 */
interface LogEnd {

  /** The newest entry; empty if there is none. */
  Optional<LogHead> findLogHead();

  /** Whether that entry is there, as it was when somebody looked. */
  boolean isLogged(LogHead head);
}
