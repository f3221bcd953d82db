package io.refreshd.daemon;

import io.refreshd.grant.GrantName;
import java.nio.file.Path;
import java.util.List;

/**
 * What a new sealing key came to.
 *
 * @param isNewKey whether a key was made; else it went on with the one that was new before
 * @param resealed how many tokens were sealed anew
 * @param isOldKeyNeeded whether the key file keeps an old key because something on this machine
 *     still needs it
 * @param isStopped whether it was stopped on the way, and has to be run again
 * @param damaged the grants whose current token no key opens: it was not sealed anew
 * @param damagedBefore the other grants of which the token before the current one is so
 * @param neededBy the files of other stores that the old key still seals, so that it was left
 */
public record KeyChange(
    boolean isNewKey,
    int resealed,
    boolean isOldKeyNeeded,
    boolean isStopped,
    List<GrantName> damaged,
    List<GrantName> damagedBefore,
    List<Path> neededBy) {

  public KeyChange {
    damaged = List.copyOf(damaged);
    damagedBefore = List.copyOf(damagedBefore);
    neededBy = List.copyOf(neededBy);
  }

  /** Whether nothing is left for a person to do on this machine. */
  public boolean isComplete() {
    return !isStopped && !isOldKeyNeeded && damaged.isEmpty() && damagedBefore.isEmpty();
  }
}
