package io.refreshd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Lease;
import io.refreshd.rotation.Leased;
import io.refreshd.rotation.LoggedEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many threads, several stores on one file, two processes: no double lease, no lost commit. */
class ConcurrentStoresTest {

  private static final int GRANTS = 8;
  private static final int ROTATIONS = 25;

  @TempDir Path folder;

  private static GrantName grant(int number) {
    return new GrantName("tenant", "g" + number);
  }

  /** Rotates all grants a number of times, in the other process. */
  static final class OtherProcess {
    private OtherProcess() {}

    /**
     * Rotates.
     *
     * @param where the folder, and the URL of the database if it is not in there
     */
    public static void main(String[] where) throws Exception {
      StoreFixture fixture =
          where.length == 1
              ? new StoreFixture(Path.of(where[0]))
              : new PostgresFixture(where[1], Path.of(where[0]));
      try (OpenStore store = fixture.open("other")) {
        rotateAll(fixture, store);
      }
    }
  }

  private static void rotateAll(StoreFixture fixture, OpenStore store) throws IOException {
    int done = 0;
    while (done < GRANTS * ROTATIONS) {
      if (rotate(fixture, store, grant(done % GRANTS))) {
        done++;
      }
    }
  }

  /** One rotation, if nobody else is at it; a file made by the holder alone tells double leases. */
  private static boolean rotate(StoreFixture fixture, OpenStore store, GrantName grant)
      throws IOException {
    Optional<Lease> lease = store.lease(fixture.samples.terms(grant)).map(Leased::lease);
    if (lease.isEmpty()) {
      Thread.onSpinWait();
      return false;
    }
    Path alone = fixture.location.base().resolveSibling(grant.name() + ".leased");
    Files.createFile(alone);
    int expected = store.find(grant).map(stored -> stored.current().number()).orElse(0);
    Files.delete(alone);
    store.commit(
        lease.get(),
        expected == 0 ? fixture.samples.first(grant) : fixture.samples.next(grant, expected));
    return true;
  }

  @Test
  void nothingIsLeasedTwiceAndNothingIsLost() throws Exception {
    StoreFixture fixture = fixture(folder);
    ExecutorService threads = Executors.newFixedThreadPool(6);
    Process other = null;
    try (OpenStore one = fixture.open("one");
        OpenStore two = fixture.open("two")) {
      other = startOther(fixture.location);
      List<Callable<Boolean>> work = new ArrayList<>();
      for (OpenStore store : List.of(one, one, one, two, two, two)) {
        work.add(
            () -> {
              rotateAll(fixture, store);
              return true;
            });
      }
      for (Future<Boolean> done : threads.invokeAll(work, 2, TimeUnit.MINUTES)) {
        assertThat(done.get()).isTrue();
      }
      assertThat(other.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(other.exitValue()).isZero();
      int rotations = 7 * ROTATIONS;
      for (int i = 0; i < GRANTS; i++) {
        assertThat(one.find(grant(i)).orElseThrow().current().number()).isEqualTo(rotations);
      }
      assertIsWhole(Samples.log(one), GRANTS * rotations);
    } finally {
      threads.shutdownNow();
      if (other != null) {
        other.destroyForcibly();
      }
    }
  }

  /** A store on another database is a subclass. */
  StoreFixture fixture(Path empty) {
    return new StoreFixture(empty);
  }

  private Process startOther(StoreLocation location) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName(),
                folder.toString()));
    if (location instanceof PostgresLocation postgres) {
      command.add(postgres.url());
    }
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void assertIsWhole(List<LoggedEntry> log, int size) {
    assertThat(log).hasSize(size);
    String before = HashChain.START;
    for (int i = 0; i < size; i++) {
      LoggedEntry logged = log.get(i);
      assertThat(logged.seq()).isEqualTo(i + 1);
      assertThat(logged.hash()).isEqualTo(HashChain.next(before, logged.entry(), logged.node()));
      before = logged.hash();
    }
  }
}
