package io.refreshd.store;

import io.refreshd.grant.Generation;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.StoreException;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A grant as it was read, before its current token is opened: that is done where no connection
 * waits for it.
 */
record SealedGrant(GrantRecord record, Sealed token) {

  /** A generation before its token is opened. */
  record SealedGeneration(
      int number, Sealed token, @Nullable Instant issuedAt, @Nullable Instant expiresAt) {

    /**
     * Of the columns that {@link Sql#FIND_PREVIOUS} selects; a token that is missing is damaged.
     */
    static SealedGeneration read(Columns row) throws SQLException {
      int number = row.integer();
      byte[] token = row.findBytes();
      return new SealedGeneration(
          number,
          Sealed.of(token == null ? new byte[0] : token),
          row.findInstant(),
          row.findInstant());
    }

    /**
     * Opens the token.
     *
     * @throws StoreException.Damaged if it cannot be opened
     */
    Generation open(GrantName grant, Sealing sealing) {
      return new Generation(number, sealing.open(grant, number, token), issuedAt, expiresAt);
    }
  }

  /** Of the columns that {@link Sql#FIND_WITH_TOKEN} and {@link Sql#FIND_LEASED} select. */
  static SealedGrant read(Columns row) throws SQLException {
    return new SealedGrant(GrantRows.record(row), row.sealed());
  }

  /** Of fewer columns: all is well with it, and nothing was learned. */
  static SealedGrant readWell(GrantName grant, Columns row) throws SQLException {
    return new SealedGrant(GrantRows.wellRecord(grant, row), row.sealed());
  }

  /**
   * Opens the current token.
   *
   * @throws StoreException.Damaged if it cannot be opened
   */
  Generation open(Sealing sealing) {
    return new SealedGeneration(record.generation(), token, record.issuedAt(), record.expiresAt())
        .open(record.name(), sealing);
  }
}
