package io.refreshd.store;

import java.nio.file.Path;

/**
 * Where a store is.
 *
 * @param file the SQLite file; beside it stand its write-ahead log, its lock file and its spool
 * @param keyFile the sealing keys
 */
public record StoreLocation(Path file, Path keyFile) {

  public StoreLocation {
    file = file.toAbsolutePath().normalize();
    keyFile = keyFile.toAbsolutePath().normalize();
  }

  Path folder() {
    return folderOf(file);
  }

  static Path folderOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }
}
