package io.refreshd.config;

import io.refreshd.config.Node.Scalar;
import java.nio.file.Path;

/** What {@code store.url} says. */
sealed interface StoreUrl {

  /** {@code jdbc:sqlite:PATH}. */
  record Sqlite(Path file) implements StoreUrl {}

  /**
   * {@code jdbc:postgresql://HOST/DATABASE}.
   *
   * @param text all of it
   * @param name of the database, and of the schema if one is given, fit for the name of a file
   */
  record Postgres(String text, String name) implements StoreUrl {}

  String WOULD = "jdbc:sqlite:PATH or jdbc:postgresql://HOST/DATABASE";

  /** Never repeats it: it may hold a password. */
  static StoreUrl read(Node node) throws Mistake {
    Scalar scalar = Values.scalar(node, WOULD);
    String text = scalar.text();
    if (text.startsWith("jdbc:sqlite:")) {
      return new Sqlite(FilePaths.sqlite(scalar));
    }
    if (text.startsWith("jdbc:postgresql:")) {
      return PostgresUrl.read(scalar);
    }
    String wrong =
        text.startsWith("jdbc:") ? "is of a database that is not supported" : "is not a JDBC URL";
    throw new Mistake(node.place(), wrong + "; would be " + WOULD);
  }
}
