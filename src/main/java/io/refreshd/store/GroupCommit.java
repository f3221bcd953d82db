package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a store, with a thread of its own: writes that arrive while another is under
 * way share the next transaction, and if one of them is to be durable its one fsync. Nothing waits
 * in order to gather.
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
    private final long since;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private @Nullable Answer<T> answer;
    private @Nullable T result;
    private @Nullable StoreException failure;

    Waiting(boolean durable, Gathered<T> write, long since) {
      this.durable = durable;
      this.write = write;
      this.since = since;
    }

    void run(Transaction transaction) throws SQLException {
      answer = write.in(transaction);
    }

    void take() throws SQLException {
      result = Objects.requireNonNull(answer).get();
    }

    /** If it has not ended yet. */
    void end(@Nullable StoreException because) {
      if (!done.isDone()) {
        failure = because;
        done.complete(null);
      }
    }

    T get() {
      done.join();
      if (failure != null) {
        throw failure;
      }
      return Objects.requireNonNull(result);
    }
  }

  /** More than wait at once: a list of that size takes them without new memory. */
  private static final int ROOM = 512;

  private final Database database;
  private final Session session;
  private final LongSupplier nanos;
  private final BlockingQueue<Waiting<?>> queue = new LinkedBlockingQueue<>();

  /** Made beforehand, for when there is no memory left to say what happened. */
  private final StoreException speechless;

  /** Stands in the queue behind all that is written. */
  private final Waiting<Boolean> end;

  /** Of those that are being written; {@code null} between two transactions. */
  private volatile @Nullable Waiting<?> oldest;

  /** When the last one came to an end. */
  private volatile long lastEnd;

  private boolean closed;

  private GroupCommit(Database database, Session session, LongSupplier nanos) {
    this.database = database;
    this.session = session;
    this.nanos = nanos;
    this.speechless =
        new StoreException("the store " + database + " failed, for want of memory it seems", null);
    this.lastEnd = nanos.getAsLong();
    this.end = new Waiting<>(false, transaction -> () -> true, lastEnd);
  }

  /**
   * Starts its thread now: when a successor is to be written, no resource may be missing.
   *
   * @param nanos as {@link System#nanoTime}
   */
  static GroupCommit start(Database database, Session session, LongSupplier nanos) {
    GroupCommit started = new GroupCommit(database, session, nanos);
    Thread thread = new Thread(started::writeAll, "store-writer");
    thread.setDaemon(true);
    thread.start();
    return started;
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
    return ask(durable, write).get();
  }

  /** The same, and it is up to the caller when to wait for it. */
  <T> Supplier<T> ask(boolean durable, Gathered<T> write) {
    Waiting<T> mine = new Waiting<>(durable, write, nanos.getAsLong());
    synchronized (queue) {
      if (closed) {
        mine.end(new StoreException("the store is closed", null));
      } else {
        queue.add(mine);
      }
    }
    return mine::get;
  }

  /**
   * How long a write has waited without any having come to an end; zero if none waits. However bad
   * the database is, a write fails after a while: one that goes on waiting hangs.
   */
  Duration standstill() {
    Waiting<?> underWay = oldest;
    Waiting<?> waiting = underWay == null ? queue.peek() : underWay;
    if (waiting == null) {
      return Duration.ZERO;
    }
    long now = nanos.getAsLong();
    return Duration.ofNanos(Math.max(0, Math.min(now - waiting.since, now - lastEnd)));
  }

  /** Whatever happens, this thread goes on: there is no other, and all who write wait for it. */
  private void writeAll() {
    List<Waiting<?>> batch = new ArrayList<>(ROOM);
    boolean isOver = false;
    while (!isOver) {
      take(batch);
      isOver = batch.remove(end);
      writeAll(batch);
      oldest = null;
      batch.clear();
    }
    end.end(null);
  }

  /** Waits for one, and takes those as well that wait with it; none if it cannot even wait. */
  private void take(List<Waiting<?>> batch) {
    try {
      Waiting<?> first = queue.take();
      batch.add(first);
      oldest = first;
      queue.drainTo(batch);
    } catch (InterruptedException | Error e) {
      // whoever interrupts, somebody waits; and without memory the others are taken the next time
    }
  }

  /** Ends each of them, come what may: nobody may wait for ever, and the next may fare better. */
  private void writeAll(List<Waiting<?>> batch) {
    try {
      if (!batch.isEmpty()) {
        write(batch);
      }
      endAll(batch, null);
    } catch (Throwable e) {
      endAll(batch, trouble(e));
    }
  }

  /** Takes no memory. */
  private void endAll(List<Waiting<?>> batch, @Nullable StoreException failure) {
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).end(failure);
    }
    lastEnd = nanos.getAsLong();
  }

  private StoreException trouble(Throwable thrown) {
    try {
      return database.trouble(thrown);
    } catch (RuntimeException | Error e) {
      return speechless;
    }
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
        endAll(batch, trouble(e));
      } else {
        batch.forEach(one -> writeAll(List.of(one)));
      }
    }
  }

  /** Closes the connection, after the writes that were asked for before. */
  void close() throws SQLException {
    synchronized (queue) {
      if (!closed) {
        closed = true;
        queue.add(end);
      }
    }
    end.done.join();
    session.close();
  }
}
