package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
    return openToWrite(location, owner, inFlight, clock, System::nanoTime, Disk.REAL);
  }

  /** The same, on a disk of any kind, and in a time that goes on as a test wants it. */
  static OpenStore openToWrite(
      StoreLocation location,
      String owner,
      int inFlight,
      Clock clock,
      LongSupplier nanos,
      Disk disk) {
    Database database = Database.at(location, StoreMode.WRITE, disk, nanos);
    Spools spools = new Spools(location.base(), inFlight, disk);
    LeaseEnds ends = new LeaseEnds(location, spools, nanos);
    JdbcTokenStore store =
        connect(database, location, owner, clock, nanos, disk, ends::isOfTheDead);
    try {
      store.reader().sealing().keys();
      RestoredHead.settle(location.base(), store.reader());
      HeadKeeping head = new HeadKeeping(location.base(), store.reader(), disk);
      SpoolingTokenStore open =
          new SpoolingTokenStore(
              store,
              spools,
              ends,
              head,
              new SealingKeyRotation(
                  location, store.reader().sealing(), store.writer(), spools, head, clock, disk),
              cluster(database, store.reader(), owner, clock));
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
    ReadOnlyStore store = new ReadOnlyStore(location.base(), () -> findReader(location, clock));
    store.reader();
    return store;
  }

  private static @Nullable PostgresCluster cluster(
      Database database, StoreReader reader, String owner, Clock clock) {
    return database instanceof Postgres postgres
        ? new PostgresCluster(postgres, reader, owner, clock)
        : null;
  }

  /** Opens the database alone, without a spool. */
  static JdbcTokenStore connect(StoreLocation location, String owner, Clock clock, Disk disk) {
    Database database = Database.at(location, StoreMode.WRITE, disk);
    return connect(database, location, owner, clock, System::nanoTime, disk, lease -> false);
  }

  private static JdbcTokenStore connect(
      Database database,
      StoreLocation location,
      String owner,
      Clock clock,
      LongSupplier nanos,
      Disk disk,
      Predicate<String> isOfTheDead) {
    KeyFile keyFile = new KeyFile(location.keyFile(), disk);
    StoreReader reader = new StoreReader(database, keyFile, clock, isOfTheDead);
    try {
      GroupCommit writer = GroupCommit.start(database, database.session(owner), nanos);
      GroupCommit leases =
          database
              .sessionBeside(owner)
              .map(session -> GroupCommit.start(database, session, nanos))
              .orElse(writer);
      JdbcTokenStore store =
          new JdbcTokenStore(reader, writer, new JdbcLeases(reader, writer, leases, owner));
      try {
        setUp(database, location, store, disk);
        return store;
      } catch (RuntimeException e) {
        store.closeWriters();
        throw e;
      }
    } catch (SQLException | RuntimeException e) {
      closeAfter(e, reader);
      throw database.trouble(e);
    }
  }

  private static void closeAfter(Exception failed, StoreReader reader) {
    try {
      reader.close();
    } catch (SQLException e) {
      failed.addSuppressed(e);
    }
  }

  private static void setUp(
      Database database, StoreLocation location, JdbcTokenStore store, Disk disk) {
    if (isSetUp(database, store.reader())) {
      return;
    }
    try (LockFile lock = waitForLock(location)) {
      if (store.reader().schemaVersion() < Migrations.NEWEST) {
        database.migrate();
      }
      if (store.reader().findStoreKey().isEmpty()) {
        Keyring keys = new KeyFile(location.keyFile(), disk).loadOrCreate();
        new HeadFile(location.base(), disk).begin(Sealing.seal(keys, LogHead.START));
        store.writer().write(true, StoreKey.primaryOf(keys)::writeFirst);
      }
    }
  }

  private static boolean isSetUp(Database database, StoreReader reader) {
    int version = reader.schemaVersion();
    Migrations.refuseNewer(database, version);
    return version == Migrations.NEWEST && reader.findStoreKey().isPresent();
  }

  private static LockFile waitForLock(StoreLocation location) {
    return LockFile.waitFor(location.base(), LockFile.SET_UP, SET_UP_LIMIT)
        .orElseThrow(
            () ->
                new StoreException.Unavailable(
                    "the store " + location + " is being set up by another process; try again",
                    null));
  }

  private static Optional<StoreReader> findReader(StoreLocation location, Clock clock) {
    if (location instanceof SqliteLocation sqlite && sqlite.isMissing()) {
      return Optional.empty();
    }
    Database database = Database.at(location, StoreMode.READ, Disk.REAL);
    KeyFile keyFile = new KeyFile(location.keyFile(), Disk.REAL);
    LeaseEnds ends =
        new LeaseEnds(location, new Spools(location.base(), 0, Disk.REAL), System::nanoTime);
    StoreReader reader = new StoreReader(database, keyFile, clock, ends::isOfTheDead);
    try {
      int version = reader.schemaVersion();
      if (version == Migrations.NEWEST) {
        return Optional.of(reader);
      }
      Migrations.refuseNewer(database, version);
      if (version > 0 && reader.findStoreKey().isPresent()) {
        throw Migrations.older(database, version);
      }
      reader.close(); // somebody is just making it: the key is written last
      return Optional.empty();
    } catch (SQLException | RuntimeException e) {
      closeAfter(e, reader);
      throw database.trouble(e);
    }
  }
}
