package io.refreshd.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/**
 * SQLite's native library. The driver unpacks it before it can load it, by default into the
 * system's folder for temporary files; here it goes beside the store, and is gone once it is
 * loaded.
 */
final class NativeLibrary {

  private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);
  private static final String FOLDER_PROPERTY = "org.sqlite.tmpdir";
  private static final String PREFIX = ".sqlite-";

  private static boolean loaded;

  private NativeLibrary() {}

  /** Loads it, once in a process. */
  static synchronized void load(Path folder) {
    if (loaded) {
      return;
    }
    boolean isChosen = System.getProperty(FOLDER_PROPERTY) != null;
    if (!isChosen && Files.isWritable(folder)) {
      loadFrom(folder);
    }
    initialize();
    loaded = true;
  }

  private static void loadFrom(Path folder) {
    try {
      Path own = Files.createTempDirectory(folder, PREFIX, WholeFile.OWNERS_FOLDER);
      System.setProperty(FOLDER_PROPERTY, own.toString());
      try {
        initialize();
      } finally {
        System.clearProperty(FOLDER_PROPERTY);
        deleteLeftovers(folder, own);
        delete(own);
      }
    } catch (IOException | IllegalStateException e) {
      LOG.info("{}: no room for SQLite's native library: {}", folder, e.toString());
    }
  }

  /** Does nothing if it is loaded. */
  private static void initialize() {
    try {
      SQLiteJDBCLoader.initialize();
    } catch (Exception e) {
      throw new IllegalStateException("SQLite's native library cannot be loaded: " + e, e);
    }
  }

  /** Of processes that were killed while they loaded it. */
  private static void deleteLeftovers(Path folder, Path own) throws IOException {
    FileTime now = Files.getLastModifiedTime(own);
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, PREFIX + "*")) {
      for (Path one : all) {
        Duration age =
            Duration.between(Files.getLastModifiedTime(one).toInstant(), now.toInstant());
        if (age.compareTo(Duration.ofMinutes(10)) > 0) {
          delete(one);
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
