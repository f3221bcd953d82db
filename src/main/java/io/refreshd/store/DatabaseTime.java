package io.refreshd.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The clock of a database that several machines share: asked for now and then, and carried on by
 * this machine's monotonic clock. So all of them see alike what is over, whatever their own clocks
 * say. It is late where this machine stood still, so who leases does not go by it.
 */
final class DatabaseTime {

  /** What the database said, and the middle of the time that it took to say so. */
  private record Sample(Instant at, long nanos) {}

  private final LongSupplier nanos;
  private volatile @Nullable Sample sample;

  DatabaseTime(LongSupplier nanos) {
    this.nanos = nanos;
  }

  boolean isKnown() {
    return sample != null;
  }

  /** Asks. */
  void ask(Statements statements) throws SQLException {
    long before = nanos.getAsLong();
    Instant at = statements.first(PostgresSql.TIME, Columns::instant).orElseThrow();
    learn(at, before);
  }

  /**
   * Takes what the database said.
   *
   * @param before the monotonic clock before it was asked
   */
  void learn(Instant at, long before) {
    sample = new Sample(at, before + (nanos.getAsLong() - before) / 2);
  }

  long nanos() {
    return nanos.getAsLong();
  }

  Instant now() {
    Sample known = sample;
    if (known == null) {
      throw new IllegalStateException("the database was not asked yet what time it is");
    }
    return known.at().plusNanos(nanos.getAsLong() - known.nanos());
  }
}
