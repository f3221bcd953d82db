package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.BackupLabel;
import io.refreshd.rotation.StoreException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A copy of a store's database as it is at one instant, whoever writes to it meanwhile. */
final class StoreSnapshot implements AutoCloseable {

  private static final String COPY = "VACUUM INTO ?";
  private static final String CHECK = "PRAGMA integrity_check(1)";
  private static final String COUNT = "SELECT count(*) FROM grants";

  private final Path file;
  private final Statements statements;

  private StoreSnapshot(Path file, Statements statements) {
    this.file = file;
    this.statements = statements;
  }

  /**
   * Copies the database in one read transaction.
   *
   * @param into an empty file
   */
  static StoreSnapshot take(Path store, Path into) {
    Sqlite database = new Sqlite(store, StoreMode.READ, Disk.REAL);
    try (Statements live = database.open()) {
      Migrations.refuseNewer(database, Migrations.version(live));
      live.update(COPY, into.toString());
    } catch (SQLException e) {
      throw notCopied(into, SqliteTrouble.of(store, e));
    }
    return open(into);
  }

  /** SQLite does not tell whether it is the store or its copy that fails. */
  private static StoreException notCopied(Path into, StoreException because) {
    return because instanceof StoreException.Unavailable
        ? new StoreException.Unavailable(
            "the copy of the store that a backup needs, "
                + into
                + ", cannot be made: "
                + because.getMessage()
                + ". no backup was made",
            because)
        : because;
  }

  /** Opens a copy that was taken. */
  static StoreSnapshot open(Path file) {
    try {
      return new StoreSnapshot(file, new Sqlite(file, StoreMode.READ, Disk.REAL).open());
    } catch (SQLException e) {
      throw SqliteTrouble.of(file, e);
    }
  }

  /**
   * Makes sure that the pages of the database fit each other.
   *
   * @throws StoreException.Damaged if not
   */
  void check() {
    List<String> found = read(on -> on.list(CHECK, Columns::text));
    if (!found.equals(List.of("ok"))) {
      throw new StoreException.Damaged(String.join("; ", found), null);
    }
  }

  /** The key that seals it; empty if it has none yet. */
  Optional<StoreKey> key() {
    return read(StoreKey::find);
  }

  /** Some grant with a token, current or previous, that the key of that number has sealed. */
  Optional<GrantName> findSealedWith(int key) {
    byte[] start = Sealed.prefixOf(key);
    return read(on -> on.first(Sql.SEALED_WITH, Columns::name, start, start));
  }

  BackupLabel label(Instant made) {
    return read(
        on -> {
          LogHead last = on.first(Sql.LAST_LOGGED, StoreSnapshot::head).orElse(null);
          return new BackupLabel(
              made,
              storeId(on),
              last == null ? 0 : last.seq(),
              last == null ? null : last.hash(),
              on.first(COUNT, Columns::integer).orElse(0),
              Migrations.version(on));
        });
  }

  private static LogHead head(Columns row) throws SQLException {
    return new LogHead(row.number(), row.text());
  }

  /** The hash of the first entry of the log: it holds a time and a fingerprint, and never moves. */
  static @Nullable String storeId(Statements on) throws SQLException {
    return on.first(Sql.HASH_LOGGED, Columns::text, 1L).orElse(null);
  }

  @FunctionalInterface
  private interface Read<T> {
    T from(Statements statements) throws SQLException;
  }

  private <T> T read(Read<T> read) {
    try {
      return read.from(statements);
    } catch (SQLException | RuntimeException e) {
      throw SqliteTrouble.of(file, e);
    }
  }

  @Override
  public void close() {
    try {
      statements.close();
    } catch (SQLException e) {
      throw SqliteTrouble.of(file, e);
    }
  }
}
