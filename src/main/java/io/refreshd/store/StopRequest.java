package io.refreshd.store;

import io.refreshd.rotation.StoreException;

/**
 * Asks a backup or a restore to end before its time, from another thread: what it has made so far
 * is of no use to anybody, and as large as the store.
 */
public final class StopRequest {

  private volatile boolean asked;

  /** From now on nothing more is done than to clear away. */
  public void ask() {
    asked = true;
  }

  boolean isAsked() {
    return asked;
  }

  /**
   * To be called again and again by what takes long.
   *
   * @throws StoreException if it is to end
   */
  public void obey() {
    if (asked) {
      throw new StoreException("stopped before its end; nothing was changed", null);
    }
  }
}
