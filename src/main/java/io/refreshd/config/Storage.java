package io.refreshd.config;

import io.refreshd.config.Node.Mapping;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a daemon keeps its things.
 *
 * @param store what holds the tokens
 * @param key the file of the sealing key
 * @param log the rolling rotation log
 */
record Storage(StoreSettings store, Path key, Path log) {

  private static final String STORE_FILE = "refreshd.db";
  private static final String KEY_FILE = "refreshd.key";
  private static final String LOG_FILE = "rotation.log";

  /** Reads it. Whoever opens the store needs its password, so that is read in any case. */
  static Storage read(Fields top, Surroundings surroundings, SecretReferences secrets) {
    Fields section = section(top, Keys.STORE_SECTION, Level.STORE);
    Fields logging = section(top, Keys.LOG_SECTION, Level.LOG);
    StoreSettings store = store(section, surroundings, secrets);
    Path key = or(section.value(Keys.STORE_KEY), store.base().resolveSibling(KEY_FILE));
    Path log =
        or(
            logging.value(Keys.LOG_FILE),
            surroundings
                .findDirectory("LOGS_DIRECTORY")
                .map(folder -> folder.resolve(LOG_FILE))
                .orElse(store.base().resolveSibling(LOG_FILE)));
    return new Storage(store, key, log);
  }

  private static StoreSettings store(
      Fields section, Surroundings surroundings, SecretReferences secrets) {
    StoreUrl url = section.value(Keys.STORE_URL);
    Path folder =
        surroundings.findDirectory("STATE_DIRECTORY").orElse(surroundings.workingDirectory());
    if (url instanceof StoreUrl.Postgres postgres) {
      // a shell has not got the unit's environment: what is written down wins
      Path own = or(section.value(Keys.STORE_DIRECTORY), folder);
      Reference password = section.value(Keys.STORE_PASSWORD);
      return new StoreSettings.Postgres(
          postgres.text(),
          section.value(Keys.STORE_USERNAME),
          password == null
              ? null
              : secrets.find(password, section, Keys.STORE_PASSWORD).orElse(null),
          own.resolve("postgresql-" + postgres.name()));
    }
    if (url != null || !section.has(Keys.STORE_URL)) {
      rejectKeysOfPostgres(section);
    }
    return new StoreSettings.Sqlite(
        url instanceof StoreUrl.Sqlite sqlite ? sqlite.file() : folder.resolve(STORE_FILE));
  }

  private static void rejectKeysOfPostgres(Fields section) {
    for (Key<?> key : List.of(Keys.STORE_USERNAME, Keys.STORE_PASSWORD, Keys.STORE_DIRECTORY)) {
      if (section.has(key)) {
        section.reject(key, "goes with a url of PostgreSQL only; would stand beside one");
      }
    }
  }

  /** A section of the top level; an empty one if it is not given. */
  static Fields section(Fields top, Key<Mapping> key, Level level) {
    Mapping given = top.value(key);
    Mapping mapping =
        given == null ? new Mapping(top.mapping().place(), Map.of(), List.of()) : given;
    Fields fields = new Fields(mapping, level, key.name(), top.problems());
    fields.check();
    return fields;
  }

  private static Path or(@Nullable Path given, Path otherwise) {
    return given == null ? otherwise : given;
  }
}
