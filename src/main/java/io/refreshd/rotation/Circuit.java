package io.refreshd.rotation;

import java.time.Instant;

/**
 * Why grants are held back together: one wrong secret is one trouble, not one for each grant behind
 * it. A circuit exists while it is open; a success closes it, and so does a configuration that no
 * longer has what it was opened for, because its key is made of that.
 *
 * @param key what it was opened for, see {@link CircuitKeys}
 * @param reach which grants it holds
 * @param standing how the attempts at it have gone
 * @param nextAttemptAt when one of its grants tries again for all
 */
public record Circuit(String key, Reach reach, Standing standing, Instant nextAttemptAt) {

  /** Whether what it says was confirmed; until then it only holds the others back. */
  public boolean isConfirmed() {
    return standing.isConfirmed();
  }

  /** Whether it is a trouble of the grants that it holds: one that asks for patience is none. */
  boolean isStopping() {
    return reach != Reach.RATE && isConfirmed();
  }
}
