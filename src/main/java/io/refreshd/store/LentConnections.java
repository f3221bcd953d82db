package io.refreshd.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/** Lends connections of a pool to Quartz, which finds them by a name. */
final class LentConnections implements ConnectionProvider {

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final HikariDataSource pool;

  private LentConnections(HikariDataSource pool) {
    this.pool = pool;
  }

  /** The name that Quartz finds them by. */
  static String of(HikariDataSource pool) {
    String name = "refreshd-" + COUNT.incrementAndGet();
    DBConnectionManager.getInstance().addConnectionProvider(name, new LentConnections(pool));
    return name;
  }

  @Override
  public Connection getConnection() throws SQLException {
    return pool.getConnection();
  }

  @Override
  public void initialize() {
    // the pool is there
  }

  @Override
  public void shutdown() {
    // the pool's owner closes it: jobs may still end after Quartz has
  }
}
