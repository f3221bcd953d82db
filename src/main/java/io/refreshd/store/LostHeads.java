package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The file {@code <store>.head.lost}: heads that the rotation log had and has no more, a line each
 * as in {@link HeadFile}. All that may be spent is withheld since; that they are missed is proven
 * until a person removes the file. The head itself goes on with the log, for a second old copy of
 * the store is recognised by it.
 */
final class LostHeads {

  private static final int LIMIT = 1_000_000;

  private final Path store;
  private final Path path;
  private final WholeFile file;

  LostHeads(Path store, Disk disk) {
    this.store = store;
    this.path = pathFor(store);
    this.file = new WholeFile(path, disk);
  }

  static Path pathFor(Path store) {
    return Path.of(store + ".head.lost");
  }

  Path path() {
    return path;
  }

  /**
   * All of them, the one that was missed last at the end.
   *
   * @throws StoreException.Damaged if it holds something else
   */
  List<HeadFile.Kept> all() {
    try {
      byte[] bytes = Files.size(path) > LIMIT ? new byte[0] : file.read();
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      List<HeadFile.Kept> heads = new ArrayList<>();
      for (String line : text.split("(?<=\n)", -1)) {
        if (!line.isEmpty() || heads.isEmpty()) {
          heads.add(HeadFile.Kept.parse(line, path));
        }
      }
      return heads;
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the lost heads of the rotation log, " + path + ", cannot be read (" + Reason.of(e) + ")",
          e);
    }
  }

  /** Adds one durably, if it is not there. Whoever calls has the lock {@link LockFile#HEAD}. */
  void add(HeadFile.Kept lost) {
    List<HeadFile.Kept> heads = new ArrayList<>(all());
    if (heads.stream().noneMatch(one -> one.head().equals(lost.head()))) {
      heads.add(lost);
      replace(heads);
    }
  }

  /** Writes them durably. Whoever calls has the lock {@link LockFile#HEAD}. */
  void replace(List<HeadFile.Kept> heads) {
    try {
      file.replaceLazily(
          store, heads.stream().map(HeadFile.Kept::line).collect(Collectors.joining()));
      file.syncFolder();
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the lost heads of the rotation log, "
              + path
              + ", cannot be written ("
              + Reason.of(e)
              + ")",
          e);
    }
  }
}
