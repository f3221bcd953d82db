package io.refreshd.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;
import org.sqlite.util.OSInfo;

/**
 * SQLite's native library. The driver unpacks it before it can load it, by default into the
 * system's folder for temporary files; here it goes beside the store, and is gone once it is
 * loaded.
 */
final class NativeLibrary {

  private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);
  private static final String FOLDER_PROPERTY = "org.sqlite.tmpdir";
  private static final String UNPACKED_PROPERTY = "org.sqlite.lib.path";
  private static final Path OWN_MEMORY = Path.of("/proc/self/maps");
  private static final String PREFIX = ".sqlite-";

  /** What the name of a folder that was made here is: process, and a time that may be negative. */
  private static final Pattern OWN = Pattern.compile("\\.sqlite-[0-9]+--?[0-9]+");

  private static boolean loaded;

  private NativeLibrary() {}

  /** Loads it, once in a process. */
  static synchronized void load(Path folder) {
    if (loaded) {
      return;
    }
    boolean isChosen =
        System.getProperty(FOLDER_PROPERTY) != null
            || System.getProperty(UNPACKED_PROPERTY) != null;
    if (!isChosen && Files.isWritable(folder)) {
      loadFrom(folder);
    }
    initialize();
    loaded = true;
  }

  private static void loadFrom(Path folder) {
    try {
      Path own = createOwn(folder);
      System.setProperty(FOLDER_PROPERTY, own.toString());
      System.setProperty(UNPACKED_PROPERTY, own.toString());
      try {
        unpack(own);
        initialize();
      } finally {
        System.clearProperty(UNPACKED_PROPERTY);
        System.clearProperty(FOLDER_PROPERTY);
        deleteLeftovers(folder, own);
        delete(own);
      }
    } catch (IOException | IllegalStateException e) {
      LOG.info("{}: no room for SQLite's native library: {}", folder, e.toString());
    }
  }

  /** Nobody need be unable to guess its name: it is new, and its owner's alone. */
  private static Path createOwn(Path folder) throws IOException {
    String name = PREFIX + ProcessHandle.current().pid() + "-" + System.nanoTime();
    return Files.createDirectory(folder.resolve(name), WholeFile.OWNERS_FOLDER);
  }

  /**
   * Unpacks it on Linux. Elsewhere, and where this one does not load, the driver goes its own way;
   * here that way would cost a fifth of a short command: it starts a process that says whether this
   * is Android, and compares what it wrote byte by byte.
   */
  private static void unpack(Path folder) throws IOException {
    if (!System.getProperty("os.name", "").contains("Linux")) {
      return;
    }
    String name = LibraryLoaderUtil.getNativeLibName();
    String system = isMusl() ? "Linux-Musl" : "Linux";
    String resource = "/org/sqlite/native/" + system + "/" + OSInfo.getArchName() + "/" + name;
    try (InputStream packed = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
      if (packed != null) {
        Files.copy(packed, folder.resolve(name));
      }
    }
  }

  /** Whether this process runs on musl's C library (Alpine Linux). */
  private static boolean isMusl() throws IOException {
    return Files.readString(OWN_MEMORY, StandardCharsets.ISO_8859_1).contains("ld-musl-");
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
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, PREFIX + "*")) {
      for (Path one : all) {
        if (isLeftover(one, own)) {
          delete(one);
        }
      }
    }
  }

  /** Only what this user's processes have made: a link leads to what is somebody else's. */
  private static boolean isLeftover(Path one, Path own) throws IOException {
    if (!OWN.matcher(one.getFileName().toString()).matches()
        || !Files.isDirectory(one, NOFOLLOW_LINKS)
        || !Files.getOwner(one, NOFOLLOW_LINKS).equals(Files.getOwner(own, NOFOLLOW_LINKS))) {
      return false;
    }
    FileTime made = Files.getLastModifiedTime(one, NOFOLLOW_LINKS);
    FileTime now = Files.getLastModifiedTime(own, NOFOLLOW_LINKS);
    Duration age = Duration.between(made.toInstant(), now.toInstant());
    return age.compareTo(Duration.ofMinutes(10)) > 0;
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
