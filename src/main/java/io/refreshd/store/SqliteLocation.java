package io.refreshd.store;

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

  @Override
  public Path base() {
    return file;
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
