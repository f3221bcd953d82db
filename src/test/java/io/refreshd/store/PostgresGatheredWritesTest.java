package io.refreshd.store;

import static io.refreshd.store.Samples.LIVE;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** The same on PostgreSQL, where other daemons write at the same time. */
class PostgresGatheredWritesTest extends GatheredWritesTest {

  @Override
  StoreFixture fixture(Path empty) {
    return new PostgresFixture(empty);
  }

  @Test
  void aLeaseThatAnotherDaemonIsAboutToEndIsNotWaitedFor() throws Exception {
    samples.lease(store, LIVE);
    try (Connection connection = fixture.connection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("DELETE FROM leases");

      assertThat(store.lease(samples.terms(LIVE))).isEmpty();

      connection.commit();
    }
    assertThat(store.lease(samples.terms(LIVE))).isPresent();
  }
}
