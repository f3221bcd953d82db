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
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
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
