package io.refreshd.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.refreshd.rotation.Partition;
import io.refreshd.rotation.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL database: read through a pool of connections, written through one of its own. A
 * server that hangs is given up after a while; a lease is longer than that.
 */
final class Postgres implements Database {

  private static final Sql SQL = new PostgresSql();

  /** Seconds, unless the URL says otherwise; more than a statement may take by its own limit. */
  private static final Map<PGProperty, String> LIMITS =
      Map.of(
          PGProperty.CONNECT_TIMEOUT, "3",
          PGProperty.LOGIN_TIMEOUT, "8",
          PGProperty.SOCKET_TIMEOUT, "10",
          PGProperty.CANCEL_SIGNAL_TIMEOUT, "3",
          PGProperty.TCP_KEEP_ALIVE, "true",
          PGProperty.APPLICATION_NAME, "refreshd");

  /** Seconds: for a script, or a statement of a move, that may go through every row. */
  static final int MOST_AT_ONCE = 3_600;

  private static final Duration WAIT_FOR_CONNECTION = Duration.ofSeconds(5);
  private static final Duration LAST_WAIT = Duration.ofSeconds(1);
  private static final Duration KEEP_UNUSED = Duration.ofMinutes(1);
  private static final int READERS = 4;
  private static final int SHARED = 4;

  /** As the index {@code grants_due} has it. */
  private static final int PARTITIONS = 64;

  private final PostgresLocation location;
  private final StoreMode mode;
  private final PGSimpleDataSource source;
  private final AskedSchema asked;
  private final DatabaseTime time;
  private final KnownHead knownHead = new KnownHead();
  private @Nullable HikariDataSource pool;
  private @Nullable HikariDataSource shared;
  private volatile boolean isEnding;
  private volatile boolean isAway;

  Postgres(PostgresLocation location, StoreMode mode, LongSupplier nanos) {
    this.time = new DatabaseTime(nanos);
    this.location = location;
    this.mode = mode;
    this.source = source(location);
    this.asked = new AskedSchema(source.getCurrentSchema());
  }

  private static PGSimpleDataSource source(PostgresLocation location) {
    Properties given = Driver.parseURL(location.url(), null);
    if (given == null) {
      throw new IllegalArgumentException("not a URL of PostgreSQL: " + location);
    }
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(location.url());
    LIMITS.forEach(
        (property, value) -> {
          if (!given.containsKey(property.getName())) {
            source.setProperty(property, value);
          }
        });
    if (location.username() != null) {
      source.setUser(location.username());
    }
    if (location.password() != null) {
      source.setPassword(location.password().reveal());
    }
    return source;
  }

  @Override
  public String toString() {
    return location.toString();
  }

  @Override
  public <T> T read(Read<T> read) throws SQLException {
    HikariDataSource open = pool();
    try {
      return read(open, read);
    } catch (SQLTransientConnectionException e) {
      throw e; // the pool has tried for long
    } catch (SQLException e) {
      if (!PostgresTrouble.isDisconnected(e)) {
        throw e;
      }
      // the server was started anew, and what else is in the pool is as dead
      open.getHikariPoolMXBean().softEvictConnections();
      return read(open, read);
    }
  }

  private <T> T read(HikariDataSource open, Read<T> read) throws SQLException {
    try (Statements statements = new Statements(connection(open), SQL)) {
      if (!time.isKnown()) {
        asked.compare(this, statements); // before anything is read, or found missing and made
        time.ask(statements);
      }
      return read.from(statements);
    }
  }

  private Connection connection(HikariDataSource open) throws SQLException {
    // whoever comes next would wait as long again; and a pool takes a shorter wait on only when its
    // own housekeeper comes by, each half minute
    if (isEnding && (isAway || open.getHikariPoolMXBean().getTotalConnections() == 0)) {
      throw new SQLTransientConnectionException("no connection was to be had a moment ago");
    }
    try {
      Connection connection = open.getConnection();
      isAway = false;
      return connection;
    } catch (SQLTransientConnectionException e) {
      isAway = true;
      throw e;
    }
  }

