package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Which key seals a store, as the store itself knows it.
 *
 * @param number of the primary key
 * @param check a known text that it sealed: tells a wrong key from a damaged row
 */
record StoreKey(int number, Sealed check) {

  private static final byte[] TEXT = "refreshd".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ASSOCIATED = "key check".getBytes(StandardCharsets.US_ASCII);

  static StoreKey primaryOf(Keyring keys) {
    try {
      return new StoreKey(keys.primary(), keys.seal(keys.primary(), TEXT, ASSOCIATED));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a ring has its primary key", e);
    }
  }

  static Optional<StoreKey> find(Statements statements) throws SQLException {
    return statements.first(Sql.FIND_STORE_KEY, row -> new StoreKey(row.integer(), row.sealed()));
  }

  /**
   * The one that seals the store.
   *
   * @throws StoreException.Damaged if there is none
   */
  static StoreKey get(Statements statements) throws SQLException {
    return find(statements).orElseThrow(StoreKey::lost);
  }

  static StoreException.Damaged lost() {
    return new StoreException.Damaged("the store has lost its key's number", null);
  }

  void write(Statements statements) throws SQLException {
    statements.update(Sql.SET_STORE_KEY, number, check.bytes());
  }

  /** Writes it as the first key of a store, unless that has one. */
  boolean writeFirst(Transaction transaction) throws SQLException {
    return transaction.update(Sql.SET_FIRST_STORE_KEY, number, check.bytes()) == 1;
  }

  /** Whether the key of that number in the ring is this one. */
  boolean isIn(Keyring keys) {
    if (!keys.has(number)) {
      return false;
    }
    try {
      keys.open(check, ASSOCIATED);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
