package io.refreshd.store;

import io.refreshd.rotation.Partition;
import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteOpenMode;

/**
 * A SQLite file, opened with the settings that the store relies on. Read on a connection of its
 * own, so that no reader waits for a writer.
 */
final class Sqlite implements Database {

  private static final int BUSY_MILLIS = 10_000;

  /**
   * The log is copied back when it has so many pages, 16 MiB: the pages that every rotation changes
   * are then copied, and synced, a quarter as often as by default.
   */
  private static final String WAL_PAGES = "4000";

  /**
   * What the write-ahead log keeps of its file when it begins anew. It grows while somebody reads
   * for long, as a backup does, and would stay that large for as long as a daemon lives. Four times
   * what it has when nobody does: so nothing is cut off that the next minute needs again.
   */
  private static final int WAL_KEPT = 64 << 20;

  /** Of pages in memory, for a connection that writes: a few thousand grants. */
  private static final int CACHE_KIB = 16_000;

  private static final Sql SQL = new SqliteSql();

  private final Path file;
  private final StoreMode mode;
  private final Disk disk;
  private final KnownHead knownHead = new KnownHead();
  private @Nullable Statements reading;

  Sqlite(Path file, StoreMode mode, Disk disk) {
    this.file = file;
    this.mode = mode;
    this.disk = disk;
    NativeLibrary.load(StoreLocation.folderOf(file));
  }

  @Override
  public String toString() {
    return file.toString();
  }

  /** Makes the file and its folder, for the owner alone; SQLite's other files take after it. */
  static void create(Path file) {
    WholeFile.createFolder(file);
    try {
      WholeFile.createEmpty(file, StoreLocation.folderOf(file), Disk.REAL);
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the store " + file + " cannot be made (" + Reason.of(e) + "); check its folder", e);
    }
  }

  @Override
  public synchronized <T> T read(Read<T> read) throws SQLException {
    Statements open = reading == null ? open() : reading;
    reading = open;
    return read.from(open);
  }

  @Override
  public Instant now(Instant ours) {
    return ours;
  }

  @Override
  public boolean isShared() {
    return false;
  }

  @Override
  public List<Partition> partitions() {
    return List.of(Partition.WHOLE);
  }

  @Override
  public Optional<Session> sessionBeside(String owner) {
    return Optional.empty();
  }

  @Override
  public Session session(String owner) throws SQLException {
    return new SqliteSession(open(), knownHead);
  }

  @Override
  public KnownHead knownHead() {
    return knownHead;
  }

  @Override
  public void migrate() {
    Migrations.migrate(this, dataSource(), "sqlite", null);
  }

  @Override
  public StoreException trouble(Throwable thrown) {
    return SqliteTrouble.of(file, thrown);
  }

  @Override
  public boolean concernsAll(Throwable thrown) {
    return SqliteTrouble.isLocked(thrown);
  }

  @Override
  public synchronized void close() throws SQLException {
    if (reading != null) {
      reading.close();
    }
  }

  Statements open() throws SQLException {
    Connection connection = mode == StoreMode.WRITE ? openToWrite() : openToRead();
    return new Statements(disk.connected(connection), SQL);
  }

  /**
   * Opening gives a new file its write-ahead log, for which SQLite wants it alone: where several
   * start at once it says at once that the file is locked, and waits for nobody.
   */
  private Connection openToWrite() throws SQLException {
    long start = System.nanoTime();
    while (true) {
      try {
        return dataSource().getConnection();
      } catch (SQLException e) {
        long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        if (waited >= BUSY_MILLIS || !SqliteTrouble.isLocked(e)) {
          throw e;
        }
      }
    }
  }

  private Connection openToRead() throws SQLException {
    Connection connection = dataSource().getConnection();
    try (Statement statement = connection.createStatement()) {
      // a connection touches the file with its first query only
      statement.execute("PRAGMA schema_version");
      return connection;
    } catch (SQLException e) {
      connection.close();
      return openUnchanging(e);
    }
  }

  /**
   * A write-ahead log needs side files, which a reader may not be allowed to make. Where there are
   * none nobody has the store open, and it can be read as a file that does not change.
   */
  private Connection openUnchanging(SQLException because) throws SQLException {
    boolean isForbidden =
        because.getErrorCode() == SQLiteErrorCode.SQLITE_READONLY.code
            || because.getErrorCode() == SQLiteErrorCode.SQLITE_CANTOPEN.code;
    if (!isForbidden || Files.exists(Path.of(file + "-wal"))) {
      throw because;
    }
    return config().createConnection("jdbc:sqlite:" + file.toUri() + "?immutable=1");
  }

  @Override
  public void waitNoLonger() {
    // nobody waits for a connection to a file
  }

  private SQLiteDataSource dataSource() {
    SQLiteDataSource source = new SQLiteDataSource(config());
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  private SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    config.enforceForeignKeys(true);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    // nobody asks for them, and the driver would run a query after each insert
    config.setGetGeneratedKeys(false);
    if (mode == StoreMode.READ) {
      // not SQLite's read-only mode: that one leaves its side files behind
      config.resetOpenMode(SQLiteOpenMode.CREATE);
    } else {
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
      config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
      config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, WAL_PAGES);
      config.setJournalSizeLimit(WAL_KEPT);
      config.setCacheSize(-CACHE_KIB);
      // what is removed is overwritten, sealed as it was: costs no time that can be measured
      config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true");
    }
    return config;
  }
}
