package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.nio.file.Path;

/**
 * A store in a SQLite file.
 *
 * @param file beside which its write-ahead log stands, its lock file and its spool
 * @param keyFile the sealing keys
 */
public record SqliteLocation(Path file, Path keyFile) implements StoreLocation {

  public SqliteLocation {
    file = file.toAbsolutePath().normalize();
    keyFile = keyFile.toAbsolutePath().normalize();
  }

  /**
   * A location that must be one: what follows works on files.
   *
   * @throws StoreException if it is not
   */
  static SqliteLocation of(StoreLocation location) {
    if (location instanceof SqliteLocation sqlite) {
      return sqlite;
    }
    throw new StoreException(
        "the store "
            + location
            + " is not a SQLite file; back it up and restore it with its database's own tools, and"
            + " keep its key file "
            + location.keyFile()
            + " apart",
        null);
  }

  @Override
  public Path base() {
    return file;
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
