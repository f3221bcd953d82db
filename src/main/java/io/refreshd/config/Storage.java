package io.refreshd.config;

import io.refreshd.config.Node.Mapping;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a daemon keeps its things.
 *
 * @param store the SQLite file
 * @param key the file of the sealing key
 * @param log the rolling rotation log
 */
record Storage(Path store, Path key, Path log) {

  private static final String STORE_FILE = "refreshd.db";
  private static final String KEY_FILE = "refreshd.key";
  private static final String LOG_FILE = "rotation.log";

  static Storage read(Fields top, Surroundings surroundings) {
    Fields section = section(top, Keys.STORE_SECTION, Level.STORE);
    Fields logging = section(top, Keys.LOG_SECTION, Level.LOG);
    Path store =
        or(
            section.value(Keys.STORE_URL),
            surroundings
                .findDirectory("STATE_DIRECTORY")
                .orElse(surroundings.workingDirectory())
                .resolve(STORE_FILE));
    Path key = or(section.value(Keys.STORE_KEY), store.resolveSibling(KEY_FILE));
    Path log =
        or(
            logging.value(Keys.LOG_FILE),
            surroundings
                .findDirectory("LOGS_DIRECTORY")
                .map(folder -> folder.resolve(LOG_FILE))
                .orElse(store.resolveSibling(LOG_FILE)));
    return new Storage(store, key, log);
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
