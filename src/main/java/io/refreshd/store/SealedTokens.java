package io.refreshd.store;

import io.refreshd.grant.GrantName;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a grant as they are sealed.
 *
 * @param number of the current generation
 * @param previous the number of the generation before it; 0 if there is none
 */
record SealedTokens(
    GrantName grant, int number, Sealed token, int previous, @Nullable Sealed previousToken) {

  /** Of the columns that {@link Sql#SEALED_AFTER} selects. */
  static SealedTokens read(Columns row) throws SQLException {
    return new SealedTokens(
        row.name(), row.integer(), row.sealed(), row.integer(), row.findSealed());
  }

  /** Whether one of the keys opens one of them that the key of a number has sealed. */
  boolean isSealedWith(int key, Keyring keys) {
    return opens(key, keys, number, token) || opens(key, keys, previous, previousToken);
  }

  private boolean opens(int key, Keyring keys, int generation, @Nullable Sealed sealed) {
    return sealed != null && sealed.isOf(key) && Sealing.opens(keys, grant, generation, sealed);
  }
}
