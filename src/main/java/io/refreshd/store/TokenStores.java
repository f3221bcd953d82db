package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Opens token stores. */
public final class TokenStores {

  private static final Duration SET_UP_LIMIT = Duration.ofSeconds(30);

  private TokenStores() {}

  /**
   * Opens a store to write: makes or migrates it and its key where that is needed, and stores what
   * processes held that died.
   *
   * @param owner whom its leases belong to, for example {@code run}
   * @param inFlight how many grants this process may redeem at once: that many successors fit into
   *     its spool
   * @throws StoreException.WrongKey if the key is missing or another; {@link
   *     StoreException.Unavailable} or {@link StoreException.Damaged} if the file cannot be used
   */
  public static OpenStore openToWrite(
      StoreLocation location, String owner, int inFlight, Clock clock) {
    JdbcTokenStore store = connect(location, owner, clock);
    try {
      store.reader().sealing().keys();
      Spools spools = new Spools(location.file(), inFlight);
      HeadKeeping head = new HeadKeeping(location.file(), store.reader());
      SpoolingTokenStore open =
          new SpoolingTokenStore(
              store,
              spools,
              head,
              new SealingKeyRotation(
                  location, store.reader().sealing(), store.writer(), spools, head, clock),
              clock);
      open.recover();
      return open;
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /**
   * Opens a store to read: makes and changes nothing, and needs no key but to show a token. A store
   * that is missing is an empty one.
   */
  public static OpenStore openToRead(StoreLocation location, Clock clock) {
    ReadOnlyStore store =
        new ReadOnlyStore(new HeadFile(location.file()), () -> findReader(location, clock));
    store.reader();
    return store;
  }

  /** Opens the database alone, without a spool. */
  static JdbcTokenStore connect(StoreLocation location, String owner, Clock clock) {
    Sqlite.create(location.file());
    Sqlite sqlite = new Sqlite(location.file(), StoreMode.WRITE);
    KeyFile keyFile = new KeyFile(location.keyFile());
    try {
      Statements writing = new Statements(sqlite.open());
      try {
        setUp(sqlite, writing, keyFile);
        return new JdbcTokenStore(
            new StoreReader(location.file(), new Statements(sqlite.open()), keyFile, clock),
            new GroupCommit(location.file(), writing),
            owner);
      } catch (SQLException | RuntimeException e) {
        writing.close();
        throw e;
      }
    } catch (SQLException e) {
      throw SqliteTrouble.of(location.file(), e);
    }
  }

  private static void setUp(Sqlite sqlite, Statements writing, KeyFile keyFile)
      throws SQLException {
    if (isSetUp(sqlite, writing)) {
      return;
    }
    try (LockFile lock = waitForLock(sqlite)) {
      if (Migrations.version(writing) < Migrations.NEWEST) {
        Migrations.migrate(sqlite);
      }
      if (StoreKey.find(writing).isEmpty()) {
        Keyring keys = keyFile.loadOrCreate();
        new HeadFile(sqlite.file()).begin(Sealing.seal(keys, LogHead.START));
        StoreKey.primaryOf(keys).write(writing);
      }
    }
  }

  private static boolean isSetUp(Sqlite sqlite, Statements writing) throws SQLException {
    int version = Migrations.version(writing);
    Migrations.refuseNewer(sqlite, version);
    return version == Migrations.NEWEST && StoreKey.find(writing).isPresent();
  }

  private static LockFile waitForLock(Sqlite sqlite) {
    return LockFile.waitFor(sqlite.file(), LockFile.SET_UP, SET_UP_LIMIT)
        .orElseThrow(
            () ->
                new StoreException.Unavailable(
                    "the store " + sqlite.file() + " is being set up by another process; try again",
                    null));
  }

  private static Optional<StoreReader> findReader(StoreLocation location, Clock clock) {
    if (!Files.exists(location.file())) {
      return Optional.empty();
    }
    Sqlite sqlite = new Sqlite(location.file(), StoreMode.READ);
    try {
      Statements reading = new Statements(sqlite.open());
      int version = Migrations.version(reading);
      if (version == Migrations.NEWEST) {
        return Optional.of(
            new StoreReader(location.file(), reading, new KeyFile(location.keyFile()), clock));
      }
      reading.close();
      Migrations.refuseNewer(sqlite, version);
      return Optional.empty();
    } catch (SQLException e) {
      throw SqliteTrouble.of(location.file(), e);
    }
  }
}
