package io.refreshd.store;

import io.refreshd.grant.Generation;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.StoredGrant;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A grant as it was read, before its tokens are opened: that is done where no connection waits for
 * it.
 */
record SealedGrant(
    GrantRecord record, SealedGeneration current, @Nullable SealedGeneration previous) {

  private static final Logger LOG = LoggerFactory.getLogger(SealedGrant.class);

  /** A generation before its token is opened. */
  record SealedGeneration(
      int number, Sealed token, @Nullable Instant issuedAt, @Nullable Instant expiresAt) {

    Generation open(GrantName grant, Sealing sealing) {
      return new Generation(number, sealing.open(grant, number, token), issuedAt, expiresAt);
    }
  }

  /** Of the columns that {@link Sql#FIND_WITH_TOKENS} selects. */
  static SealedGrant read(Columns row) throws SQLException {
    return read(GrantRows.record(row), row);
  }

  /** Of fewer columns: all is well with it, and nothing was learned. */
  static SealedGrant readWell(GrantName grant, Columns row) throws SQLException {
    return read(GrantRows.wellRecord(grant, row), row);
  }

  private static SealedGrant read(GrantRecord record, Columns row) throws SQLException {
    return new SealedGrant(
        record,
        new SealedGeneration(
            record.generation(), row.sealed(), record.issuedAt(), record.expiresAt()),
        findPrevious(row));
  }

  private static @Nullable SealedGeneration findPrevious(Columns row) throws SQLException {
    Integer number = row.findInteger();
    return number == null
        ? null
        : new SealedGeneration(
            number, Sealed.of(orEmpty(row.findBytes())), row.findInstant(), row.findInstant());
  }

  /** A token that is missing is a damaged one. */
  private static byte[] orEmpty(byte @Nullable [] bytes) {
    return bytes == null ? new byte[0] : bytes;
  }

  /**
   * Opens the tokens.
   *
   * @throws StoreException.Damaged if the current one cannot be opened
   */
  StoredGrant open(Sealing sealing) {
    return new StoredGrant(record, current.open(record.name(), sealing), openPrevious(sealing));
  }

  /** A damaged previous generation must not keep the current one from being rotated. */
  private @Nullable Generation openPrevious(Sealing sealing) {
    try {
      return previous == null ? null : previous.open(record.name(), sealing);
    } catch (StoreException.Damaged e) {
      LOG.error("{} (this is the previous generation; the current one is well)", e.getMessage());
      return null;
    }
  }
}
