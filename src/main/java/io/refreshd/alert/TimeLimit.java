package io.refreshd.alert;

import io.refreshd.rotation.Alerter.UndeliveredException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gives each delivery a thread of its own and ends it when its time is over. A time-out of a socket
 * does not do that, it starts anew with each byte; and a look-up of a name knows no limit at all.
 */
final class TimeLimit implements AutoCloseable {

  private static final String STOPPING = "given up, refreshd is stopping";

  private final ExecutorService threads = Executors.newCachedThreadPool(TimeLimit::thread);
  private final Set<Delivery> underWay = ConcurrentHashMap.newKeySet();
  private final Duration limit;
  private volatile boolean closed;

  TimeLimit(Duration limit) {
    this.limit = limit;
  }

  /** Returns when the delivery succeeded. */
  void run(Delivery delivery) throws UndeliveredException {
    underWay.add(delivery);
    try {
      Future<?> result = threads.submit(() -> call(delivery));
      result.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw undelivered(delivery, "given up after " + Text.span(limit));
    } catch (RejectedExecutionException e) {
      throw undelivered(delivery, STOPPING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw undelivered(delivery, STOPPING);
    } catch (ExecutionException e) {
      throw closed ? undelivered(delivery, STOPPING) : why(delivery, e);
    } finally {
      delivery.abort();
      underWay.remove(delivery);
    }
  }

  private static Void call(Delivery delivery) throws UndeliveredException {
    delivery.run();
    return null;
  }

  private static UndeliveredException why(Delivery delivery, ExecutionException e) {
    if (e.getCause() instanceof UndeliveredException why) {
      return why;
    }
    UndeliveredException failed = undelivered(delivery, "refreshd itself failed at it");
    failed.initCause(e);
    return failed;
  }

  private static UndeliveredException undelivered(Delivery delivery, String why) {
    return new UndeliveredException(delivery.target() + ": " + why, delivery.mayHaveArrived());
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "refreshd-alert");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    closed = true;
    threads.shutdown();
    underWay.forEach(Delivery::abort);
  }
}
