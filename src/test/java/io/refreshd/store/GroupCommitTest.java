package io.refreshd.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.rotation.StoreException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

/** Writes that wait share a transaction. */
class GroupCommitTest {

  private static final String INSERT = "INSERT INTO written VALUES (?)";

  @TempDir Path folder;
  private final AtomicInteger commits = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicBoolean memoryToRollBack = new AtomicBoolean(true);
  private final Disk disk =
      new Disk() {
        @Override
        public Connection connected(Connection real) {
          InvocationHandler handler =
              (proxy, method, arguments) -> {
                boolean isRollback = arguments != null && "ROLLBACK".equals(arguments[0]);
                if (isRollback && !memoryToRollBack.get()) {
                  throw new NoMemory();
                }
                return method.invoke(real, arguments);
              };
          Class<?>[] types = {Connection.class};
          return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), types, handler);
        }
      };
  private Statements statements;
  private GroupCommit writer;

  @BeforeEach
  void aTable() throws SQLException {
    Path file = folder.resolve("test.db");
    Sqlite sqlite = new Sqlite(file, StoreMode.WRITE, disk);
    statements = sqlite.open();
    statements.execute("CREATE TABLE written (number INTEGER PRIMARY KEY)");
    statements
        .connection()
        .unwrap(SQLiteConnection.class)
        .addCommitListener(
            new SQLiteCommitListener() {
              @Override
              public void onCommit() {
                commits.incrementAndGet();
              }

              @Override
              public void onRollback() {}
            });
    writer =
        GroupCommit.start(sqlite, new SqliteSession(statements, sqlite.knownHead()), nanos::get);
  }

  @AfterEach
  void close() throws SQLException {
    writer.close();
  }

  /** Starts a write that has begun when this returns, and goes on when the end is let come. */
  private FutureTask<Integer> underWayUntil(CountDownLatch end, GroupCommit.Write<Integer> write)
      throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    FutureTask<Integer> task =
        new FutureTask<>(
            () ->
                writer.write(
                    true,
                    on -> {
                      begun.countDown();
                      awaitUnchecked(end);
                      return write.in(on);
                    }));
    new Thread(task).start();
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    return task;
  }

  /** Starts writes while another is under way, and lets it end when all of them wait. */
  private List<FutureTask<Integer>> together(List<GroupCommit.Write<Integer>> writes)
      throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    List<FutureTask<Integer>> tasks = new ArrayList<>();
    tasks.add(underWayUntil(end, on -> on.update(INSERT, 0)));
    List<Thread> waiting = new ArrayList<>();
    for (GroupCommit.Write<Integer> write : writes) {
      FutureTask<Integer> task = new FutureTask<>(() -> writer.write(true, write));
      tasks.add(task);
      Thread thread = new Thread(task);
      waiting.add(thread);
      thread.start();
    }
    while (waiting.stream().anyMatch(thread -> thread.getState() != Thread.State.WAITING)) {
      Thread.onSpinWait();
    }
    end.countDown();
    return tasks;
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private int count() {
    return writer.write(
        false, on -> on.first("SELECT count(*) FROM written", Columns::integer).orElseThrow());
  }

  @Test
  void whatWaitsTogetherIsCommittedTogether() throws Exception {
    List<GroupCommit.Write<Integer>> writes = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      int number = i;
      writes.add(on -> on.update(INSERT, number));
    }
    for (FutureTask<Integer> task : together(writes)) {
      assertThat(task.get(10, TimeUnit.SECONDS)).isEqualTo(1);
    }
    assertThat(commits).hasValue(2);
    assertThat(count()).isEqualTo(21);
  }

  @Test
  void whatWasAskedForBeforeTheEndIsWrittenAndNothingAfterIt() throws Exception {
    List<FutureTask<Integer>> tasks = together(List.of(on -> on.update(INSERT, 1)));

    writer.close();

    for (FutureTask<Integer> task : tasks) {
      assertThat(task.get(10, TimeUnit.SECONDS)).isEqualTo(1);
    }
    assertThat(commits).hasValue(2);
    assertThatThrownBy(() -> writer.write(true, on -> on.update(INSERT, 2)))
        .isInstanceOf(StoreException.class)
        .hasMessage("the store is closed");
  }

  @Test
  void anErrorOfOneDoesNotEndTheWriter() {
    assertThatThrownBy(
            () ->
                writer.write(
                    true,
                    on -> {
                      throw new AssertionError("no memory left, say");
                    }))
        .isInstanceOf(StoreException.class);

    assertThat(writer.<Integer>write(true, on -> on.update(INSERT, 1))).isEqualTo(1);
  }

  @Test
  void oneThatFailsDoesNotFailTheOthers() throws Exception {
    List<FutureTask<Integer>> tasks =
        together(
            List.of(
                on -> on.update(INSERT, 1),
                on -> {
                  on.update(INSERT, 2);
                  return on.update(INSERT, 0);
                },
                on -> {
                  throw new IllegalStateException("a fault of the program");
                },
                on -> on.update(INSERT, 3)));

    assertThat(tasks.get(1).get(10, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(tasks.get(4).get(10, TimeUnit.SECONDS)).isEqualTo(1);
    for (int failed : List.of(2, 3)) {
      assertThatThrownBy(() -> tasks.get(failed).get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(StoreException.class);
    }
    assertThat(count()).as("0, 1 and 3").isEqualTo(3);
  }

  /** Memory is too short for the message as well, and for the message of that. */
  private static final class NoMemory extends OutOfMemoryError {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new NoMemory();
    }
  }

  @Test
  void nobodyWaitsForEverAfterAMomentWithoutMemoryEvenForAMessage() throws Exception {
    FutureTask<Integer> failed =
        new FutureTask<>(
            () ->
                writer.write(
                    true,
                    on -> {
                      throw new NoMemory();
                    }));
    FutureTask<Integer> next =
        new FutureTask<>(() -> writer.write(true, on -> on.update(INSERT, 1)));
    new Thread(failed).start();

    assertThatThrownBy(() -> failed.get(10, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(StoreException.class);
    new Thread(next).start();
    assertThat(next.get(10, TimeUnit.SECONDS)).isEqualTo(1);
  }

  @Test
  void oneThatMemoryIsTooShortForDoesNotFailTheOthers() throws Exception {
    List<FutureTask<Integer>> tasks =
        together(
            List.of(
                on -> on.update(INSERT, 1),
                on -> {
                  throw new NoMemory();
                },
                on -> on.update(INSERT, 2)));

    assertThat(tasks.get(1).get(10, TimeUnit.SECONDS)).isEqualTo(1);
    assertThatThrownBy(() -> tasks.get(2).get(10, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(StoreException.class);
    assertThat(tasks.get(3).get(10, TimeUnit.SECONDS)).isEqualTo(1);
  }

  @Test
  void theNextWriteGoesWellAfterOneThatMemoryWasTooShortToUndo() {
    memoryToRollBack.set(false);
    assertThatThrownBy(
            () ->
                writer.write(
                    true,
                    on -> {
                      on.update(INSERT, 1);
                      throw new SQLException("planted by the test");
                    }))
        .isInstanceOf(StoreException.class);
    memoryToRollBack.set(true);

    assertThat(writer.<Integer>write(true, on -> on.update(INSERT, 2))).isEqualTo(1);
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void aWriteThatHangsIsSeenHoweverManyWentWellBefore() throws Exception {
    nanos.addAndGet(Duration.ofDays(1).toNanos());
    assertThat(writer.standstill()).as("nothing waits").isEqualTo(Duration.ZERO);
    CountDownLatch end = new CountDownLatch(1);
    FutureTask<Integer> hanging = underWayUntil(end, on -> 1);
    assertThat(writer.standstill()).isEqualTo(Duration.ZERO);

    nanos.addAndGet(Duration.ofMinutes(5).toNanos());
    assertThat(writer.standstill()).isEqualTo(Duration.ofMinutes(5));

    end.countDown();
    assertThat(hanging.get(10, TimeUnit.SECONDS)).isEqualTo(1);
    writer.close(); // it has done with it
    nanos.addAndGet(Duration.ofMinutes(5).toNanos());
    assertThat(writer.standstill()).isEqualTo(Duration.ZERO);
  }

  @Test
  void anErrorDoesNotStopTheWriter() {
    assertThatThrownBy(
            () ->
                writer.write(
                    true,
                    on -> {
                      throw new StackOverflowError();
                    }))
        .isInstanceOf(StoreException.class);
    assertThat(writer.<Integer>write(true, on -> on.update(INSERT, 1))).isEqualTo(1);
  }
}
