package io.refreshd.store;

import io.refreshd.rotation.Node;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The daemons that share a PostgreSQL database, seen from one of them. */
final class PostgresCluster implements Cluster {

  /** A measurement that took longer says little. */
  private static final Duration QUICK = Duration.ofSeconds(1);

  private static final String VERSION =
      String.valueOf(PostgresCluster.class.getPackage().getImplementationVersion());

  private final Postgres database;
  private final StoreReader reader;
  private final String owner;
  private final Clock clock;
  private Duration skew = Duration.ZERO;
  private @Nullable String lent;
  private volatile @Nullable String reason;

  PostgresCluster(Postgres database, StoreReader reader, String owner, Clock clock) {
    this.database = database;
    this.reader = reader;
    this.owner = owner;
    this.clock = clock;
  }

  @Override
  public String node() {
    return Ownership.node(owner).orElse(owner);
  }

  @Override
  public synchronized String connections() {
    String known = lent;
    if (known == null) {
      known = LentConnections.of(database.shared());
      lent = known;
    }
    return known;
  }

  @Override
  public synchronized Beat beat() {
    try {
      measure();
      database.share(
          on -> {
            on.update(PostgresSql.FORGET_NODES);
            return on.update(PostgresSql.BEAT, owner, VERSION, Migrations.NEWEST, micros(skew));
          });
    } catch (SQLException | RuntimeException e) {
      throw database.trouble(e);
    }
    List<Node> nodes = reader.nodes();
    Node self = nodes.stream().filter(node -> node.name().equals(node())).findFirst().orElseThrow();
    return new Beat(self, nodes, reader.schemaVersion(), Migrations.NEWEST);
  }

  /** How far this machine's clock is ahead of the database's. */
  private void measure() throws SQLException {
    DatabaseTime time = database.time();
    long nanos = time.nanos();
    Instant before = clock.instant();
    Instant there =
        database.share(on -> on.first(PostgresSql.TIME, Columns::instant)).orElseThrow();
    Duration took = Duration.between(before, clock.instant());
    if (took.compareTo(QUICK) <= 0 && !took.isNegative()) {
      time.learn(there, nanos);
      skew = Duration.between(there, before.plus(took.dividedBy(2)));
    }
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }

  @Override
  public void standBack(@Nullable String because) {
    reason = because;
  }

  /** Why no grant is leased here just now; {@code null} if they are. */
  @Nullable String reason() {
    return reason;
  }

  @Override
  public void leave() {
    try {
      database.share(on -> on.update(PostgresSql.LEAVE, owner));
    } catch (SQLException | RuntimeException e) {
      throw database.trouble(e);
    }
  }
}
