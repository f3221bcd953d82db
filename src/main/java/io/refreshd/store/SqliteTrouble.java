package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/**
 * Says in plain words what SQLite could not do. (Result codes: https://www.sqlite.org/rescode.html)
 */
final class SqliteTrouble {

  private SqliteTrouble() {}

  /** The trouble with the store in the file. */
  static StoreException of(Path file, Throwable thrown) {
    if (thrown instanceof StoreException known) {
      return known;
    }
    if (thrown instanceof SQLException e) {
      return of(file, e);
    }
    if (thrown.getCause() instanceof SQLException e) {
      return of(file, e);
    }
    return new StoreException("the store " + file + " failed: " + thrown, thrown);
  }

  /** Whether another process keeps this one from writing: it waited for long already. */
  static boolean isLocked(Throwable thrown) {
    return thrown instanceof SQLException e
        && switch (SQLiteErrorCode.getErrorCode(e.getErrorCode() & 0xff)) {
          case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL -> true;
          default -> false;
        };
  }

  private static StoreException of(Path file, SQLException e) {
    String store = "the store " + file;
    return switch (SQLiteErrorCode.getErrorCode(e.getErrorCode() & 0xff)) {
      case SQLITE_FULL ->
          unavailable(store + " cannot grow: no space left; free some on its disk", e);
      case SQLITE_READONLY ->
          unavailable(
              store + " is read-only; check its permissions and how its disk is mounted", e);
      case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL ->
          unavailable(store + " is locked by another process for too long; end that one", e);
      case SQLITE_IOERR ->
          unavailable(store + ": its disk fails (" + e.getMessage() + "); check the disk", e);
      case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH ->
          unavailable(
              store
                  + " cannot be opened; check that it exists, its permissions, and that its disk is not"
                  + " read-only",
              e);
      case SQLITE_NOMEM -> unavailable(store + ": out of memory", e);
      case SQLITE_CORRUPT, SQLITE_NOTADB ->
          new StoreException.Damaged(
              store + " is damaged (" + e.getMessage() + "); restore it from a backup", e);
      default -> new StoreException(store + " failed: " + e.getMessage(), e);
    };
  }

  private static StoreException unavailable(String message, SQLException e) {
    return new StoreException.Unavailable(message, e);
  }
}
