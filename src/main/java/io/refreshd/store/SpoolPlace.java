package io.refreshd.store;

import io.refreshd.grant.GrantName;
import java.io.IOException;

/**
 * Where a commit stands in the spool, or is to stand.
 *
 * @param slot of that file
 */
record SpoolPlace(SpoolFile file, int slot) {

  /** Whether its file was deleted. */
  boolean isGone() {
    return file.isGone();
  }

  /** Writes what stands there, durably. */
  void write(GrantName grant, Sealed sealed) throws IOException {
    file.write(slot, grant, sealed);
  }
}
