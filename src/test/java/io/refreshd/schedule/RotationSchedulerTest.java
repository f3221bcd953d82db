package io.refreshd.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.StoreException;
import io.refreshd.rotation.TokenRedeemer;
import io.refreshd.rotation.Trigger;
import io.refreshd.testing.Grants;
import io.refreshd.testing.InMemoryTokenStore;
import io.refreshd.testing.LogRecorder;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.ReusableServer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RotationSchedulerTest {

  /** Far ahead of the machine's clock: Quartz's own triggers stay silent, the test turns time. */
  private static final Instant FAR_AHEAD = Instant.parse("2126-01-01T00:00:00Z");

  private final MutableClock clock = new MutableClock(FAR_AHEAD);
  private final BlockingQueue<Entry> told = new LinkedBlockingQueue<>();

  /** A scheduler and what it works on. */
  private final class World implements AutoCloseable {
    final InMemoryTokenStore store;
    final ReusableServer server;
    final Rotator rotator;
    final RotationScheduler scheduler;

    World(Clock clock, List<Grant> grants, int inFlight) {
      RotationPolicy policy = new RotationPolicy(new QuartzCron());
      store = new InMemoryTokenStore(clock);
      server = new ReusableServer(clock, Duration.ofDays(90));
      rotator = new Rotator(store, server, policy, (entry, kept) -> told.add(entry), clock);
      scheduler = new RotationScheduler(grants, store, rotator, policy, null, inFlight, 1, clock);
    }

    void bringIn(Grant grant, @Nullable Instant issuedAt) {
      RefreshToken token = server.issue();
      var unused =
          rotator.bringIn(grant, new Import(token, issuedAt, null, issuedAt == null, false));
      told.clear();
    }

    @Override
    public void close() {
      scheduler.close();
    }
  }

  private Entry next() throws InterruptedException {
    Entry entry = told.poll(20, TimeUnit.SECONDS);
    assertThat(entry).as("an entry within 20 s").isNotNull();
    return entry;
  }

  @Test
  void afterADowntimeTheMostUrgentGoFirst() throws InterruptedException {
    List<Grant> grants = Grants.fleet(3);
    try (World world = new World(clock, grants, 1)) {
      int[] daysOld = {20, 70, 40, 85, 10, 60};
      for (int i = 0; i < grants.size(); i++) {
        world.bringIn(grants.get(i), clock.instant().minus(Duration.ofDays(daysOld[i])));
      }
      world.scheduler.start();

      List<String> order = new ArrayList<>();
      while (order.size() < grants.size()) {
        order.add(String.valueOf(next().grant()));
      }
      assertThat(order)
          .containsExactly(
              grants.get(3).name().toString(),
              grants.get(1).name().toString(),
              grants.get(5).name().toString(),
              grants.get(2).name().toString(),
              grants.get(0).name().toString(),
              grants.get(4).name().toString());
    }
  }

  @Test
  void whatIsNotDueIsLeftAloneUntilItIs() throws InterruptedException {
    Grant grant = Grants.sample();
    try (World world = new World(clock, List.of(grant), 4)) {
      world.bringIn(grant, null);
      world.scheduler.start();
      world.scheduler.fire(0);
      world.scheduler.watch();
      assertThat(world.server.presentations()).isEqualTo(1);

      clock.advance(Duration.ofDays(8));
      world.scheduler.fire(0);

      Entry entry = next();
      assertThat(entry.event()).isEqualTo(Event.ROTATED);
      assertThat(entry.trigger()).isEqualTo(Trigger.SCHEDULE);
      assertThat(entry.generation()).isEqualTo(3);
    }
  }

  @Test
  void theWatchmanTakesWhatItsTriggerHasMissed() throws InterruptedException {
    Grant grant = Grants.sample();
    try (World world = new World(clock, List.of(grant), 4)) {
      world.bringIn(grant, null);
      world.scheduler.start();
      clock.advance(Duration.ofDays(30)); // as if the machine had slept

      world.scheduler.watch();

      assertThat(next().trigger()).isEqualTo(Trigger.WATCHMAN);
    }
  }

  @Test
  void theWatchmanFindsATokenThatAnotherProcessBroughtIn() throws InterruptedException {
    Grant grant = Grants.sample();
    try (World world = new World(clock, List.of(grant), 4)) {
      world.scheduler.start();
      world.bringIn(grant, clock.instant().minus(Duration.ofDays(50)));

      world.scheduler.watch();

      assertThat(next().event()).isEqualTo(Event.ROTATED);
    }
  }

  @Test
  void aGrantWhoseClockWentBackIsNotStarved() throws InterruptedException {
    Grant grant = Grants.sample();
    try (World world = new World(clock, List.of(grant), 4)) {
      world.bringIn(grant, null);
      world.scheduler.start();
      clock.advance(Duration.ofDays(-400));

      world.scheduler.watch();

      assertThat(next().event()).isEqualTo(Event.ROTATED);
    }
  }

  @Test
  void aFailedAttemptIsRetriedAsARetry() throws InterruptedException {
    Grant grant = Grants.sample();
    try (World world = new World(clock, List.of(grant), 4)) {
      world.bringIn(grant, null);
      world.scheduler.start();
      world.server.goDown();
      clock.advance(Duration.ofDays(8));
      world.scheduler.fire(0);
      assertThat(next().event()).isEqualTo(Event.UNREACHABLE);
      world.scheduler
          .awaitIdle(); // it is told before it is done, and not queued while it is in flight

      world.server.comeBack();
      clock.advance(Duration.ofMinutes(1));
      world.scheduler.fire(0);

      Entry entry = next();
      assertThat(entry.event()).isEqualTo(Event.ROTATED);
      assertThat(entry.trigger()).isEqualTo(Trigger.RETRY);
      assertThat(next().event()).isEqualTo(Event.RECOVERED);
    }
  }

  @Test
  void aStoreThatCannotBeWrittenSpendsNothingAndIsTriedAgain() throws InterruptedException {
    Grant grant = Grants.sample();
    try (World world = new World(clock, List.of(grant), 1)) {
      world.bringIn(grant, null);
      world.scheduler.start();
      clock.advance(Duration.ofDays(8));
      world.store.loseDisk();
      world.scheduler.fire(0);
      world.scheduler.awaitIdle();
      assertThat(world.server.presentations()).isEqualTo(1);

      world.store.regainDisk();
      clock.advance(Duration.ofMinutes(1));
      world.scheduler.watch();

      assertThat(next().event()).isEqualTo(Event.ROTATED);
    }
  }

  @Test
  void aTokenThatIsDamagedIsToldOfOnceAndRotatesOnceItIsMended() throws InterruptedException {
    Grant grant = Grants.named("germany/damaged").build();
    AtomicBoolean isDamaged = new AtomicBoolean(true);
    InMemoryTokenStore store = new InMemoryTokenStore(clock);
    ReusableServer server = new ReusableServer(clock, Duration.ofDays(90));
    TokenRedeemer redeemer =
        (redeemed, token) -> {
          if (isDamaged.get()) {
            throw new StoreException.Damaged("germany/damaged: its token does not open", null);
          }
          return server.redeem(redeemed, token);
        };
    RotationPolicy policy = new RotationPolicy(new QuartzCron());
    Rotator rotator = new Rotator(store, redeemer, policy, (entry, kept) -> told.add(entry), clock);
    try (LogRecorder log = new LogRecorder();
        RotationScheduler scheduler =
            new RotationScheduler(List.of(grant), store, rotator, policy, null, 1, 1, clock)) {
      var unused = rotator.bringIn(grant, new Import(server.issue(), null, null, false, false));
      told.clear();
      scheduler.start();
      scheduler.awaitIdle();
      for (int i = 0; i < 3; i++) {
        clock.advance(Duration.ofMinutes(1));
        scheduler.watch();
        scheduler.awaitIdle();
      }
      assertThat(log.lines())
          .filteredOn(line -> line.contains("germany/damaged"))
          .containsExactly("ERROR germany/damaged: its token does not open");

      isDamaged.set(false);
      clock.advance(Duration.ofMinutes(1));
      scheduler.watch();
      assertThat(next().event()).isEqualTo(Event.ROTATED);
    }
  }

  @Test
  void theTenantsQuartzTriggerFiresAtTheTime() throws InterruptedException {
    Grant grant =
        Grants.named("germany/live")
            .lifetime(Duration.ofSeconds(90))
            .rotateEvery(Duration.ofSeconds(1))
            .build();
    Clock real = Clock.systemUTC();
    RotationPolicy policy = new RotationPolicy(new QuartzCron());
    InMemoryTokenStore store = new InMemoryTokenStore(real);
    ReusableServer server = new ReusableServer(real, Duration.ofSeconds(90));
    Rotator rotator = new Rotator(store, server, policy, (entry, kept) -> told.add(entry), real);
    try (RotationScheduler scheduler =
        new RotationScheduler(List.of(grant), store, rotator, policy, null, 1, 1, real)) {
      var unused = rotator.bringIn(grant, new Import(server.issue(), null, null, true, false));
      told.clear();
      scheduler.start();

      assertThat(next().trigger()).isEqualTo(Trigger.SCHEDULE);
      assertThat(next().trigger()).as("it arms itself anew").isEqualTo(Trigger.SCHEDULE);
    }
  }
}
