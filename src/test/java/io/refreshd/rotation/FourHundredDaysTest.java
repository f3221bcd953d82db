package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Generation;
import io.refreshd.grant.Grant;
import io.refreshd.testing.Grants;
import io.refreshd.testing.InMemoryTokenStore;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.ReusableServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Plays the core through 400 days, event by event: does anything ever expire? */
class FourHundredDaysTest {

  private static final Duration DAY = Duration.ofDays(1);
  private static final Instant START = MutableClock.START;
  private static final Instant END = START.plus(DAY.multipliedBy(400));

  private final MutableClock clock = new MutableClock();
  private final InMemoryTokenStore store = new InMemoryTokenStore(clock);
  private final ReusableServer server = new ReusableServer(clock, Duration.ofDays(90));
  private final RotationPolicy policy = new RotationPolicy((expression, after) -> Instant.MAX);
  private final Rotator rotator = new Rotator(store, server, policy, this::told, clock);
  private final TreeMap<Instant, Runnable> outages = new TreeMap<>();
  private final List<Entry> told = new ArrayList<>();
  private int expired;

  @Test
  void oneGrantIsRotatedOncePerInterval() {
    Grant grant = Grants.sample();
    play(List.of(grant));

    long expected = 1 + Duration.between(START, END).dividedBy(interval(grant));
    assertThat(server.presentations()).isEqualTo((int) expected);
    assertThat(generation(grant)).isEqualTo((int) expected + 1);
    assertThat(expired).isZero();
  }

  @Test
  void aFleetSurvivesOutagesThatLeaveItTheTimeToTry() {
    List<Grant> fleet = Grants.fleet(12);
    outage(Duration.ofDays(20), Duration.ofHours(9));
    outage(Duration.ofDays(60), Duration.ofDays(30));
    outage(Duration.ofDays(150), Duration.ofDays(82));

    play(fleet);

    assertThat(expired).isZero();
    assertThat(fleet).allSatisfy(grant -> assertThat(generation(grant)).isBetween(38, 48));
    assertThat(told).filteredOn(entry -> entry.event() == Event.RECOVERED).hasSizeGreaterThan(24);
  }

  @Test
  void anOutageThatEndsAMinuteBeforeTheDeadlineIsSurvived() {
    Grant grant = Grants.sample();
    outage(interval(grant), grant.lifetime().minus(interval(grant)).minusMinutes(1));

    play(List.of(grant));

    assertThat(expired).isZero();
    assertThat(generation(grant)).isGreaterThan(30);
  }

  @Test
  void anOutageLongerThanALifeIsNot() {
    Grant grant = Grants.sample();
    outage(Duration.ofDays(100), Duration.ofDays(91));

    play(List.of(grant));

    assertThat(expired).isPositive();
    assertThat(state(grant)).isEqualTo(State.EXPIRED);
  }

  @Test
  void theOutageOfAMonthCostsFewRequests() {
    List<Grant> fleet = Grants.fleet(12);
    outage(Duration.ofDays(60), Duration.ofDays(30));

    play(fleet);

    long failed = told.stream().filter(entry -> entry.event() == Event.UNREACHABLE).count();
    assertThat(failed / 24).isBetween(80L, 140L);
  }

  private Duration interval(Grant grant) {
    Instant due = policy.afterSuccess(grant, START, grant.lifetime());
    return Duration.between(START, due);
  }

  /** A grant's next turn. */
  private record Turn(Instant at, Grant grant) {}

  private void play(List<Grant> grants) {
    PriorityQueue<Turn> turns = new PriorityQueue<>(Comparator.comparing(Turn::at));
    for (Grant grant : grants) {
      rotator.bringIn(grant, new Import(server.issue(), clock.instant(), null, true, false));
      turns.add(nextTurn(grant));
    }
    while (turns.element().at().isBefore(END)) {
      Turn turn = turns.remove();
      clock.set(turn.at());
      outages.headMap(turn.at(), true).values().forEach(Runnable::run);
      outages.headMap(turn.at(), true).clear();
      take(turn.grant());
      turns.add(nextTurn(turn.grant()));
    }
    clock.set(END);
  }

  private Turn nextTurn(Grant grant) {
    Instant due = policy.due(grant, record(grant), Circuits.of(store.circuits()), clock.instant());
    assertThat(due).isAfter(clock.instant());
    return new Turn(due, grant);
  }

  private void take(Grant grant) {
    expired += state(grant) == State.EXPIRED ? 1 : 0;
    assertThat(rotator.rotate(grant, Trigger.SCHEDULE)).isNotInstanceOf(Outcome.Skipped.class);
    StoredGrant stored = store.find(grant.name()).orElseThrow();
    int current = stored.current().number();
    assertThat(stored.record().generation()).isEqualTo(current);
    assertThat(stored.previous()).extracting(Generation::number).isEqualTo(current - 1);
  }

  private void outage(Duration from, Duration length) {
    outages.put(START.plus(from), server::goDown);
    outages.put(START.plus(from).plus(length), server::comeBack);
  }

  private void told(Entry entry, TokenStore.Kept kept) {
    told.add(entry);
  }

  private GrantRecord record(Grant grant) {
    return store.findRecord(grant.name()).orElseThrow();
  }

  private int generation(Grant grant) {
    return record(grant).generation();
  }

  private State state(Grant grant) {
    return GrantStatus.of(grant, record(grant), Circuits.NONE, clock.instant()).state();
  }
}
