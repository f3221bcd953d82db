package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteOpenMode;

/**
 * What stands at the place that a restored store is to take. It is kept, as a store of its own
 * under a dated name, and never deleted.
 */
final class ReplacedStore implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReplacedStore.class);
  private static final int BUSY_MILLIS = 5_000;
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  /** What is put behind the name of a store that is kept, but for what stands beside that one. */
  private static final Pattern DATED = Pattern.compile("\\.replaced-[0-9]{8}T[0-9]{6}Z(-[0-9]+)?");

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path file;
  private final Path log;
  private final Path kept;
  private final Spools spools;
  private final List<Second> seconds = new ArrayList<>();
  private List<Spools.Found> spooled = List.of();
  private boolean isReplaced;

  /**
   * A second name.
   *
   * @param isCopy whether there is a copy under it, and not the file itself
   */
  private record Second(Path first, Path name, boolean isCopy) {

    /**
     * Nothing has taken the place: whoever has the first name needs no second one. Where the first
     * one is gone it comes back, and another file that has it by now leaves this one alone.
     */
    void giveUp() {
      try {
        if (!Files.exists(first)) {
          Files.move(name, first);
        } else if (isCopy || Files.isSameFile(first, name)) {
          Files.deleteIfExists(name);
        }
      } catch (IOException e) {
        LOG.warn("{} is left over: {}", name, e.toString());
      }
    }
  }

  ReplacedStore(Path file, Instant now) {
    this.file = file;
    this.log = Path.of(file + "-wal");
    this.kept = free(file + ".replaced-" + DATE.format(now));
    this.spools = new Spools(file, 0, Disk.REAL);
  }

  private static Path free(String name) {
    Path free = Path.of(name);
    for (int number = 2; Files.exists(free); number++) {
      free = Path.of(name + "-" + number);
    }
    return free;
  }

  /**
   * Keeps a second name for everything that is there, and leaves a place where a database can be
   * put: nobody has it open, and no write-ahead log is left that SQLite would take for that of the
   * new one. If it is not {@link #replaced}, all that is undone at the end.
   *
   * @return the name; empty if there is nothing to keep
   */
  Optional<Path> keep() {
    try {
      boolean isThere = Files.exists(file);
      boolean isQuiet = !isThere || quiet();
      removeUnfinished();
      keepSpools();
      linkIfThere(file, kept);
      linkIfThere(Path.of(file + ".head"), Path.of(kept + ".head"));
      linkIfThere(LostHeads.pathFor(file), LostHeads.pathFor(kept));
      boolean isLogged = linkIfThere(log, Path.of(kept + "-wal"));
      Disk.REAL.syncFolder(file);
      if (isLogged || !isQuiet) {
        Files.deleteIfExists(log);
        Files.deleteIfExists(Path.of(file + "-shm"));
        Files.deleteIfExists(Path.of(file + "-journal"));
      }
      return isThere || isLogged || !spooled.isEmpty() ? Optional.of(kept) : Optional.empty();
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the store "
              + file
              + " cannot be kept aside ("
              + Reason.of(e)
              + "); nothing was restored",
          e);
    }
  }

  private boolean linkIfThere(Path there, Path link) throws IOException {
    boolean isThere = Files.exists(there);
    if (isThere) {
      Files.createLink(link, there);
      seconds.add(new Second(there, link, false));
    }
    return isThere;
  }

  /** What is in a spool waits for the store that is replaced; with the new one it might be lost. */
  private void keepSpools() throws IOException {
    spooled = spools.adopt();
    int number = 0;
    for (Spools.Found one : spooled) {
      Path copy = Path.of(kept + ".spool-" + number++);
      seconds.add(new Second(one.file().path(), copy, true));
      Files.copy(one.file().path(), copy, StandardCopyOption.COPY_ATTRIBUTES);
      WholeFile.sync(copy);
    }
  }

  /**
   * Removes what a restore has left that was killed before anything took the place: it is the store
   * that still stands here, whose data nobody would expect under another name.
   */
  private void removeUnfinished() {
    String name = file.getFileName().toString();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            StoreLocation.folderOf(file),
            one ->
                one.getFileName().toString().startsWith(name)
                    && DATED
                        .matcher(one.getFileName().toString().substring(name.length()))
                        .matches()
                    && isSame(file, one))) {
      for (Path one : files) {
        removeUnfinished(one);
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.warn("what a killed restore has left of {} stays: {}", file, e.toString());
    }
  }

  /** The database's name goes last: by that one the rest is found. */
  private void removeUnfinished(Path second) throws IOException {
    Path itsLog = Path.of(second + "-wal");
    if (Files.exists(itsLog) && !isSame(log, itsLog)) {
      return; // the only one there is
    }
    SpoolPaths copies = new SpoolPaths(second);
    for (int number : copies.numbers()) {
      Files.deleteIfExists(copies.of(number));
    }
    Files.deleteIfExists(itsLog);
    Files.deleteIfExists(Path.of(second + ".head"));
    Files.deleteIfExists(LostHeads.pathFor(second));
    Files.deleteIfExists(second);
  }

  private static boolean isSame(Path first, Path second) throws IOException {
    return Files.exists(first) && Files.isSameFile(first, second);
  }

  /** The new store has taken the place: what is kept are the only names from now on. */
  void replaced() {
    isReplaced = true;
  }

  /** After the new store has taken its place. */
  void clearSpools() {
    for (Spools.Found one : spooled) {
      Path path = one.file().path();
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        LOG.warn("{} is kept aside as well, and cannot be removed: {}", path, e.toString());
      }
    }
  }

  /**
   * Makes the database a single file, which SQLite does only if nobody else has it open.
   *
   * @return false if it is damaged beyond that
   */
  private boolean quiet() throws IOException {
    if (!isDatabase(file)) {
      return false;
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    try (Connection connection = config.createConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet mode = statement.executeQuery("PRAGMA journal_mode = DELETE")) {
      if (!mode.next() || !"delete".equals(mode.getString(1))) {
        throw inUse();
      }
      return true;
    } catch (SQLException e) {
      SQLiteErrorCode code = SQLiteErrorCode.getErrorCode(e.getErrorCode() & 0xff);
      return switch (code) {
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_IOERR, SQLITE_CANTOPEN -> false;
        case SQLITE_BUSY, SQLITE_LOCKED -> throw inUse();
        default -> throw SqliteTrouble.of(file, e);
      };
    }
  }

  /** What is none is not shown to SQLite, which would throw its write-ahead log away. */
  static boolean isDatabase(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
    }
  }

  private StoreException inUse() {
    return new StoreException(
        "another process works on the store "
            + file
            + "; let it finish, or end it. nothing was restored",
        null);
  }

  @Override
  public void close() {
    if (!isReplaced) {
      seconds.forEach(Second::giveUp);
    }
    try {
      spools.close();
    } catch (IOException e) {
      LOG.warn("the spools beside {} cannot be closed: {}", file, e.toString());
    }
  }
}
