package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteOpenMode;

/** Opens connections to a SQLite file, with the settings that the store relies on. */
final class Sqlite {

  private static final int BUSY_MILLIS = 10_000;

  private final Path file;
  private final StoreMode mode;

  Sqlite(Path file, StoreMode mode) {
    this.file = file;
    this.mode = mode;
    NativeLibrary.load(StoreLocation.folderOf(file));
  }

  Path file() {
    return file;
  }

  /** Makes the file and its folder, for the owner alone; SQLite's other files take after it. */
  static void create(Path file) {
    createFolder(file);
    try {
      WholeFile.createEmpty(file, StoreLocation.folderOf(file));
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the store " + file + " cannot be made (" + e + "); check its folder", e);
    }
  }

  static void createFolder(Path file) {
    Path folder = StoreLocation.folderOf(file);
    try {
      Files.createDirectories(folder, WholeFile.OWNERS_FOLDER);
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the folder " + folder + " of the store cannot be made (" + e + ")", e);
    }
  }

  Connection open() throws SQLException {
    return mode == StoreMode.WRITE ? dataSource().getConnection() : openToRead();
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

  SQLiteDataSource dataSource() {
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
      // what is removed is overwritten, sealed as it was: costs no time that can be measured
      config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true");
    }
    return config;
  }
}
