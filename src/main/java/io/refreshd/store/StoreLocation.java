package io.refreshd.store;

import java.nio.file.Path;

/** Where a store is. Its text is what people call the store, without any password. */
public sealed interface StoreLocation permits SqliteLocation, PostgresLocation {

  /**
   * What the names of this machine's own files start with: the lock file, the spools, the head of
   * the rotation log.
   */
  Path base();

  /** The sealing keys. */
  Path keyFile();

  /** The folder that a file stands in. */
  static Path folderOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }
}
