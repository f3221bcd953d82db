package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.nio.file.Files;

/** What is sealed stays so when a store is copied: whoever opens the copy needs the very keys. */
final class KeyCopy {

  private final StoreLocation from;
  private final StoreLocation to;
  private final Keyring keys;

  private KeyCopy(StoreLocation from, StoreLocation to, Keyring keys) {
    this.from = from;
    this.to = to;
    this.keys = keys;
  }

  /**
   * Makes sure that a key file beside the copy, if there is one, is the right one. Nobody may seal
   * the store with another key from now on.
   *
   * @param sealing of the store that is copied
   * @throws StoreException.WrongKey if the key that seals the store is in neither file
   */
  static KeyCopy of(StoreLocation from, StoreLocation to, Sealing sealing) {
    KeyCopy copy = new KeyCopy(from, to, sealing.reload());
    copy.refuseAnother();
    return copy;
  }

  private void refuseAnother() {
    if (Files.exists(to.keyFile())
        && !new KeyFile(to.keyFile(), Disk.REAL).load().numbers().containsAll(keys.numbers())) {
      throw new StoreException.WrongKey(
          "the key file "
              + to.keyFile()
              + " does not hold the key of the store "
              + from
              + "; take it away, or name "
              + from.keyFile()
              + " in store.key",
          null);
    }
  }

  /** Puts the keys beside the copy, unless they are there. */
  void make() {
    if (!Files.exists(to.keyFile())) {
      new KeyFile(to.keyFile(), Disk.REAL).create(keys);
    }
  }
}
