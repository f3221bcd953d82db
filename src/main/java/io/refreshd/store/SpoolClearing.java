package io.refreshd.store;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears what the spool holds and the store has. A disk that does not take that is asked again, or
 * onlookers would say for ever that a token waits.
 */
final class SpoolClearing {

  private static final Logger LOG = LoggerFactory.getLogger(SpoolClearing.class);

  private final Spools spools;
  private final List<SpoolPlace> left = new CopyOnWriteArrayList<>();

  SpoolClearing(Spools spools) {
    this.spools = spools;
  }

  /**
   * Clears a place; it may be another one's then.
   *
   * @param whose as people are to be told
   */
  void clear(SpoolPlace place, String whose) {
    try {
      tryToClear(place);
    } catch (IOException e) {
      // no harm: whoever finds it there finds that the store has it
      LOG.warn("{}: its place in the spool cannot be cleared yet: {}", whose, e.toString());
    }
  }

  /** Tries again to clear what could not be cleared. Costs nothing if nothing is left. */
  void clearAgain() {
    for (SpoolPlace place : List.copyOf(left)) {
      // each only once: by then it may be another one's
      if (left.remove(place) && !place.isGone()) {
        try {
          tryToClear(place);
        } catch (IOException e) {
          LOG.debug("still not cleared: {}", e.toString());
        }
      }
    }
  }

  private void tryToClear(SpoolPlace place) throws IOException {
    try {
      place.file().clear(place.slot());
    } catch (IOException e) {
      left.add(place);
      throw e;
    }
    try {
      spools.deleteEmptied();
    } catch (IOException e) {
      LOG.warn("a spool that holds nothing any more cannot be deleted: {}", e.toString());
    }
  }
}
