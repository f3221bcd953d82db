package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/** Brings a store to the schema that this program knows. */
final class Migrations {

  /** The newest script in each folder below {@code db/migration}. */
  static final int NEWEST = 6;

  private Migrations() {}

  /**
   * The version of the schema that the store has; 0 if it has none. Asked without Flyway, which
   * takes long to load.
   */
  static int version(Statements statements) throws SQLException {
    return statements.first(statements.sql().findHistory(), row -> true).isEmpty()
        ? 0
        : statements.first(Sql.SCHEMA_VERSION, Columns::integer).orElse(0);
  }

  /**
   * Refuses a store that a newer program made.
   *
   * @throws StoreException if it is one
   */
  static void refuseNewer(Database database, int version) {
    if (version > NEWEST) {
      throw new StoreException(
          "the store "
              + database
              + " was written by a newer refreshd (schema "
              + version
              + ", this one knows "
              + NEWEST
              + "); run that one, or restore a backup from before",
          null);
    }
  }

  /** What to tell who only reads a store that an older program made: it cannot be read yet. */
  static StoreException older(Database database, int version) {
    return new StoreException(
        "the store "
            + database
            + " is of an older refreshd (schema "
            + version
            + ", this one reads "
            + NEWEST
            + "); the daemon brings it up to date when it starts, and so does `refreshd doctor`",
        null);
  }

  /**
   * Runs what is missing, in one transaction: if a script fails, the store stays at the schema that
   * it has, and older daemons beside this one go on.
   *
   * @param scripts the folder of the database's own scripts
   * @param settings for the connections, as SQL; {@code null} for none
   */
  static void migrate(
      Database database, DataSource source, String scripts, @Nullable String settings) {
    try {
      Flyway.configure(Migrations.class.getClassLoader())
          .dataSource(source)
          .initSql(settings)
          .locations("classpath:db/migration/" + scripts)
          .table(Sql.HISTORY)
          .group(true)
          .load()
          .migrate();
    } catch (FlywayException e) {
      if (e.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
        throw new StoreException(
            "the store "
                + database
                + " holds tables of somebody else; give refreshd a schema of its own: CREATE SCHEMA"
                + " refreshd, and currentSchema=refreshd in the URL",
            e);
      }
      throw database.trouble(e);
    }
  }
}
