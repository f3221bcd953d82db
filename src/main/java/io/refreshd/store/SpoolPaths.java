package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where the spool files of a store are: {@code <store>.spool-<n>}. */
record SpoolPaths(Path store) {

  Path of(int number) {
    return Path.of(store + ".spool-" + number);
  }

  /** Of those that are there. */
  List<Integer> numbers() {
    String prefix = store.getFileName() + ".spool-";
    List<Integer> numbers = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(StoreLocation.folderOf(store), file -> isSpool(file, prefix))) {
      for (Path file : files) {
        numbers.add(Integer.valueOf(file.getFileName().toString().substring(prefix.length())));
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw unreadable(e);
    }
    return numbers;
  }

  private static boolean isSpool(Path file, String prefix) {
    String name = file.getFileName().toString();
    return name.startsWith(prefix) && name.substring(prefix.length()).matches("[0-9]{1,6}");
  }

  StoreException unreadable(Exception e) {
    return new StoreException.Unavailable(
        "the spool beside the store "
            + store
            + " cannot be read ("
            + e
            + "); check its disk. until it is read, what it may hold is not redeemed again",
        e);
  }
}
