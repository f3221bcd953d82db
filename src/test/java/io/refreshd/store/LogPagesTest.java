package io.refreshd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LoggedEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A log of years, and how much of it a statement looks at, and all of them together. */
class LogPagesTest {

  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final GrantName GRANT = new GrantName("germany", "live");
  private static final int SIZE = 10;

  /** A row stands for a thousand, so that a test need not make millions. */
  private static final int APART = 1_000;

  private final Rows rows = new Rows();

  /** So many days of entries up to now, one for each number of minutes. */
  private void write(int days, int minutes) {
    Instant at = NOW.minus(Duration.ofDays(days));
    for (; !at.isAfter(NOW); at = at.plus(Duration.ofMinutes(minutes))) {
      rows.add(at, Event.ROTATED);
    }
  }

  @Test
  void aRareEventIsFoundByStatementsThatEachLookAtAStretch() {
    rows.add(NOW.minus(Duration.ofDays(400)), Event.RESTORED);
    write(30, 10);
    rows.add(NOW, Event.RESTORED);
    long newest = rows.log.lastKey();

    assertThat(read(query(Event.RESTORED, null, 0))).containsExactly((long) APART, newest);
    assertThat(read(query(Event.RESTORED, null, 2))).containsExactly((long) APART, newest);
    assertThat(read(query(Event.RESTORED, null, 1))).containsExactly(newest);
    assertThat(rows.widest).isLessThanOrEqualTo(LogPages.STRETCH);
  }

  @Test
  void theLastHourIsFoundWithoutALookAtTheYearsBeforeIt() {
    write(3_000, 60);
    Instant since = NOW.minus(Duration.ofHours(1));
    long newest = rows.log.lastKey();

    assertThat(read(query(null, since, 0))).containsExactly(newest - APART, newest);
    assertThat(read(query(null, since, 100))).containsExactly(newest - APART, newest);
    assertThat(rows.lowest).isGreaterThan(newest - 6L * LogPages.STRETCH);
  }

  @Test
  void entriesOfClocksThatDifferAreFoundWhereverTheyStand() {
    write(30, 10);
    Instant ahead = NOW.plus(Duration.ofHours(2));
    rows.add(ahead, Event.REVEALED);
    for (int n = 0; n < 40; n++) {
      // a machine whose clock shows the time of another zone, and then one that is years behind
      rows.add(NOW.minus(Duration.ofHours(14)), Event.ROTATED);
      rows.add(NOW.minus(Duration.ofDays(1_000)), Event.ROTATED);
    }
    rows.add(NOW, Event.ROTATED);

    assertThat(read(query(Event.REVEALED, NOW.minus(Duration.ofHours(1)), 0))).hasSize(1);
    assertThat(read(query(Event.REVEALED, NOW.minus(Duration.ofHours(1)), 5))).hasSize(1);
  }

  @Test
  void aGapThatSomebodyMadeIsPassedOverAtOnce() {
    write(1, 60);
    rows.put(Long.MAX_VALUE, NOW, Event.ROTATED);

    assertThat(read(query(null, null, 0))).hasSize(26).contains(Long.MAX_VALUE);
    assertThat(read(query(null, null, 26))).hasSize(26).contains(Long.MAX_VALUE);
    assertThat(read(query(null, NOW, 0))).contains(Long.MAX_VALUE).hasSize(2);
    assertThat(rows.statements).isLessThan(50);
  }

  @Test
  @SuppressWarnings("ReferenceEquality") // both entries say the same
  void whatWasFoundIsNotLookedForInTheYearsBeforeIt() {
    rows.add(NOW.minus(Duration.ofDays(400)), Event.RESTORED);
    write(300, 10);
    rows.add(NOW, Event.RESTORED);
    long found = rows.log.lastKey();
    write(1, 10);
    rows.add(NOW, Event.RESTORED);
    long newest = rows.log.lastKey();
    rows.query = query(Event.RESTORED, null, 1);
    LogPages pages = new LogPages(rows.query, SIZE, rows);

    rows.lowest = Long.MAX_VALUE;
    assertThat(pages.findNewest(entry -> true)).map(LoggedEntry::seq).contains(newest);
    assertThat(rows.lowest).isGreaterThanOrEqualTo(newest - LogPages.STRETCH);

    LoggedEntry wanted = Objects.requireNonNull(rows.log.get(found));
    assertThat(pages.findNewest(entry -> entry == wanted.entry())).contains(wanted);
    assertThat(rows.lowest).isGreaterThanOrEqualTo(found - LogPages.STRETCH);

    assertThat(pages.findNewest(entry -> false)).isEmpty();
  }

  private List<Long> read(LogQuery query) {
    List<Long> found = new ArrayList<>();
    rows.query = query;
    long seen = new LogPages(query, SIZE, rows).read(logged -> found.add(logged.seq()));
    assertThat(seen).isEqualTo(rows.log.lastKey());
    return found;
  }

  private static LogQuery query(@Nullable Event event, @Nullable Instant since, int limit) {
    return new LogQuery(0, List.of(), since, null, event, false, limit);
  }

  /** Answers as a database would, and measures what it is asked to look at. */
  private static final class Rows implements LogPages.Source {
    private final NavigableMap<Long, LoggedEntry> log = new TreeMap<>();
    private LogQuery query = LogQuery.after(0);
    private long widest;
    private long lowest = Long.MAX_VALUE;
    private int statements;

    void add(Instant at, Event event) {
      put(log.isEmpty() ? APART : log.lastKey() + APART, at, event);
    }

    void put(long seq, Instant at, Event event) {
      log.put(seq, new LoggedEntry(seq, Entry.of(at, GRANT, event, null), null, "hash"));
    }

    private Stream<LoggedEntry> stretch(long above, long through) {
      statements++;
      widest = Math.max(widest, through - above);
      lowest = Math.min(lowest, above);
      var stretch = log.subMap(above, false, through, true);
      return (query.limit() > 0 ? stretch.descendingMap() : stretch).values().stream();
    }

    @Override
    public List<LoggedEntry> page(long above, long through) {
      return stretch(above, through)
          .filter(logged -> query.matches(logged.entry()))
          .limit(SIZE)
          .toList();
    }

    @Override
    public Optional<Long> findNewest(long through) {
      statements++;
      return Optional.ofNullable(log.floorKey(through));
    }

    @Override
    public Optional<Long> findOldest(long above) {
      statements++;
      return Optional.ofNullable(log.higherKey(above));
    }

    @Override
    public Optional<Instant> findLatest(long above, long through) {
      return stretch(above, through)
          .map(logged -> logged.entry().at())
          .max(Comparator.naturalOrder());
    }
  }
}
