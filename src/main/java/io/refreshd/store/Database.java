package io.refreshd.store;

import io.refreshd.rotation.Partition;
import io.refreshd.rotation.StoreException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A database that holds a store: how it is reached, what is its own in SQL, what its troubles mean.
 * Its text is what people call it, without any password.
 */
interface Database {

  /** Reads from a connection. */
  @FunctionalInterface
  interface Read<T> {
    T from(Statements statements) throws SQLException;
  }

  /** The database at a location; to write, a file is made if it is missing. */
  static Database at(StoreLocation location, StoreMode mode, Disk disk) {
    return at(location, mode, disk, System::nanoTime);
  }

  /** The same in a time that goes on as a test wants it. */
  static Database at(StoreLocation location, StoreMode mode, Disk disk, LongSupplier nanos) {
    if (location instanceof SqliteLocation sqlite) {
      if (mode == StoreMode.WRITE) {
        Sqlite.create(sqlite.file());
      }
      return new Sqlite(sqlite.file(), mode, disk);
    }
    if (mode == StoreMode.WRITE) {
      WholeFile.createFolder(location.base());
    }
    return new Postgres((PostgresLocation) location, mode, nanos);
  }

  /** Whether other machines may work on it as well, each with a key file of its own. */
  boolean isShared();

  /** Reads; nobody waits for a writer. */
  <T> T read(Read<T> read) throws SQLException;

  /**
   * What time it is for all who share the database; where all of them are on one machine, what this
   * process's own clock says.
   */
  Instant now(Instant ours);

  /** How the fleet is shared out among the daemons that may be on this database. */
  List<Partition> partitions();

  /**
   * What a writer of this process writes through.
   *
   * @param owner whom its leases belong to
   */
  Session session(String owner) throws SQLException;

  /**
   * The same, beside it, for what a power cut may undo; empty where only one can write at a time.
   */
  Optional<Session> sessionBeside(String owner);

  /** How far the rotation log is known to have come, on whatever connection. */
  KnownHead knownHead();

  /** Runs the scripts that are missing from the schema. */
  void migrate();

  /** What could not be done, in plain words. */
  StoreException trouble(Throwable thrown);

  /** Whether a failure of one write would befall every other one as well. */
  boolean concernsAll(Throwable thrown);

  /** From now on nobody waits for a connection for longer than a moment: this process ends. */
  void waitNoLonger();

  /** Closes the connections for reading. */
  void close() throws SQLException;
}
