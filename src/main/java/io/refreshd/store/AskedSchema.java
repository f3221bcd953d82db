package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The schema that the URL of a store asks for by {@code currentSchema}. A pooler may leave that
 * out, silently: then the store is not found, and a second one would be made in another schema.
 *
 * @param schemas as the URL has them; {@code null} if it leaves it to the server
 */
record AskedSchema(@Nullable String schemas) {

  /**
   * Compares it with what the connection has. Without a schema that is there nothing can be made or
   * read, and whoever tries is told so.
   *
   * @param database what people call it
   * @throws StoreException.Unavailable if it is another one
   */
  void compare(Database database, Statements on) throws SQLException {
    if (schemas == null) {
      return;
    }
    String has = on.first(PostgresSql.SCHEMA_BESIDE, Columns::text, schemas).orElse(null);
    if (has != null && !has.equals(first(schemas))) {
      throw new StoreException.Unavailable(
          "the store "
              + database
              + ": currentSchema in store.url has no effect: the server looks in the schema \""
              + has
              + "\"; does a pooler leave it out? then leave it out of store.url too, and give it to"
              + " the role: ALTER ROLE … SET search_path: see \"Behind PgBouncer\" in"
              + " docs/operations.md",
          null);
    }
  }

  /** As PostgreSQL takes a name: in lower case, unless it is quoted. */
  private static String first(String schemas) {
    String name = schemas.split(",", 2)[0].strip();
    return name.length() > 1 && name.startsWith("\"") && name.endsWith("\"")
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name.toLowerCase(Locale.ROOT);
  }
}
