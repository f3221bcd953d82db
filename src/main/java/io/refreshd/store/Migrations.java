package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a store to the schema that this program knows. */
final class Migrations {

  /** The newest script in {@code db/migration/sqlite}. */
  static final int NEWEST = 3;

  private static final String HISTORY = "schema_history";

  private static final String IS_THERE =
      "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '" + HISTORY + "'";

  private static final String VERSION =
      "SELECT max(CAST(version AS INTEGER)) AS version FROM " + HISTORY + " WHERE success";

  private Migrations() {}

  /**
   * The version of the schema that the store has; 0 if it has none. Asked without Flyway, which
   * takes long to load.
   */
  static int version(Statements statements) throws SQLException {
    return statements.first(IS_THERE, row -> true).isEmpty()
        ? 0
        : statements.first(VERSION, Columns::integer).orElse(0);
  }

  /**
   * Refuses a store that a newer program made.
   *
   * @throws StoreException if it is one
   */
  static void refuseNewer(Sqlite sqlite, int version) {
    if (version > NEWEST) {
      throw new StoreException(
          "the store "
              + sqlite.file()
              + " was written by a newer refreshd (schema "
              + version
              + ", this one knows "
              + NEWEST
              + "); run that one, or restore a backup from before",
          null);
    }
  }

  /** Runs what is missing. */
  static void migrate(Sqlite sqlite) {
    try {
      Flyway.configure(Migrations.class.getClassLoader())
          .dataSource(sqlite.dataSource())
          .locations("classpath:db/migration/sqlite")
          .table(HISTORY)
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw SqliteTrouble.of(sqlite.file(), e);
    }
  }
}
