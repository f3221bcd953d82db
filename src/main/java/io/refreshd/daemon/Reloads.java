package io.refreshd.daemon;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * One reload after another. However many are asked for while one runs, exactly one more follows: it
 * sees whatever was written before the last was asked for.
 */
final class Reloads implements AutoCloseable {

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(task, "reload");
            made.setDaemon(true);
            return made;
          });
  private boolean asked;
  private boolean closed;
  private @Nullable Runnable reload;

  /** Asks for one. What is asked for before {@link #open} waits until then. */
  synchronized void request() {
    if (!asked) {
      asked = true;
      begin();
    }
  }

  /** From now on there is something to reload, and this does it. */
  synchronized void open(Runnable task) {
    reload = task;
    begin();
  }

  private void begin() {
    Runnable task = reload;
    if (asked && task != null && !closed) {
      thread.execute(
          () -> {
            begun();
            task.run();
          });
    }
  }

  private synchronized void begun() {
    asked = false;
  }

  /** Begins none any more, and does not wait for one that runs. */
  @Override
  public synchronized void close() {
    closed = true;
    thread.shutdown();
  }
}
