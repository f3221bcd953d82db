package io.refreshd.rotation;

/** Is told of every entry after it is safe. It cannot undo a rotation, nor break one. */
@FunctionalInterface
public interface RotationListener {

  /**
   * Takes note of an event.
   *
   * @param entry what happened
   * @param kept where the successor is; {@link TokenStore.Kept#STORED} for an event without one
   */
  void told(Entry entry, TokenStore.Kept kept);
}
