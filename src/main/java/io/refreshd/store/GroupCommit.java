package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of a store, with a thread of its own: writes that arrive while another is under
 * way share the next transaction, and if one of them is to be durable its one fsync. Nothing waits
 * in order to gather.
 */
final class GroupCommit {

  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

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
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private @Nullable Answer<T> answer;
    private @Nullable T result;
    private @Nullable StoreException failure;

    Waiting(boolean durable, Gathered<T> write) {
      this.durable = durable;
      this.write = write;
    }

    void run(Transaction transaction) throws SQLException {
      answer = write.in(transaction);
    }

    void take() throws SQLException {
      result = Objects.requireNonNull(answer).get();
    }

    void refuse(StoreException because) {
      failure = because;
      done.complete(null);
    }

    T get() {
      done.join();
      if (failure != null) {
        throw failure;
      }
      return Objects.requireNonNull(result);
    }
  }

  private final Database database;
  private final Session session;
  private final BlockingQueue<Waiting<?>> queue = new LinkedBlockingQueue<>();

  /** Stands in the queue behind all that is written. */
  private final Waiting<Boolean> end = new Waiting<>(false, transaction -> () -> true);

  private boolean closed;

  private GroupCommit(Database database, Session session) {
    this.database = database;
    this.session = session;
  }

  /** Starts its thread now: when a successor is to be written, no resource may be missing. */
  static GroupCommit start(Database database, Session session) {
    GroupCommit started = new GroupCommit(database, session);
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
    Waiting<T> mine = new Waiting<>(durable, write);
    synchronized (queue) {
      if (closed) {
        mine.refuse(new StoreException("the store is closed", null));
      } else {
        queue.add(mine);
      }
    }
    return mine::get;
  }

  private void writeAll() {
    List<Waiting<?>> batch = new ArrayList<>();
    while (!batch.remove(end)) {
      writeAll(batch);
      batch.clear();
      batch.add(take());
      queue.drainTo(batch);
    }
    writeAll(batch);
    end.done.complete(null);
  }

  private void writeAll(List<Waiting<?>> batch) {
    try {
      if (!batch.isEmpty()) {
        write(batch);
      }
    } catch (RuntimeException | Error e) {
      // whatever it is, nobody may wait for ever, and the next ones may fare better
      StoreException failure = database.trouble(e);
      batch.forEach(one -> one.failure = failure);
    } finally {
      batch.forEach(one -> one.done.complete(null));
    }
  }

  private Waiting<?> take() {
    while (true) {
      try {
        return queue.take();
      } catch (InterruptedException e) {
        LOG.warn("the store's writer was interrupted, and goes on: somebody waits for it");
      }
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
        batch.forEach(one -> one.failure = database.trouble(e));
      } else {
        batch.forEach(one -> write(List.of(one)));
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