  private synchronized HikariDataSource pool() {
    HikariDataSource known = pool;
    if (known == null) {
      known = new HikariDataSource(poolConfig());
      pool = known;
    }
    return known;
  }

  private HikariConfig poolConfig() {
    HikariConfig config = poolConfig("store", PostgresSql.READ_ONLY);
    config.setMaximumPoolSize(mode == StoreMode.WRITE ? READERS : 1);
    config.setMinimumIdle(mode == StoreMode.WRITE ? 1 : 0);
    return config;
  }

  /**
   * For what daemons tell each other: who is there, whose turn it is. Losing the last of it in a
   * power cut costs nothing.
   */
  synchronized HikariDataSource shared() {
    HikariDataSource known = shared;
    if (known == null) {
      HikariConfig config = poolConfig("cluster", PostgresSql.CARELESS);
      config.setMaximumPoolSize(SHARED);
      config.setMinimumIdle(1);
      known = new HikariDataSource(config);
      shared = known;
    }
    return known;
  }

  /** Reads or writes what daemons tell each other. */
  <T> T share(Read<T> use) throws SQLException {
    return read(shared(), use);
  }

  DatabaseTime time() {
    return time;
  }

  private HikariConfig poolConfig(String name, String settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setDataSource(source);
    config.setConnectionInitSql(settings);
    config.setIdleTimeout(KEEP_UNUSED.toMillis());
    config.setConnectionTimeout(waitForConnection().toMillis());
    // a server that is away is a trouble of who reads, not of who makes the pool
    config.setInitializationFailTimeout(-1);
    return config;
  }

  @Override
  public Instant now(Instant ours) {
    return time.now();
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public List<Partition> partitions() {
    return Partition.all(PARTITIONS);
  }

  @Override
  public Session session(String owner) {
    return new PostgresSession(this, Ownership.node(owner).orElse(null), false);
  }

  @Override
  public Optional<Session> sessionBeside(String owner) {
    String node = Ownership.node(owner).orElse(null);
    return Optional.of(new PostgresSession(this, node, true));
  }

  /**
   * A connection to write on, in transactions.
   *
   * @param careless whether a power cut may undo them
   */
  Statements connect(boolean careless) throws SQLException {
    Connection connection = source.getConnection();
    try {
      Statements statements = new Statements(connection, SQL);
      statements.execute(careless ? PostgresSql.CARELESS_WRITER : PostgresSql.WRITER);
      connection.setAutoCommit(false);
      return statements;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public KnownHead knownHead() {
    return knownHead;
  }

  /** Each script takes the time that it takes: one may write every row anew. */
  @Override
  public void migrate() {
    PGSimpleDataSource patient = source(location);
    patient.setSocketTimeout(MOST_AT_ONCE);
    Migrations.migrate(this, patient, "postgresql", PostgresSql.SCRIPTS);
  }

  @Override
  public StoreException trouble(Throwable thrown) {
    return PostgresTrouble.of(location, thrown);
  }

  @Override
  public boolean concernsAll(Throwable thrown) {
    return PostgresTrouble.isOfTheServer(thrown);
  }

  /** Three who wait in turn for a server that is away would take longer than a stop may. */
  @Override
  public synchronized void waitNoLonger() {
    isEnding = true;
    hasten(pool);
    hasten(shared);
    source.setLoginTimeout((int) LAST_WAIT.toSeconds()); // so long a pool waits to be closed
  }

  private void hasten(@Nullable HikariDataSource open) {
    if (open != null) {
      open.getHikariConfigMXBean().setConnectionTimeout(waitForConnection().toMillis());
    }
  }

  private Duration waitForConnection() {
    return isEnding ? LAST_WAIT : WAIT_FOR_CONNECTION;
  }

  @Override
  public synchronized void close() {
    if (pool != null) {
      pool.close();
    }
    if (shared != null) {
      shared.close();
    }
  }
}
