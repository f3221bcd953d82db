package io.refreshd.store;

import static io.refreshd.store.Samples.LIVE;
import static io.refreshd.store.Samples.SANDBOX;
import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.StoredGrant;
import io.refreshd.store.SealingKeyRotation.Step;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A new sealing key for a store in PostgreSQL. */
class PostgresSealingKeyRotationTest extends SealingKeyRotationTest {

  @Override
  StoreFixture fixture(Path empty) {
    return new PostgresFixture(empty);
  }

  /**
   * A daemon has written its new token, and its commit waits for the rotation log; meanwhile the
   * token before it is read, to be sealed anew, and its row is waited for.
   */
  @Test
  @Timeout(30)
  void aTokenThatADaemonStoresMeanwhileIsNotOverwrittenByTheOneBefore() throws Exception {
    List<CompletableFuture<Void>> beside = new ArrayList<>();
    try (OpenStore daemon = fixture.open("run");
        OpenStore other = fixture.open("cli-1");
        Connection log = fixture.connection()) {
      int pid = number(log, "SELECT pg_backend_pid()");
      log.setAutoCommit(false);
      SealingKeyRotation.Result result =
          other
              .sealingKeyRotation()
              .run(
                  (step, resealed) -> {
                    if (step == Step.KEY_NAMED) {
                      samples.rotate(daemon, SANDBOX, 1); // it knows the new key now
                      execute(log, "LOCK TABLE rotation_log IN ACCESS EXCLUSIVE MODE");
                      beside.add(CompletableFuture.runAsync(() -> samples.rotate(daemon, LIVE, 2)));
                      await(ONE_WAITS, pid);
                      beside.add(
                          CompletableFuture.runAsync(
                              () -> {
                                await(ANOTHER_WAITS, pid);
                                execute(log, "ROLLBACK");
                              }));
                    }
                  });

      for (CompletableFuture<Void> one : beside) {
        one.get(10, TimeUnit.SECONDS);
      }
      assertThat(beside).hasSize(2);
      assertThat(result.oldKeysRemoved()).isTrue();
      for (OpenStore store : List.of(daemon, other)) {
        StoredGrant stored = store.find(LIVE).orElseThrow();
        assertThat(stored.current()).isEqualTo(samples.generation(LIVE, 3));
        assertThat(stored.previous()).isEqualTo(samples.generation(LIVE, 2));
      }
    }
  }

  private static void execute(Connection connection, String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Until somebody waits for the connection that has the log. */
  private static final String ONE_WAITS =
      "SELECT count(*) FROM pg_stat_activity a WHERE %d = ANY (pg_blocking_pids(a.pid))";

  /** Until somebody else waits for that one. */
  private static final String ANOTHER_WAITS =
      "SELECT count(*) FROM pg_stat_activity a JOIN pg_stat_activity b"
          + " ON a.pid = ANY (pg_blocking_pids(b.pid)) WHERE %d = ANY (pg_blocking_pids(a.pid))";

  private void await(String waiting, int pid) {
    try (Connection connection = fixture.connection()) {
      while (number(connection, waiting.formatted(pid)) == 0) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getInt(1);
    }
  }
}
