package io.refreshd.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The files that belong to a SQLite store, whether they are there or not: itself and those that
 * refreshd and SQLite make and remove beside it. What a person names must be none of them.
 */
record StoreFiles(Path store) {

  private static final Pattern SUFFIX =
      Pattern.compile(
          "(\\.copying|\\.restoring)?(-wal|-shm|-journal|\\.lock|\\.head(\\.lost)?(\\.new)?"
              + "|\\.spool-[0-9]+)?");

  /** Where the database is copied to while a backup is made: a name that nobody picks for his. */
  Path copy() {
    return Path.of(store + ".copying");
  }

  /** Whether a file is one of them, by whatever way it is named. */
  boolean have(Path file) throws IOException {
    // SQLite puts its own files beside what a link names, refreshd beside the link
    List<Path> places = List.of(inRealFolder(store), real(store));
    List<Path> asked = List.of(inRealFolder(file), real(file));
    return places.stream().anyMatch(place -> asked.stream().anyMatch(one -> isOf(place, one)));
  }

  private static boolean isOf(Path store, Path file) {
    String name = String.valueOf(store.getFileName());
    String asked = String.valueOf(file.getFileName());
    return StoreLocation.folderOf(file).equals(StoreLocation.folderOf(store))
        && asked.startsWith(name)
        && SUFFIX.matcher(asked.substring(name.length())).matches();
  }

  private static Path inRealFolder(Path file) throws IOException {
    return real(StoreLocation.folderOf(file)).resolve(String.valueOf(file.getFileName()));
  }

  private static Path real(Path path) throws IOException {
    return Files.exists(path) ? path.toRealPath() : path.toAbsolutePath().normalize();
  }
}
