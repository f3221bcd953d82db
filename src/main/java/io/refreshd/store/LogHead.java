package io.refreshd.store;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Where the rotation log ended when somebody looked.
 *
 * @param seq the number of the newest entry
 * @param hash of that entry
 */
public record LogHead(long seq, String hash) {

  /** Of a log without an entry. */
  static final LogHead START = new LogHead(0, HashChain.START);

  /** Of the columns that {@link Sql#LAST_LOGGED} selects. */
  static LogHead read(Columns row) throws SQLException {
    return new LogHead(row.number(), row.text());
  }

  /** Whether the log has that entry as it was when somebody looked. */
  boolean isIn(Queries log) throws SQLException {
    return equals(START)
        || log.first(Sql.HASH_LOGGED, Columns::text, seq).equals(Optional.of(hash));
  }

  /** What a seal of it is bound to. No grant is called so, nor anything else that is sealed. */
  byte[] associated() {
    return ("log head#" + seq + "#" + hash).getBytes(StandardCharsets.UTF_8);
  }
}
