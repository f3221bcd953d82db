package io.refreshd.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.rotation.StoreException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
  private Statements statements;
  private GroupCommit writer;

  @BeforeEach
  void aTable() throws SQLException {
    Path file = folder.resolve("test.db");
    Sqlite sqlite = new Sqlite(file, StoreMode.WRITE, Disk.REAL);
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
    writer = GroupCommit.start(sqlite, new SqliteSession(statements, sqlite.knownHead()));
  }

  @AfterEach
  void close() throws SQLException {
    writer.close();
  }

  /** Starts writes while another is under way, and lets it end when all of them wait. */
  private List<FutureTask<Integer>> together(List<GroupCommit.Write<Integer>> writes)
      throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    List<FutureTask<Integer>> tasks = new ArrayList<>();
    tasks.add(
        new FutureTask<>(
            () ->
                writer.write(
                    true,
                    on -> {
                      begun.countDown();
                      awaitUnchecked(end);
                      return on.update(INSERT, 0);
                    })));
    new Thread(tasks.get(0)).start();
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
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
