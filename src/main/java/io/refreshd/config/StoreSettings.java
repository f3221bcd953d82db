package io.refreshd.config;

import io.refreshd.grant.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the store is. The text of one is what people call it, without any password. */
public sealed interface StoreSettings {

  /** What the names of this machine's own files start with; the key and the log stand beside. */
  Path base();

  /** A SQLite file. */
  record Sqlite(Path file) implements StoreSettings {
    @Override
    public Path base() {
      return file;
    }

    @Override
    public String toString() {
      return file.toString();
    }
  }

  /**
   * A PostgreSQL database.
   *
   * @param url of JDBC, without user and password
   * @param username {@code null} if none is given
   * @param password {@code null} if none is given
   * @param base what the names of this machine's own files start with
   */
  record Postgres(String url, @Nullable String username, @Nullable Secret password, Path base)
      implements StoreSettings {
    @Override
    public String toString() {
      int parameters = url.indexOf('?');
      return parameters < 0 ? url : url.substring(0, parameters);
    }
  }
}
