package io.refreshd.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.rotation.Trigger;
import io.refreshd.testing.Grants;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RotationQueueTest {

  private static RotationQueue.Waiting waiting(String name, int urgency) {
    Grant grant = Grants.named(name).build();
    return new RotationQueue.Waiting(grant, Trigger.SCHEDULE, Instant.ofEpochSecond(urgency));
  }

  @Test
  void theMostUrgentGoesFirstWhicheverTenantItBelongsTo() throws InterruptedException {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    try (RotationQueue queue =
        new RotationQueue(1, 1, (grant, trigger) -> next -> order.add(grant.name().toString()))) {
      queue.offer(List.of(waiting("a/x", 30), waiting("b/x", 10), waiting("a/y", 20)));
      queue.awaitIdle();
    }

    assertThat(order).containsExactly("b/x", "a/y", "a/x");
  }

  @Test
  void neverMoreThanTheBoundsAreInFlight() throws InterruptedException {
    Map<String, Integer> running = new HashMap<>();
    List<Integer> all = Collections.synchronizedList(new ArrayList<>());
    List<Integer> ofOne = Collections.synchronizedList(new ArrayList<>());
    RotationQueue.Worker worker =
        (grant, trigger) ->
            next -> {
              next.run();
              synchronized (running) {
                ofOne.add(running.merge(grant.name().tenant(), 1, Integer::sum));
                all.add(running.values().stream().mapToInt(Integer::intValue).sum());
              }
              LockSupport.parkNanos(10_000);
              synchronized (running) {
                running.merge(grant.name().tenant(), -1, Integer::sum);
              }
            };
    try (RotationQueue queue = new RotationQueue(5, 2, worker)) {
      queue.offer(
          IntStream.range(0, 600).mapToObj(i -> waiting("t" + i % 6 + "/g" + i, i % 17)).toList());
      queue.awaitIdle();
    }

    assertThat(all).hasSize(600).allMatch(n -> n <= 5);
    assertThat(ofOne).allMatch(n -> n <= 2);
  }

  @Test
  void aTenantThatHangsDoesNotHoldUpTheOthers() throws InterruptedException {
    Semaphore hangs = new Semaphore(0);
    CountDownLatch others = new CountDownLatch(20);
    RotationQueue.Worker worker =
        (grant, trigger) ->
            next -> {
              if (grant.name().tenant().equals("stuck")) {
                hangs.acquireUninterruptibly();
              } else {
                others.countDown();
              }
            };
    try (RotationQueue queue = new RotationQueue(4, 2, worker)) {
      queue.offer(IntStream.range(0, 10).mapToObj(i -> waiting("stuck/g" + i, 0)).toList());
      queue.offer(IntStream.range(0, 20).mapToObj(i -> waiting("well/g" + i, 9)).toList());

      assertThat(others.await(10, TimeUnit.SECONDS)).isTrue();
      hangs.release(10);
      queue.awaitIdle();
    }
  }

  @Test
  void aGrantThatWaitsOrIsInFlightIsNotQueuedTwice() throws InterruptedException {
    Semaphore go = new Semaphore(0);
    List<String> rotated = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch started = new CountDownLatch(1);
    RotationQueue.Worker worker =
        (grant, trigger) ->
            next -> {
              started.countDown();
              go.acquireUninterruptibly();
              rotated.add(grant.name().toString());
            };
    try (RotationQueue queue = new RotationQueue(1, 1, worker)) {
      queue.offer(List.of(waiting("a/x", 1), waiting("a/y", 2)));
      assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
      queue.offer(List.of(waiting("a/x", 1), waiting("a/y", 2)));
      go.release(4);
      queue.awaitIdle();
    }

    assertThat(rotated).containsExactly("a/x", "a/y");
  }

  /** Memory is too short for the message as well. */
  private static final class NoMemory extends OutOfMemoryError {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new OutOfMemoryError("planted by the test");
    }
  }

  @Test
  void grantsAreRotatedOnAfterAMomentWithoutMemoryEvenForTheLog() throws InterruptedException {
    List<String> rotated = Collections.synchronizedList(new ArrayList<>());
    RotationQueue.Worker worker =
        (grant, trigger) -> {
          if (grant.name().toString().equals("a/begins")) {
            throw new NoMemory();
          }
          return next -> {
            rotated.add(grant.name().toString());
            if (grant.name().toString().equals("a/ends")) {
              throw new NoMemory();
            }
          };
        };
    try (RotationQueue queue = new RotationQueue(1, 1, worker)) {
      queue.offer(List.of(waiting("a/ends", 1), waiting("a/begins", 2), waiting("a/x", 3)));
      queue.awaitIdle();
      assertThat(queue.isServed()).isTrue();
    }

    assertThat(rotated).containsExactly("a/ends", "a/x");
  }

  @Test
  void aGrantThatHadBegunBeforeItsPredecessorFailedWithoutMemoryIsRotated()
      throws InterruptedException {
    List<String> rotated = Collections.synchronizedList(new ArrayList<>());
    RotationQueue.Worker worker =
        (grant, trigger) ->
            next -> {
              next.run();
              rotated.add(grant.name().toString());
              if (grant.name().toString().equals("a/x")) {
                throw new NoMemory();
              }
            };
    try (RotationQueue queue = new RotationQueue(1, 2, worker)) {
      queue.offer(List.of(waiting("a/x", 1), waiting("a/y", 2)));
      queue.awaitIdle();
    }

    assertThat(rotated).containsExactly("a/x", "a/y");
  }

  @Test
  void aRotationThatThrowsDoesNotEndTheThreadThatServesAll() throws InterruptedException {
    List<String> rotated = Collections.synchronizedList(new ArrayList<>());
    RotationQueue.Worker worker =
        (grant, trigger) ->
            next -> {
              if (grant.name().name().equals("bad")) {
                throw new IllegalStateException("planted by the test");
              }
              rotated.add(grant.name().toString());
            };
    try (RotationQueue queue = new RotationQueue(1, 1, worker)) {
      queue.offer(List.of(waiting("a/bad", 1), waiting("a/good", 2)));
      queue.awaitIdle();
    }

    assertThat(rotated).containsExactly("a/good");
  }

  /** Tells what becomes of each rotation. */
  private static final class Diary implements RotationQueue.Worker {
    final List<String> told = Collections.synchronizedList(new ArrayList<>());
    Runnable meanwhile = () -> {};

    @Override
    public RotationQueue.Begun begin(Grant grant, Trigger trigger) {
      String name = grant.name().toString();
      told.add("begin " + name);
      return new RotationQueue.Begun() {
        @Override
        public void end(Runnable beforeCommit) {
          beforeCommit.run();
          meanwhile.run();
          told.add("end " + name);
        }

        @Override
        public void giveBack() {
          told.add("give back " + name);
        }
      };
    }
  }

  private static List<String> threeByOneThread(int perTenant) throws InterruptedException {
    Diary diary = new Diary();
    try (RotationQueue queue = new RotationQueue(1, perTenant, diary)) {
      queue.offer(List.of(waiting("a/x", 1), waiting("a/y", 2), waiting("b/x", 3)));
      queue.awaitIdle();
    }
    return diary.told;
  }

  @Test
  void theNextOneBeginsBeforeTheLastOneHasEnded() throws InterruptedException {
    assertThat(threeByOneThread(2))
        .containsExactly("begin a/x", "begin a/y", "end a/x", "begin b/x", "end a/y", "end b/x");
  }

  @Test
  void whatHasBegunCountsForTheBoundOfItsTenant() throws InterruptedException {
    assertThat(threeByOneThread(1))
        .containsExactly("begin a/x", "begin b/x", "end a/x", "begin a/y", "end b/x", "end a/y");
  }

  @Test
  void whatHasBegunWhenTheQueueClosesIsGivenBack() throws InterruptedException {
    Diary diary = new Diary();
    RotationQueue queue = new RotationQueue(1, 2, diary);
    CountDownLatch closed = new CountDownLatch(1);
    diary.meanwhile =
        () -> {
          queue.close();
          closed.countDown();
        };
    queue.offer(List.of(waiting("a/x", 1), waiting("a/y", 2), waiting("a/z", 3)));
    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();

    assertThat(queue.drain(Duration.ofSeconds(10))).isTrue();

    assertThat(diary.told).containsExactly("begin a/x", "begin a/y", "end a/x", "give back a/y");
    assertThat(queue.isIdle()).isTrue();
  }

  @Test
  void aRotationThatCannotBeginDoesNotEndTheThreadThatServesAll() throws InterruptedException {
    List<String> rotated = Collections.synchronizedList(new ArrayList<>());
    RotationQueue.Worker worker =
        (grant, trigger) -> {
          if (grant.name().name().equals("bad")) {
            throw new IllegalStateException("planted by the test");
          }
          return next -> {
            next.run();
            rotated.add(grant.name().toString());
          };
        };
    try (RotationQueue queue = new RotationQueue(1, 2, worker)) {
      queue.offer(List.of(waiting("a/x", 1), waiting("a/bad", 2), waiting("a/z", 3)));
      queue.awaitIdle();
    }

    assertThat(rotated).containsExactly("a/x", "a/z");
  }

  @Test
  void drainingWaitsForWhatIsInFlightAndStartsNothingMore() throws InterruptedException {
    Semaphore go = new Semaphore(0);
    CountDownLatch started = new CountDownLatch(1);
    List<String> rotated = Collections.synchronizedList(new ArrayList<>());
    RotationQueue queue =
        new RotationQueue(
            1,
            1,
            (grant, trigger) ->
                next -> {
                  started.countDown();
                  go.acquireUninterruptibly();
                  rotated.add(grant.name().toString());
                });
    queue.offer(List.of(waiting("a/x", 1), waiting("a/y", 2)));
    assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();

    assertThat(queue.drain(Duration.ofMillis(50))).isFalse();
    go.release(2);
    assertThat(queue.drain(Duration.ofSeconds(10))).isTrue();

    assertThat(rotated).containsExactly("a/x");
  }
}
