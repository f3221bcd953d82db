package io.refreshd.store;

import io.refreshd.grant.Generation;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.StoreException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals and opens tokens. The keys are read when the first token is: a listing needs none. A number
 * that is not in the ring makes it read the key file again, for the key may have been rotated by
 * another process.
 */
final class Sealing {

  private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);

  private final KeyFile file;
  private final boolean isShared;
  private final Supplier<Optional<StoreKey>> storeKey;
  private volatile @Nullable Keyring keys;

  /**
   * Seals for one store.
   *
   * @param isShared whether other machines seal for it too, each with a key file of its own
   * @param storeKey reads which key seals the store
   */
  Sealing(KeyFile file, boolean isShared, Supplier<Optional<StoreKey>> storeKey) {
    this.file = file;
    this.isShared = isShared;
    this.storeKey = storeKey;
  }

  boolean isShared() {
    return isShared;
  }

  /** The keys as last read. */
  Keyring keys() {
    Keyring known = keys;
    return known == null ? reload() : known;
  }

  /** Reads the key file, and makes sure that the store was sealed with it. */
  Keyring reload() {
    // a second look, for the key may be rotated between the first look at the store and at the file
    Keyring read = findFitting().or(this::findFitting).orElseThrow(this::wrongKey);
    keys = read;
    return read;
  }

  private Optional<Keyring> findFitting() {
    Optional<StoreKey> wanted = storeKey.get();
    Keyring read = file.load();
    return wanted.map(key -> key.isIn(read)).orElse(true) ? Optional.of(read) : Optional.empty();
  }

  /** Seals a generation's token with the key of that number. */
  Sealed seal(int key, GrantName grant, Generation generation) {
    byte[] clear = generation.token().reveal().getBytes(StandardCharsets.UTF_8);
    return sealAndWipe(key, grant, generation.number(), clear);
  }

  private Sealed sealAndWipe(int key, GrantName grant, int generation, byte[] clear) {
    try {
      return keysWith(key).seal(key, clear, associated(grant, generation));
    } catch (GeneralSecurityException e) {
      throw new StoreException(grant + ": its token cannot be sealed: " + e.getMessage(), e);
    } finally {
      Arrays.fill(clear, (byte) 0);
    }
  }

  RefreshToken open(GrantName grant, int generation, Sealed sealed) {
    byte[] clear = openBytes(grant, generation, sealed);
    RefreshToken token = RefreshToken.of(new String(clear, StandardCharsets.UTF_8));
    Arrays.fill(clear, (byte) 0);
    return token;
  }

  /**
   * Seals what goes to the spool. The store may not be there to be asked, so the key file alone
   * says with which key; read again, so that a key that was rotated away is not used.
   */
  Sealed sealForSpool(GrantName grant, byte[] clear) {
    Keyring ring = newestKeys();
    try {
      return ring.seal(ring.primary(), clear, spooled(grant));
    } catch (GeneralSecurityException e) {
      throw new StoreException(grant + ": cannot be sealed for the spool: " + e.getMessage(), e);
    }
  }

  byte[] openFromSpool(GrantName grant, Sealed sealed) {
    try {
      Keyring ring = keys();
      return (ring.has(sealed.key()) ? ring : reload()).open(sealed, spooled(grant));
    } catch (GeneralSecurityException e) {
      throw new StoreException.Damaged(
          grant + ": what the spool holds of it is damaged, or was sealed with a lost key", e);
    }
  }

  /** Seals where the log ends, with the key that seals the store now. */
  Sealed seal(LogHead head) {
    int key = storeKey.get().map(StoreKey::number).orElseGet(() -> keys().primary());
    return seal(keysWith(key), key, head);
  }

  /** Seals where the log of a store ends that has no key yet. */
  static Sealed seal(Keyring keys, LogHead head) {
    return seal(keys, keys.primary(), head);
  }

  private static Sealed seal(Keyring keys, int key, LogHead head) {
    try {
      return keys.seal(key, new byte[0], head.associated());
    } catch (GeneralSecurityException e) {
      throw new StoreException("the head of the log cannot be sealed: " + e.getMessage(), e);
    }
  }

  /** Whether a key of the ring has sealed just that. */
  boolean isSealed(LogHead head, Sealed seal) {
    try {
      Keyring ring = keys();
      return (ring.has(seal.key()) ? ring : reload()).open(seal, head.associated()).length == 0;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private Keyring newestKeys() {
    try {
      return file.load();
    } catch (StoreException e) {
      LOG.warn("sealing with the keys in memory: {}", e.getMessage());
      return keys();
    }
  }

  /** Seals what another key sealed with the key of that number. */
  Sealed reseal(int key, GrantName grant, int generation, Sealed sealed) {
    return sealAndWipe(key, grant, generation, openBytes(grant, generation, sealed));
  }

  /** Whether one of the keys opens a generation's token. */
  static boolean opens(Keyring keys, GrantName grant, int generation, Sealed sealed) {
    try {
      Arrays.fill(keys.open(sealed, associated(grant, generation)), (byte) 0);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Whether one of the store's keys opens a generation's token. */
  boolean opens(GrantName grant, int generation, Sealed sealed) {
    try {
      Arrays.fill(openBytes(grant, generation, sealed), (byte) 0);
      return true;
    } catch (StoreException.Damaged e) {
      return false;
    }
  }

  private byte[] openBytes(GrantName grant, int generation, Sealed sealed) {
    try {
      Keyring ring = keys();
      return (ring.has(sealed.key()) ? ring : reload()).open(sealed, associated(grant, generation));
    } catch (GeneralSecurityException e) {
      // the ring holds the store's own key, so it is the row that is wrong
      throw new StoreException.Damaged(
          grant
              + ": the stored token of generation "
              + generation
              + " is damaged or was changed; restore the store from a backup, or enrol anew",
          e);
    }
  }

  private Keyring keysWith(int key) {
    Keyring ring = keys();
    if (ring.has(key)) {
      return ring;
    }
    Keyring read = reload();
    if (!read.has(key)) {
      throw wrongKey();
    }
    return read;
  }

  /** Another machine may have given the store a key that this one does not have. */
  StoreException wrongKey() {
    return new StoreException.WrongKey(
        "the key file "
            + file.path()
            + " is not the one that the store was sealed with; "
            + (isShared
                ? "copy the right one from the machine where `refreshd key rotate` ran last, or"
                    + " bring it back from a backup"
                : "bring the right one back from a backup"),
        null);
  }

  private static byte[] spooled(GrantName grant) {
    return ("spool#" + grant).getBytes(StandardCharsets.UTF_8);
  }

  /** Binds a sealed token to its place: moved to another grant or generation it does not open. */
  private static byte[] associated(GrantName grant, int generation) {
    return (grant + "#" + generation).getBytes(StandardCharsets.UTF_8);
  }
}
