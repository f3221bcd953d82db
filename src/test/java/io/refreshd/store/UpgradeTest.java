package io.refreshd.store;

import static io.refreshd.store.Samples.FRANCE;
import static io.refreshd.store.Samples.LIVE;
import static io.refreshd.store.Samples.SANDBOX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Partition;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.StoredGrant;
import io.refreshd.testing.WholeGrant;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store that an older program left, at the first start of this one. */
class UpgradeTest {

  private enum Kind {
    SQLITE {
      @Override
      StoreFixture in(Path folder) {
        return new StoreFixture(folder);
      }
    },
    POSTGRESQL {
      @Override
      StoreFixture in(Path folder) {
        return new PostgresFixture(folder);
      }
    };

    abstract StoreFixture in(Path folder);
  }

  private static final List<GrantName> ALL = List.of(FRANCE, LIVE, SANDBOX);

  @TempDir Path folder;

  /** One that was never rotated, one that was, one that learned and failed. */
  private static void fill(StoreFixture fixture) {
    try (OpenStore store = fixture.open("run")) {
      ALL.forEach(grant -> fixture.samples.bringIn(store, grant));
      fixture.samples.rotate(store, LIVE, 1);
      fixture.samples.rotate(store, LIVE, 2);
      fixture.samples.rotate(store, SANDBOX, 1);
      store.record(fixture.samples.lease(store, SANDBOX), fixture.samples.attempt(SANDBOX, 2));
    }
  }

  /** The older daemon's transaction waits for nothing; the script has to wait for it. */
  @Test
  void whatAnOlderDaemonCommitsWhileTheTablesChangeIsNotLost() throws Exception {
    PostgresFixture fixture = new PostgresFixture(folder);
    fill(fixture);
    OlderSchema.restore(fixture);
    FutureTask<OpenStore> upgrade = new FutureTask<>(() -> fixture.open("run"));
    Thread thread = new Thread(upgrade);
    try (Connection older = fixture.connection();
        Statement statement = older.createStatement()) {
      older.setAutoCommit(false);
      statement.execute("UPDATE grants SET fingerprint = 'sha256:newer' WHERE name = 'live'");
      thread.start();
      awaitWaitingFor(fixture, thread);
      older.commit();
    }

    try (OpenStore store = upgrade.get(1, TimeUnit.MINUTES)) {
      assertThat(store.findRecord(LIVE).orElseThrow().fingerprint()).isEqualTo("sha256:newer");
    }
  }

  private static void awaitWaitingFor(PostgresFixture fixture, Thread thread) throws Exception {
    try (Connection connection = fixture.connection();
        PreparedStatement waiting =
            connection.prepareStatement(
                "SELECT 1 FROM pg_locks WHERE relation = 'grants'::regclass AND NOT granted")) {
      boolean isWaiting = false;
      while (!isWaiting && thread.isAlive()) {
        try (ResultSet rows = waiting.executeQuery()) {
          isWaiting = rows.next();
        }
      }
      assertThat(isWaiting).as("the script waits for the older daemon").isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anUpgradeWhoseLastScriptFailsLeavesTheStoreAtTheSchemaThatItHad(Kind kind) throws Exception {
    StoreFixture fixture = kind.in(folder);
    fill(fixture);
    OlderSchema.restore(fixture);
    fixture.execute(
        "DELETE FROM schema_history WHERE version = '5'", "CREATE TABLE whole_grants (id INTEGER)");
    try {
      assertThatThrownBy(() -> fixture.open("run"))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("whole_grants");
      assertThatThrownBy(fixture::openToRead)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("is of an older refreshd (schema 4,");
    } finally {
      fixture.execute("DROP TABLE whole_grants");
    }

    try (OpenStore store = fixture.open("run")) {
      assertThat(store.records(null, 100)).hasSize(ALL.size());
    }
  }

  private static List<WholeGrant> grants(OpenStore store) {
    return ALL.stream().map(grant -> WholeGrant.of(store.find(grant).orElseThrow())).toList();
  }

  @ParameterizedTest
  @EnumSource
  void allTokensAndAllThatWasKnownOfThemAreStillThere(Kind kind) throws Exception {
    StoreFixture fixture = kind.in(folder);
    fill(fixture);
    List<WholeGrant> before;
    try (OpenStore store = fixture.open("run")) {
      before = grants(store);
    }
    OlderSchema.restore(fixture);

    try (OpenStore store = fixture.open("run")) {
      assertThat(grants(store)).isEqualTo(before);
      assertThat(store.records(null, 100))
          .isEqualTo(before.stream().map(WholeGrant::record).toList());
      assertThat(store.verifyLog().isProven()).isTrue();

      fixture.samples.rotate(store, LIVE, 3);
      StoredGrant after = store.find(LIVE).orElseThrow();
      assertThat(after.current()).isEqualTo(fixture.samples.generation(LIVE, 4));
      assertThat(after.previous()).isEqualTo(before.get(1).current());

      fixture.clock.advance(Duration.ofDays(7));
      List<GrantName> due = new ArrayList<>();
      for (Partition partition : store.partitions()) {
        store.readDue(partition, fixture.clock.instant(), record -> due.add(record.name()));
      }
      assertThat(due).containsExactlyInAnyOrderElementsOf(ALL);
    }
  }
}
