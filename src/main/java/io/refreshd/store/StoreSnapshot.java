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
import org.sqlite.ProgressHandler;

/** A copy of a store's database as it is at one instant, whoever writes to it meanwhile. */
final class StoreSnapshot implements AutoCloseable {

  private static final String COPY = "VACUUM INTO ?";

  /** Free pages are not copied. */
  private static final String SIZE =
      "SELECT (page_count - freelist_count) * page_size"
          + " FROM pragma_page_count, pragma_freelist_count, pragma_page_size";

  private static final String CHECK = "PRAGMA integrity_check(1)";
  private static final String COUNT = "SELECT count(*) FROM grants";

  /** So often SQLite asks whether to go on: many times a second. */
  private static final int STEPS = 10_000;

  private static final int PAGE = 100;

  private final Path file;
  private final Statements statements;
  private final StopRequest stop;

  private StoreSnapshot(Path file, Statements statements, StopRequest stop) {
    this.file = file;
    this.statements = statements;
    this.stop = stop;
  }

  /** How large a copy of the database may become. */
  static long size(Path store) {
    Sqlite database = new Sqlite(store, StoreMode.READ, Disk.REAL);
    try (Statements live = database.open()) {
      Migrations.refuseNewer(database, Migrations.version(live));
      return live.first(SIZE, Columns::number).orElse(0L);
    } catch (SQLException e) {
      throw SqliteTrouble.of(store, e);
    }
  }

  /**
   * Copies the database in one read transaction.
   *
   * @param into an empty file
   */
  static StoreSnapshot take(Path store, Path into, StopRequest stop) {
    try (Statements live = openToStop(store, stop)) {
      live.update(COPY, into.toString());
    } catch (SQLException e) {
      stop.obey();
      throw notCopied(into, SqliteTrouble.of(store, e));
    }
    return open(into, stop);
  }

  /** A statement that takes long ends, with an error, when it is to stop. */
  private static Statements openToStop(Path file, StopRequest stop) throws SQLException {
    Statements open = new Sqlite(file, StoreMode.READ, Disk.REAL).open();
    ProgressHandler.setHandler(
        open.connection(),
        STEPS,
        new ProgressHandler() {
          @Override
          protected int progress() {
            return stop.isAsked() ? 1 : 0;
          }
        });
    return open;
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
  static StoreSnapshot open(Path file, StopRequest stop) {
    try {
      return new StoreSnapshot(file, openToStop(file, stop), stop);
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
    stop.obey();
    if (!found.equals(List.of("ok"))) {
      throw new StoreException.Damaged(String.join("; ", found), null);
    }
  }

  /** Whether it is a store, and not somebody else's database. */
  boolean isStore() {
    return read(on -> on.first(on.sql().findHistory(), row -> true)).isPresent();
  }

  /** The key that seals it; empty if it has none yet. */
  Optional<StoreKey> key() {
    return read(StoreKey::find);
  }

  /**
   * Some grant with a token, current or previous, that the key of that number has sealed and opens:
   * what is damaged needs no key.
   */
  Optional<GrantName> findSealedWith(int key, Keyring keys) {
    byte[] start = Sealed.prefixOf(key);
    GrantName last = null;
    List<SealedTokens> page;
    do {
      String tenant = last == null ? "" : last.tenant();
      String name = last == null ? "" : last.name();
      page =
          read(
              on -> on.list(Sql.SEALED_WITH, SealedTokens::read, start, start, tenant, name, PAGE));
      for (SealedTokens tokens : page) {
        if (tokens.isSealedWith(key, keys)) {
          return Optional.of(tokens.grant());
        }
        last = tokens.grant();
      }
    } while (page.size() == PAGE);
    return Optional.empty();
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
      stop.obey();
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
