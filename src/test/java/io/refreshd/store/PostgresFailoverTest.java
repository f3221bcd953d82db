package io.refreshd.store;

import static io.refreshd.store.Samples.LIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.rotation.Lease;
import io.refreshd.rotation.StoreException.Unavailable;
import io.refreshd.rotation.TokenStore.Kept;
import io.refreshd.testing.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server changes its part: for a while the sessions of one role are those of a standby. */
class PostgresFailoverTest {

  private static final String ROLE = "failing_over_" + ProcessHandle.current().pid();

  @TempDir Path folder;
  private PostgresFixture direct;
  private Samples samples;
  private OpenStore store;

  @BeforeEach
  void aStoreOfARoleOfItsOwn() throws Exception {
    direct = new PostgresFixture(folder);
    samples = direct.samples;
    try (OpenStore first = direct.open("run")) {
      samples.bringIn(first, LIVE);
    }
    direct.execute("CREATE ROLE " + ROLE + " LOGIN SUPERUSER");
    String url = ((PostgresLocation) direct.location).url();
    store = new PostgresFixture(url.replace("user=postgres", "user=" + ROLE), folder).open("run");
  }

  @AfterEach
  void close() throws Exception {
    PostgresServer.execute(PostgresServer.url(), "ALTER ROLE " + ROLE + " RESET ALL");
    store.close();
    PostgresServer.execute(PostgresServer.url(), "DROP ROLE " + ROLE);
  }

  /** Its sessions end, and those that are begun from now on cannot write. */
  private void becomeStandby() throws Exception {
    direct.execute(
        "ALTER ROLE " + ROLE + " SET default_transaction_read_only = on",
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '"
            + ROLE
            + "'");
  }

  /** Sessions that are begun from now on can write; those that are open cannot, as on a standby. */
  private void letTheNextBePrimary() throws Exception {
    direct.execute("ALTER ROLE " + ROLE + " RESET ALL");
  }

  @Test
  void aConnectionToAStandbyIsNotKept() throws Exception {
    Lease lease = samples.lease(store, LIVE);
    becomeStandby();
    assertThat(store.commit(lease, samples.next(LIVE, 1))).isEqualTo(Kept.HELD);
    assertThatThrownBy(() -> store.lease(samples.terms(Samples.FRANCE)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("is read-only (a standby?)");

    letTheNextBePrimary();

    assertThat(store.flush().stored()).containsExactly(LIVE);
    samples.rotate(store, LIVE, 2);
    assertThat(store.findRecord(LIVE).orElseThrow().generation()).isEqualTo(3);
  }
}
