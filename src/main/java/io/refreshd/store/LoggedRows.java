package io.refreshd.store;

import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LoggedEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rotation log of a database, as a query goes through it. */
final class LoggedRows implements LogPages.Source {

  /** Reads from the database. */
  @FunctionalInterface
  interface Reading {
    <T> T read(Database.Read<T> read);
  }

  private final LogQuery query;
  private final int size;
  private final Reading database;

  /**
   * The rows that a query may want.
   *
   * @param size how many entries a full page has
   */
  LoggedRows(LogQuery query, int size, Reading database) {
    this.query = query;
    this.size = size;
    this.database = database;
  }

  @Override
  public List<LoggedEntry> page(long above, long through) {
    return database.read(on -> RotationLog.page(on, query, above, through, size));
  }

  @Override
  public Optional<Long> findNewest(long through) {
    return database.read(on -> on.first(Sql.NEWEST_LOGGED, Columns::number, through));
  }

  @Override
  public Optional<Long> findOldest(long above) {
    return database.read(on -> on.first(Sql.OLDEST_LOGGED, Columns::number, above));
  }

  @Override
  public Optional<Instant> findLatest(long above, long through) {
    return database.read(on -> on.first(Sql.LATEST_LOGGED, Columns::instant, above, through));
  }
}
