package io.refreshd.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.Partition;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.TokenRedeemer;
import io.refreshd.rotation.TokenStore;
import io.refreshd.rotation.Trigger;
import io.refreshd.testing.Grants;
import io.refreshd.testing.InMemoryTokenStore;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.Records;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A large fleet that is due as a whole, as after an outage of its token endpoint. */
@Timeout(60)
class ManyDueTest {

  private static final Duration LIFETIME = Duration.ofDays(90);
  private static final Duration LONG_LOOK = Duration.ofSeconds(11);

  private final MutableClock clock = new MutableClock();
  private final AtomicLong nanos = new AtomicLong();
  private final Set<GrantName> rotated = ConcurrentHashMap.newKeySet();
  private final Scouts scouts = new Scouts(clock);

  @Test
  void aLookBringsTheMostUrgentAndNoMoreThanCanBeHeld() {
    List<Grant> fleet = fleet(DueGrants.AT_ONCE + 1_000);

    DueGrants.Look look = dueGrants(fleet).in(Partition.WHOLE, Trigger.SCHEDULE);

    assertThat(look.due()).hasSize(DueGrants.AT_ONCE);
    assertThat(look.due().stream().map(waiting -> waiting.grant().name()))
        .as("the last of the store's order are the most urgent")
        .contains(fleet.get(fleet.size() - 1).name())
        .doesNotContain(fleet.get(0).name());
  }

  @Test
  void whatALookFoundIsRotatedHoweverLongItLooked() {
    List<Grant> fleet = fleet(1_000);
    try (RotationQueue queue = queue()) {
      Turns turns =
          new Turns(1, dueGrants(fleet), queue, scouts, (partition, at) -> {}, clock, nanos::get);

      turns.take(0);
    }

    assertThat(rotated).hasSize(fleet.size());
  }

  @Test
  void theWatchmanAddsNothingToAQueueThatIsFull() {
    try (RotationQueue queue = new RotationQueue(0, 1, (grant, trigger) -> next -> {})) {
      assertThat(queue.isFull()).isFalse();

      queue.offer(
          fleet(DueGrants.AT_ONCE).stream()
              .map(grant -> new RotationQueue.Waiting(grant, Trigger.SCHEDULE, Instant.EPOCH))
              .toList());

      assertThat(queue.isFull()).isTrue();
    }
  }

  @Test
  void eachOfAHundredThousandGrantsBehindACircuitOfItsOwnIsSentAndComesBack() {
    List<Grant> fleet = fleet(100_000);
    List<Scouts.Due> due =
        fleet.stream()
            .map(grant -> new RotationQueue.Waiting(grant, Trigger.RETRY, Instant.EPOCH))
            .map(waiting -> new Scouts.Due(waiting, "grant:" + waiting.grant().name()))
            .toList();

    assertThat(scouts.among(due)).hasSize(fleet.size());
    fleet.forEach(scouts::lost);

    List<Scouts.Due> behindOne =
        due.stream().map(one -> new Scouts.Due(one.waiting(), "a")).toList();
    assertThat(scouts.among(behindOne)).as("nobody is out any more").hasSize(1);
  }

  @Test
  void aStartDoesNotWaitForALookAtAllThatIsDue() {
    clock.set(Instant.parse("2126-01-01T00:00:00Z")); // no trigger's time comes
    List<Thread> looked = new CopyOnWriteArrayList<>();
    InMemoryTokenStore store =
        new InMemoryTokenStore(clock) {
          @Override
          public void readDue(Partition partition, Instant at, Consumer<GrantRecord> reader) {
            looked.add(Thread.currentThread());
          }

          @Override
          public Optional<Instant> findNextAttempt(Partition partition, Instant after) {
            return Optional.of(clock.instant().minus(LIFETIME));
          }
        };
    RotationPolicy policy = new RotationPolicy(new QuartzCron());
    TokenRedeemer nobody =
        (grant, token) -> {
          throw new AssertionError("nobody is redeemed");
        };
    Rotator rotator = new Rotator(store, nobody, policy, (entry, kept) -> {}, clock);
    try (RotationScheduler scheduler =
        new RotationScheduler(Grants.fleet(1), store, rotator, policy, null, 1, 1, clock)) {
      scheduler.start();
    }

    assertThat(looked).isEmpty();
  }

  /** A hundred of a tenant, one client for all: the answer of the first spoke for all of them. */
  private List<Grant> fleet(int size) {
    List<Grant> fleet =
        IntStream.range(0, size)
            .mapToObj(n -> Grants.named("tenant-" + n / 100 + "/user-" + n % 100).build())
            .toList();
    Instant now = clock.instant();
    scouts.back(
        fleet.get(0),
        new Outcome.Rotated(fleet.get(0).name(), 2, null, now, TokenStore.Kept.STORED));
    return fleet;
  }

  private RotationQueue queue() {
    return new RotationQueue(1, 1, (grant, trigger) -> next -> rotated.add(grant.name()));
  }

  /** Looks that take longer than a turn; the later one stands in the store, the sooner it ends. */
  private DueGrants dueGrants(List<Grant> fleet) {
    Instant now = clock.instant();
    List<GrantRecord> records =
        IntStream.range(0, fleet.size())
            .mapToObj(
                n -> {
                  Instant issuedAt = now.minus(LIFETIME.minusDays(5)).minusSeconds(n);
                  return Records.issued(fleet.get(n), issuedAt, now.minusSeconds(1));
                })
            .collect(Collectors.toList());
    TokenStore store =
        new InMemoryTokenStore(clock) {
          @Override
          public void readDue(Partition partition, Instant at, Consumer<GrantRecord> reader) {
            nanos.addAndGet(LONG_LOOK.toNanos());
            records.stream().filter(one -> !rotated.contains(one.name())).forEach(reader);
          }
        };
    RotationPolicy policy = new RotationPolicy(new QuartzCron());
    return new DueGrants(fleet, store, policy, scouts, clock);
  }
}
