package io.refreshd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Leased;
import io.refreshd.rotation.StoreException;
import io.refreshd.testing.OwnPostgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL is killed under load and started again: no token is lost, none presented twice. */
class PostgresKilledTest {

  private static final int GRANTS = 8;
  private static final int KILLS = 3;
  private static final int BETWEEN_KILLS = 40;

  @TempDir Path folder;

  /** What the token server knows: the newest generation of each grant. */
  private final Map<GrantName, Integer> newest = new ConcurrentHashMap<>();

  private final Set<String> presented = ConcurrentHashMap.newKeySet();
  private final Set<String> presentedTwice = ConcurrentHashMap.newKeySet();
  private final AtomicInteger redemptions = new AtomicInteger();
  private final AtomicBoolean ends = new AtomicBoolean();

  @Test
  void nothingIsLostWhenTheServerIsKilledUnderLoad() throws Exception {
    try (OwnPostgres server = OwnPostgres.startOrSkip(folder.resolve("data"), Map.of())) {
      PostgresFixture fixture = new PostgresFixture(server.url(), folder);
      try (OpenStore one = open(fixture, "one");
          OpenStore two = open(fixture, "two")) {
        bringIn(fixture, one);
        underLoad(fixture, List.of(one, two), server);
        await(() -> isAllStored(one) && isAllStored(two));

        assertThat(presentedTwice).isEmpty();
        newest.forEach(
            (grant, number) ->
                assertThat(one.find(grant).orElseThrow().current())
                    .as("%s", grant)
                    .isEqualTo(fixture.samples.generation(grant, number)));
        assertThat(one.verifyLog().faults()).isEmpty();
        assertThat(one.verifyLog().entries()).isEqualTo(GRANTS + redemptions.get());
      }
    }
  }

  private static OpenStore open(PostgresFixture fixture, String owner) {
    return TokenStores.openToWrite(fixture.location, owner, GRANTS, fixture.clock);
  }

  private void bringIn(PostgresFixture fixture, OpenStore store) {
    for (int i = 0; i < GRANTS; i++) {
      GrantName grant = new GrantName("tenant", "g" + i);
      fixture.samples.bringIn(store, grant);
      newest.put(grant, 1);
    }
  }

  private void underLoad(PostgresFixture fixture, List<OpenStore> stores, OwnPostgres server)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> work = new ArrayList<>();
      for (OpenStore store : stores) {
        work.add(threads.submit(() -> rotateUntilTheEnd(fixture, store)));
        work.add(threads.submit(() -> rotateUntilTheEnd(fixture, store)));
      }
      for (int kill = 0; kill < KILLS; kill++) {
        int before = redemptions.get();
        await(() -> redemptions.get() > before + BETWEEN_KILLS);
        server.kill();
        server.startAgain();
      }
      ends.set(true);
      for (Future<?> one : work) {
        one.get(2, TimeUnit.MINUTES);
      }
    } finally {
      ends.set(true);
      threads.shutdownNow();
    }
  }

  private void rotateUntilTheEnd(PostgresFixture fixture, OpenStore store) {
    while (!ends.get()) {
      for (GrantName grant : newest.keySet()) {
        try {
          rotate(fixture, store, grant);
        } catch (StoreException e) {
          // the server is away: what a daemon does each second is to store what it holds
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
          store.flush();
        }
      }
    }
  }

  /** One rotation at a single-use server, whose answer always comes. */
  private void rotate(PostgresFixture fixture, OpenStore store, GrantName grant) {
    Optional<Leased> leased = store.lease(fixture.samples.markingTerms(grant));
    if (leased.isEmpty()) {
      return;
    }
    int current = Objects.requireNonNull(leased.get().stored()).current().number();
    if (!presented.add(grant + "#" + current)) {
      presentedTwice.add(grant + "#" + current);
    }
    newest.put(grant, current + 1);
    redemptions.incrementAndGet();
    store.commit(leased.get().lease(), fixture.samples.next(grant, current));
  }

  private static boolean isAllStored(OpenStore store) {
    return store.flush().held().isEmpty();
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }
}
