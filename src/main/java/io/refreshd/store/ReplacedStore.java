package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path file;
  private final Path log;
  private final Path kept;
  private final Spools spools;
  private final List<Path> names = new ArrayList<>();
  private List<Spools.Found> spooled = List.of();

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
   * new one.
   *
   * @return the name; empty if there is nothing to keep
   */
  Optional<Path> keep() {
    try {
      boolean isThere = Files.exists(file);
      boolean isQuiet = !isThere || quiet();
      keepSpools();
      linkIfThere(file, kept);
      linkIfThere(Path.of(file + ".head"), Path.of(kept + ".head"));
      boolean isLogged = linkIfThere(log, Path.of(kept + "-wal"));
      Disk.REAL.syncFolder(file);
      names.clear(); // from here on they may be the only ones
      if (isLogged || !isQuiet) {
        Files.deleteIfExists(log);
        Files.deleteIfExists(Path.of(file + "-shm"));
        Files.deleteIfExists(Path.of(file + "-journal"));
      }
      return isThere || isLogged || !spooled.isEmpty() ? Optional.of(kept) : Optional.empty();
    } catch (IOException e) {
      names.forEach(ReplacedStore::forget);
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
      names.add(link);
    }
    return isThere;
  }

  /** A second name is of no use to anybody if the first one stays. */
  private static void forget(Path name) {
    try {
      Files.deleteIfExists(name);
    } catch (IOException e) {
      LOG.warn("{} is left over: {}", name, e.toString());
    }
  }

  /** What is in a spool waits for the store that is replaced; with the new one it might be lost. */
  private void keepSpools() throws IOException {
    spooled = spools.adopt();
    int number = 0;
    for (Spools.Found one : spooled) {
      Path copy = Path.of(kept + ".spool-" + number++);
      names.add(copy);
      Files.copy(one.file().path(), copy, StandardCopyOption.COPY_ATTRIBUTES);
      WholeFile.sync(copy);
    }
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
    try {
      spools.close();
    } catch (IOException e) {
      LOG.warn("the spools beside {} cannot be closed: {}", file, e.toString());
    }
  }
}
