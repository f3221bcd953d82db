package io.refreshd.schedule;

import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Grants that wait for a rotation, the most urgent first, whichever tenant they belong to. So many
 * are in flight at once and no more, and so many of one tenant: a tenant whose endpoint hangs does
 * not hold up the others, and after a downtime the endpoint sees a steady stream, not a flood.
 */
public final class RotationQueue implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RotationQueue.class);

  /**
   * One rotation that waits.
   *
   * @param grant which grant
   * @param trigger what set it off
   * @param deadline when its life ends: the earlier, the more urgent
   */
  public record Waiting(Grant grant, Trigger trigger, Instant deadline) {}

  /** Does rotations. */
  @FunctionalInterface
  public interface Worker {

    /** Begins one: waits for nothing and redeems nothing yet. */
    Begun begin(Grant grant, Trigger trigger);
  }

  /** A rotation that has begun: it is ended or given back. */
  @FunctionalInterface
  public interface Begun {

    /**
     * Does it.
     *
     * @param beforeCommit begins the rotation that this thread does next, if one waits
     */
    void end(Runnable beforeCommit);

    /** Does not do it after all. */
    default void giveBack() {}
  }

  /** Those first whose deadline is nearest. */
  static final Comparator<Waiting> URGENCY =
      Comparator.comparing(Waiting::deadline).thenComparing(w -> w.grant().name());

  private final Worker worker;
  private final TenantLines lines;
  private final Map<GrantName, Turn> known = new HashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private boolean closed;

  /**
   * Starts its threads.
   *
   * @param inFlight how many rotations at once
   * @param perTenant how many of one tenant
   */
  public RotationQueue(int inFlight, int perTenant, Worker worker) {
    this.lines = new TenantLines(perTenant);
    this.worker = worker;
    for (int i = 1; i <= inFlight; i++) {
      Thread thread = new Thread(this::work, "rotation-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
  }

  /**
   * Adds rotations, all before the first of them starts. A grant that waits already or is in flight
   * is not added again; a closed queue takes none.
   */
  public void offer(Collection<Waiting> rotations) {
    offer(rotations, new Turn());
  }

  /** The same; the turn knows how many of them are left. */
  synchronized void offer(Collection<Waiting> rotations, Turn turn) {
    for (Waiting rotation : rotations) {
      if (!closed && known.putIfAbsent(rotation.grant().name(), turn) == null) {
        turn.added();
        add(rotation);
      }
    }
    notifyAll();
  }

  /** One that does not come into a line must not be taken for one that waits. */
  private void add(Waiting rotation) {
    try {
      lines.add(rotation);
    } catch (RuntimeException | Error e) {
      forget(rotation);
      throw e;
    }
  }

  /**
   * Takes back what has not been started of a turn.
   *
   * @return what was taken back
   */
  synchronized List<Waiting> withdraw(Turn turn) {
    List<Waiting> taken = lines.removeIf(waiting -> known.get(waiting.grant().name()) == turn);
    taken.forEach(this::forget);
    notifyAll();
    return taken;
  }

  /** Whether so many wait or are in flight that more can do without a place. */
  synchronized boolean isFull() {
    return known.size() >= DueGrants.AT_ONCE;
  }

  /** Whether nothing waits and nothing is in flight. */
  synchronized boolean isIdle() {
    return known.isEmpty();
  }

  /** Whether all its threads are there, unless it is closed. */
  synchronized boolean isServed() {
    return closed || threads.stream().allMatch(Thread::isAlive);
  }

  /** Waits until nothing waits and nothing is in flight. */
  public synchronized void awaitIdle() throws InterruptedException {
    while (!known.isEmpty()) {
      wait();
    }
  }

  /**
   * Starts no further rotation and waits for those in flight.
   *
   * @return whether all of them ended in time
   */
  public boolean drain(Duration limit) throws InterruptedException {
    close();
    long end = System.nanoTime() + limit.toNanos();
    for (Thread thread : threads) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      thread.join(Math.max(1, left));
    }
    return threads.stream().noneMatch(Thread::isAlive);
  }

  /** Starts no further rotation; those in flight end by themselves. */
  @Override
  public synchronized void close() {
    closed = true;
    lines.clear(this::forget);
    notifyAll();
  }

  private void forget(Waiting waiting) {
    Turn turn = known.remove(waiting.grant().name());
    if (turn != null) {
      turn.done();
    }
  }

  /** A rotation that a thread does, and the one after it, if that has begun already. */
  private final class Running {
    private final Waiting waiting;
    private final Begun begun;
    private @Nullable Running next;

    Running(Waiting waiting, Begun begun) {
      this.waiting = waiting;
      this.begun = begun;
    }

    void end() {
      try {
        begun.end(this::beginNext);
      } catch (RuntimeException | Error e) {
        tell("{}: the rotation ended with {}", waiting.grant().name(), e);
      } finally {
        done(waiting);
      }
    }

    private void beginNext() {
      Waiting ready = start();
      next = ready == null ? null : begin(ready);
    }

    void giveBack() {
      try {
        begun.giveBack();
      } catch (RuntimeException | Error e) {
        GrantName name = waiting.grant().name();
        tell("{}: its lease could not be given back, and ends by itself: {}", name, e);
      } finally {
        done(waiting);
      }
    }
  }

  private @Nullable Running begin(Waiting waiting) {
    try {
      return new Running(waiting, worker.begin(waiting.grant(), waiting.trigger()));
    } catch (RuntimeException | Error e) {
      tell("{}: the rotation did not begin: {}", waiting.grant().name(), e);
      done(waiting);
      return null;
    }
  }

  /** One grant's trouble must not end the thread that serves all. */
  private static void tell(String what, Object about, Throwable thrown) {
    try {
      LOG.error(what, about, thrown.toString(), thrown);
    } catch (RuntimeException | Error e) {
      // without memory it cannot even be told
    }
  }

  /** Goes on whatever happens: nobody takes the place of a thread that has ended. */
  private void work() {
    for (Waiting first = take(); first != null; first = take()) {
      Running running = begin(first);
      while (running != null) {
        running.end();
        Running next = running.next;
        if (next != null && isClosed()) {
          next.giveBack();
          next = null;
        }
        running = next;
      }
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized @Nullable Waiting take() {
    Waiting ready = start();
    while (ready == null && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        // whoever that was: these threads are needed until the queue is closed
      }
      ready = start();
    }
    return ready;
  }

  /** The most urgent that may start; {@code null} if there is none, or none can just now. */
  private synchronized @Nullable Waiting start() {
    try {
      return lines.isAnyReady() ? lines.start() : null;
    } catch (RuntimeException | Error e) {
      // whoever comes next, the watchman at the latest, wakes the threads again
      tell("{}: {}", "no rotation can be started", e);
      return null;
    }
  }

  private synchronized void done(Waiting rotation) {
    forget(rotation);
    try {
      lines.ended(rotation);
    } finally {
      notifyAll();
    }
  }
}
