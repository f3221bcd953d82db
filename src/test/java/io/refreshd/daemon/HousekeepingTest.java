package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.report.RotationLogFile;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.TokenStore;
import io.refreshd.store.OpenStore;
import io.refreshd.store.SqliteLocation;
import io.refreshd.store.TokenStores;
import io.refreshd.testing.InMemoryTokenStore;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class HousekeepingTest {

  @TempDir Path folder;

  @Test
  @Timeout(30)
  void theDaemonGoesOnWhileItsLogFileHasMuchToCatchUp() throws InterruptedException {
    MutableClock clock = new MutableClock();
    SlowLog log = new SlowLog(clock);
    log.append(Entry.of(clock.instant(), null, Event.KEY_ROTATED, "sealed anew"));
    Path file = folder.resolve("rotation.log");
    SqliteLocation location =
        new SqliteLocation(folder.resolve("refreshd.db"), folder.resolve("refreshd.key"));
    try (OpenStore store = TokenStores.openToWrite(location, "run", 1, clock);
        Housekeeping housekeeping =
            new Housekeeping(
                store, new RotationLogFile(file, log, RotationLogFile.DEFAULT_LIMIT))) {
      housekeeping.start(() -> {});
      log.isRead.countDown();
    }
    assertThat(file).content().contains("sealed anew");
  }

  @Test
  @Timeout(30)
  void aMomentWithoutMemoryDoesNotEndTheLogFileForGood() throws InterruptedException {
    MutableClock clock = new MutableClock();
    InMemoryTokenStore log = new InMemoryTokenStore(clock);
    RotationLogFile file =
        new RotationLogFile(folder.resolve("rotation.log"), log, RotationLogFile.DEFAULT_LIMIT);
    SqliteLocation location =
        new SqliteLocation(folder.resolve("refreshd.db"), folder.resolve("refreshd.key"));
    ShortOfMemory thread = new ShortOfMemory();
    try (OpenStore store = TokenStores.openToWrite(location, "run", 1, clock);
        Housekeeping housekeeping = new Housekeeping(store, file, thread)) {
      Entry entry = Entry.of(clock.instant(), null, Event.KEY_ROTATED, "sealed anew");
      log.append(entry);
      housekeeping.told(entry, TokenStore.Kept.STORED);

      housekeeping.told(entry, TokenStore.Kept.STORED);

      thread.hasCaughtUp.await();
      assertThat(folder.resolve("rotation.log")).content().contains("sealed anew");
    }
  }

  @Test
  void anIdleDaemonsHousekeepingWakesUpEachTenSeconds() {
    try (OpenStore store = open()) {
      HandTurned thread = new HandTurned();
      housekeeping(store, thread).start(() -> {});
      thread.pass(10); // what a start has to see to

      thread.woken = 0;
      thread.pass(60);

      assertThat(thread.woken).isEqualTo(6);
    }
  }

  @Test
  void whatIsHeldIsTriedAgainEachSecondUntilItIsStored() {
    AtomicBoolean holds = new AtomicBoolean(true);
    AtomicInteger tried = new AtomicInteger();
    try (OpenStore store = open()) {
      HandTurned thread = new HandTurned();
      Housekeeping housekeeping = housekeeping(holding(store, holds, tried), thread);
      housekeeping.start(() -> {});
      thread.pass(10);
      assertThat(tried).hasValueGreaterThanOrEqualTo(10);

      holds.set(false);
      thread.pass(20);
      holds.set(true);
      tried.set(0);
      housekeeping.told(
          Entry.of(Instant.EPOCH, null, Event.KEY_ROTATED, "held"), TokenStore.Kept.HELD);
      thread.pass(9);

      assertThat(tried).hasValueGreaterThanOrEqualTo(9);
    }
  }

  @Test
  void theHeadOfTheLogFollowsARotationWithinASecond() throws IOException {
    MutableClock clock = new MutableClock();
    try (OpenStore store = open()) {
      HandTurned thread = new HandTurned();
      Housekeeping housekeeping = housekeeping(store, thread);
      Entry entry = Entry.of(clock.instant(), null, Event.KEY_ROTATED, "sealed anew");
      store.append(entry);
      housekeeping.start(() -> {});
      thread.pass(20);
      String before = head();

      store.append(entry);
      housekeeping.told(entry, TokenStore.Kept.STORED);
      thread.pass(1);

      assertThat(head()).isNotEqualTo(before);
    }
  }

  private String head() throws IOException {
    return Files.readString(folder.resolve("refreshd.db.head"));
  }

  private OpenStore open() {
    SqliteLocation location =
        new SqliteLocation(folder.resolve("refreshd.db"), folder.resolve("refreshd.key"));
    return TokenStores.openToWrite(location, "run", 1, new MutableClock());
  }

  private Housekeeping housekeeping(OpenStore store, ScheduledThreadPoolExecutor thread) {
    Path file = folder.resolve("rotation.log");
    return new Housekeeping(
        store, new RotationLogFile(file, store, RotationLogFile.DEFAULT_LIMIT), thread);
  }

  /** The store as one that holds something while it is told so, and cannot store it. */
  private static OpenStore holding(OpenStore store, AtomicBoolean holds, AtomicInteger tried) {
    InvocationHandler asIt =
        (proxy, method, arguments) -> {
          if (method.getName().equals("holdsAny")) {
            return holds.get();
          }
          if (method.getName().equals("flush")) {
            tried.incrementAndGet();
          }
          return method.invoke(store, arguments);
        };
    return (OpenStore)
        Proxy.newProxyInstance(
            OpenStore.class.getClassLoader(), new Class<?>[] {OpenStore.class}, asIt);
  }

  /** A thread whose time is turned by hand, in whole seconds. */
  private static final class HandTurned extends ScheduledThreadPoolExecutor {
    /** What is to come, and after how many seconds it comes again; 0 if it does not. */
    private record Task(long due, long again, Runnable work) {}

    private final List<Task> tasks = new ArrayList<>();
    private long now;
    private int woken;

    HandTurned() {
      super(1);
    }

    void pass(int seconds) {
      for (int i = 0; i < seconds; i++) {
        now++;
        List<Task> due = tasks.stream().filter(task -> task.due <= now).toList();
        tasks.removeAll(due);
        for (Task task : due) {
          woken++;
          task.work.run();
          if (task.again > 0) {
            tasks.add(new Task(now + task.again, task.again, task.work));
          }
        }
      }
    }

    @Override
    public void execute(Runnable work) {
      woken++;
      work.run();
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
      tasks.add(new Task(now + unit.toSeconds(delay), 0, work));
      return never();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
        Runnable work, long first, long delay, TimeUnit unit) {
      tasks.add(new Task(now + unit.toSeconds(first), unit.toSeconds(delay), work));
      return never();
    }

    private ScheduledFuture<?> never() {
      return super.schedule(() -> {}, 1_000, TimeUnit.DAYS);
    }
  }

  /** A thread that cannot be had at first. */
  private static final class ShortOfMemory extends ScheduledThreadPoolExecutor {
    private final CountDownLatch hasCaughtUp = new CountDownLatch(1);
    private boolean asked;

    ShortOfMemory() {
      super(1);
    }

    @Override
    public void execute(Runnable task) {
      if (!asked) {
        asked = true;
        throw new InternalError("planted by the test");
      }
      super.execute(task);
    }

    @Override
    protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
      hasCaughtUp.countDown();
    }
  }

  /** A log that takes long to read. */
  private static final class SlowLog extends InMemoryTokenStore {
    private final CountDownLatch isRead = new CountDownLatch(1);

    SlowLog(MutableClock clock) {
      super(clock);
    }

    @Override
    public long read(LogQuery query, Consumer<LoggedEntry> reader) {
      try {
        isRead.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return super.read(query, reader);
    }
  }
}
