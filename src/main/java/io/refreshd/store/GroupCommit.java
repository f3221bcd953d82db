package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a store: writes that arrive while another is under way share the next
 * transaction, and its one fsync. Nothing waits in order to gather: a write that finds nobody
 * writing writes at once, on its own thread, and takes along whatever waits behind it. What need
 * not be durable goes first, in a transaction of its own, and is not kept waiting for the fsync.
 */
final class GroupCommit {

  /**
   * Something to write. It may be run again, in a new transaction, if the first one fails; so it
   * has no effect outside of it.
   */
  @FunctionalInterface
  interface Write<T> {
    T in(Transaction transaction) throws SQLException;
  }

  /**
   * Something to write together with what others write in the same way. It may be run again
   * likewise.
   */
  @FunctionalInterface
  interface Gathered<T> {
    Answer<T> in(Transaction transaction) throws SQLException;
  }

  /** What came of something gathered; to be asked once it was done for all. */
  @FunctionalInterface
  interface Answer<T> {
    T get() throws SQLException;
  }

  private static final class Waiting<T> {
    private final boolean durable;
    private final Gathered<T> write;
    private final Condition changed;
    private @Nullable Answer<T> answer;
    private @Nullable T result;
    private @Nullable StoreException failure;
    private boolean done;

    Waiting(boolean durable, Gathered<T> write, Condition changed) {
      this.durable = durable;
      this.write = write;
      this.changed = changed;
    }

    void run(Transaction transaction) throws SQLException {
      answer = write.in(transaction);
    }

    void take() throws SQLException {
      result = Objects.requireNonNull(answer).get();
    }

    T get() {
      if (failure != null) {
        throw failure;
      }
      return Objects.requireNonNull(result);
    }
  }

  private final Database database;
  private final Session session;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final Queue<Waiting<?>> queue = new ArrayDeque<>();
  private boolean writing;

  /** Who is to write next; {@code null} while somebody writes or nobody waits. */
  private @Nullable Waiting<?> next;

  GroupCommit(Database database, Session session) {
    this.database = database;
    this.session = session;
  }

  /**
   * From now on no write waits for another process any longer than a moment, those under way
   * included: this process is about to end.
   */
  void hurry() {
    session.hurry();
  }

  /**
   * Writes, and returns when it is as durable as it was asked to be. What was gathered before it is
   * done before it.
   */
  <T> T write(boolean durable, Write<T> write) {
    return gather(
        durable,
        transaction -> {
          transaction.settle();
          T result = write.in(transaction);
          return () -> result;
        });
  }

  /** The same, together with what others gather. */
  <T> T gather(boolean durable, Gathered<T> write) {
    Waiting<T> mine = new Waiting<>(durable, write, lock.newCondition());
    List<Waiting<?>> batch;
    lock.lock();
    try {
      queue.add(mine);
      if (!writing && next == null) {
        next = mine;
      }
      while (!mine.done && next != mine) {
        mine.changed.awaitUninterruptibly();
      }
      if (mine.done) {
        return mine.get();
      }
      next = null;
      writing = true;
      batch = List.copyOf(queue);
      queue.clear();
    } finally {
      lock.unlock();
    }
    try {
      writeInTurn(batch);
    } finally {
      handOver(batch);
    }
    return mine.get();
  }

  private void writeInTurn(List<Waiting<?>> batch) {
    List<Waiting<?>> passing = batch.stream().filter(one -> !one.durable).toList();
    List<Waiting<?>> durable = batch.stream().filter(one -> one.durable).toList();
    if (!passing.isEmpty()) {
      write(passing);
      if (!durable.isEmpty()) {
        tell(passing);
      }
    }
    if (!durable.isEmpty()) {
      write(durable);
    }
  }

  private void tell(List<Waiting<?>> written) {
    lock.lock();
    try {
      signal(written);
    } finally {
      lock.unlock();
    }
  }

  private static void signal(List<Waiting<?>> written) {
    for (Waiting<?> one : written) {
      if (!one.done) {
        one.done = true;
        one.changed.signal();
      }
    }
  }

  private void handOver(List<Waiting<?>> written) {
    lock.lock();
    try {
      writing = false;
      signal(written);
      idle.signalAll();
      next = findNext();
      if (next != null) {
        next.changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** One who has to wait for the fsync anyway: the others can go on when they are written. */
  private @Nullable Waiting<?> findNext() {
    return queue.stream().filter(one -> one.durable).findFirst().orElse(queue.peek());
  }

  /** One transaction for all; if it fails, one for each, so that none fails for another's fault. */
  private void write(List<Waiting<?>> batch) {
    boolean durable = batch.stream().anyMatch(one -> one.durable);
    try {
      session.write(
          durable,
          transaction -> {
            for (Waiting<?> one : batch) {
              one.run(transaction);
            }
            transaction.settleLast(durable);
            for (Waiting<?> one : batch) {
              one.take();
            }
          });
    } catch (SQLException | RuntimeException | Error e) {
      if (batch.size() == 1 || database.concernsAll(e)) {
        batch.forEach(one -> one.failure = database.trouble(e));
      } else {
        batch.forEach(one -> write(List.of(one)));
      }
    }
  }

  /** Closes the connection, after the write that is under way. */
  void close() throws SQLException {
    lock.lock();
    try {
      while (writing) {
        idle.awaitUninterruptibly();
      }
      session.close();
    } finally {
      lock.unlock();
    }
  }
}
