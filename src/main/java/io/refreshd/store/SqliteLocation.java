package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A store in a SQLite file.
 *
 * @param file beside which its write-ahead log stands, its lock file and its spool
 * @param keyFile the sealing keys
 */
public record SqliteLocation(Path file, Path keyFile) implements StoreLocation {

  public SqliteLocation {
    file = file.toAbsolutePath().normalize();
    keyFile = keyFile.toAbsolutePath().normalize();
  }

  /**
   * The location of a store by the name of its file itself. Locks, spool and head stand beside the
   * name that a process knows, so of a store by two names each could present the same token.
   *
   * @throws StoreException if the name is a symbolic link
   */
  public static SqliteLocation ofItself(Path file, Path keyFile) {
    SqliteLocation location = new SqliteLocation(file, keyFile);
    if (Files.isSymbolicLink(location.file)) {
      throw new StoreException(
          "the store "
              + location.file
              + " is a symbolic link, whose locks, spool and head are not those of the file that it"
              + " leads to; name the file itself, store.url: jdbc:sqlite:"
              + target(location.file)
              + ", and move what stands beside the link there first ("
              + location.file
              + ".*, with the file's name, and the key if store.key does not name it)",
          null);
    }
    return location;
  }

  private static Path target(Path link) {
    try {
      return link.toRealPath();
    } catch (IOException e) {
      return nextOf(link);
    }
  }

  /** Of one that leads nowhere. */
  private static Path nextOf(Path link) {
    try {
      return link.resolveSibling(Files.readSymbolicLink(link)).normalize();
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the store " + link + " cannot be looked at (" + Reason.of(e) + ")", e);
    }
  }

  /**
   * Whether there is no such file. Who may not look into its folder does not know that.
   *
   * @throws StoreException.Unavailable if it cannot be looked at
   */
  public boolean isMissing() {
    try {
      Files.readAttributes(file, BasicFileAttributes.class);
      return false;
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      String next =
          e instanceof AccessDeniedException
              ? "run this as the service's user"
              : "check store.url and the folders on its way";
      throw new StoreException.Unavailable(
          "the store " + file + " cannot be looked at (" + Reason.of(e) + "); " + next, e);
    }
  }

  /**
   * A location that must be one: what follows works on files.
   *
   * @throws StoreException if it is not
   */
  static SqliteLocation of(StoreLocation location) {
    if (location instanceof SqliteLocation sqlite) {
      return sqlite;
    }
    throw new StoreException(
        "the store "
            + location
            + " is not a SQLite file; back it up and restore it with its database's own tools, and"
            + " keep its key file "
            + location.keyFile()
            + " apart",
        null);
  }

  @Override
  public Path base() {
    return file;
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
