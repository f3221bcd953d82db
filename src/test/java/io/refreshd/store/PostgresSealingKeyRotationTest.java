package io.refreshd.store;

import static io.refreshd.store.Samples.LIVE;
import static io.refreshd.store.Samples.SANDBOX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.rotation.Lease;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.StoredGrant;
import io.refreshd.store.SealingKeyRotation.OldKeys;
import io.refreshd.store.SealingKeyRotation.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

  /** The old key goes in a run of its own, and that one makes no new key. */
  @Override
  SealingKeyRotation.Result rotate(OpenStore store, SealingKeyRotation.Progress progress) {
    SealingKeyRotation.Result rotated = store.sealingKeyRotation().run(progress);
    assertThat(rotated.oldKeys()).isEqualTo(OldKeys.LEFT_FOR_OTHERS);
    SealingKeyRotation.Result dropped = store.sealingKeyRotation().dropOldKeys(progress);
    assertThat(dropped.resealed()).isZero();
    return new SealingKeyRotation.Result(
        rotated.isNewKey(),
        rotated.resealed(),
        dropped.oldKeys(),
        dropped.damaged(),
        dropped.damagedBefore(),
        dropped.neededBy());
  }

  @Override
  SealingKeyRotation.Result complete(OpenStore store) {
    return store.sealingKeyRotation().dropOldKeys((step, resealed) -> {});
  }

  private static OldKeys rotateOnly(OpenStore store) {
    return store.sealingKeyRotation().run((step, resealed) -> {}).oldKeys();
  }

  private StoreFixture anotherMachine() throws IOException {
    StoreFixture other =
        ((PostgresFixture) fixture).onAnotherMachine(Files.createDirectory(folder.resolve("b")));
    copyKeyTo(other);
    return other;
  }

  private void copyKeyTo(StoreFixture other) throws IOException {
    Files.copy(
        fixture.location.keyFile(),
        other.location.keyFile(),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
  }

  @Test
  void whatAnotherMachineHoldsUnderTheOldKeyIsStoredOnceItHasTheNewKeyFile() throws Exception {
    StoreFixture other = anotherMachine();
    try (OpenStore there = other.open("run-b")) {
      other.samples.rotate(there, LIVE, 2); // the head of the log there is sealed with the old key
    }
    try (OpenStore there = other.open("run-b");
        OpenStore here = fixture.open("cli-1")) {
      Lease lease = other.samples.lease(there, LIVE);
      assertThat(rotateOnly(here)).isEqualTo(OldKeys.LEFT_FOR_OTHERS);
      there.commit(lease, other.samples.next(LIVE, 3));
      assertThat(there.held()).containsExactly(LIVE);
    }
    copyKeyTo(other);
    try (OpenStore there = other.open("run-b")) {
      assertThat(there.held()).isEmpty();
      assertThat(there.find(LIVE).orElseThrow().current())
          .isEqualTo(other.samples.generation(LIVE, 4));
      assertThat(there.verifyLog().faults()).isEmpty();
    }
    for (StoreFixture machine : List.of(fixture, other)) {
      try (OpenStore store = machine.open("cli-2")) {
        assertThat(complete(store).oldKeys()).isEqualTo(OldKeys.REMOVED);
        assertThat(store.verifyLog().faults()).isEmpty();
        assertThat(store.find(LIVE).orElseThrow().previous()).isNotNull();
      }
    }
    assertThat(keysOf(other)).isEqualTo(keys()).hasSize(1);
  }

  @Test
  void theHeadOfALogThatDidNotGrowSinceIsSealedAnewBeforeItsKeyGoes() throws Exception {
    StoreFixture other = anotherMachine();
    other.open("run-b").close();
    try (OpenStore here = fixture.open("cli-1")) {
      assertThat(rotateOnly(here)).isEqualTo(OldKeys.LEFT_FOR_OTHERS);
    }
    copyKeyTo(other);

    try (OpenStore there = other.open("cli-2")) {
      assertThat(complete(there).oldKeys()).isEqualTo(OldKeys.REMOVED);
      assertThat(there.verifyLog().faults()).isEmpty();
    }
  }

  @Test
  void aSecondRotationMeansAnotherNewKeyAndStillLosesNoneThatOthersMayNeed() throws Exception {
    Set<Integer> first = keys();
    StoreFixture other = anotherMachine();
    try (OpenStore there = other.open("run-b");
        OpenStore here = fixture.open("cli-1")) {
      Lease lease = other.samples.lease(there, LIVE);
      assertThat(rotateOnly(here)).isEqualTo(OldKeys.LEFT_FOR_OTHERS);
      there.commit(lease, other.samples.next(LIVE, 2));
      assertThat(rotateOnly(here)).isEqualTo(OldKeys.LEFT_FOR_OTHERS);
      assertThat(there.held()).containsExactly(LIVE);
    }
    assertThat(keys()).hasSize(3).containsAll(first);

    copyKeyTo(other);
    try (OpenStore there = other.open("run-b")) {
      assertThat(there.find(LIVE).orElseThrow().current())
          .isEqualTo(other.samples.generation(LIVE, 3));
    }
  }

  @Test
  void aMachineWithoutTheNewKeyIsToldWhereItIs() throws Exception {
    StoreFixture other = anotherMachine();
    try (OpenStore here = fixture.open("cli-1")) {
      assertThat(rotateOnly(here)).isEqualTo(OldKeys.LEFT_FOR_OTHERS);
    }

    assertThatThrownBy(() -> other.open("run-b"))
        .isInstanceOf(StoreException.WrongKey.class)
        .hasMessageContaining(
            "copy the right one from the machine where `refreshd key rotate` ran last");
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
      assertThat(result.oldKeys()).isEqualTo(OldKeys.LEFT_FOR_OTHERS);
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
