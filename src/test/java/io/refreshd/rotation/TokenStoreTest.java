package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.RefreshToken;
import io.refreshd.testing.Grants;
import io.refreshd.testing.InMemoryTokenStore;
import io.refreshd.testing.MutableClock;
import io.refreshd.testing.ScriptedRedeemer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store can do by what every store can: the ways that a database has quicker ones for. */
class TokenStoreTest {

  private static final Partition GERMANY = Partition.of("germany", 64);
  private static final Partition FRANCE = Partition.of("france", 64);

  private final MutableClock clock = new MutableClock();
  private final InMemoryTokenStore store = new InMemoryTokenStore(clock);
  private final Instant start = clock.instant();

  /** Brought in one hour after the other; each is due at once. */
  @BeforeEach
  void threeGrants() {
    Rotator rotator =
        new Rotator(
            store,
            new ScriptedRedeemer(clock),
            new RotationPolicy((expression, after) -> Instant.MAX),
            (entry, kept) -> {},
            clock);
    for (String name : List.of("germany/live", "france/live", "germany/sandbox")) {
      Grant grant = Grants.named(name).build();
      Import imported = new Import(RefreshToken.of(name), null, null, false, false);
      assertThat(rotator.bringIn(grant, imported)).isInstanceOf(Outcome.Rotated.class);
      clock.advance(Duration.ofHours(1));
    }
  }

  private static List<String> names(List<GrantRecord> records) {
    return records.stream().map(record -> record.name().toString()).toList();
  }

  @Test
  void recordsComeByNamePartByPart() {
    assertThat(names(store.records(null, 2))).containsExactly("france/live", "germany/live");
    assertThat(names(store.records(GrantName.parse("germany/live"), 2)))
        .containsExactly("germany/sandbox");
    assertThat(store.records(GrantName.parse("germany/sandbox"), 2)).isEmpty();
  }

  @Test
  void allAreHandedOver() {
    List<GrantRecord> records = new ArrayList<>();
    List<GrantName> names = new ArrayList<>();

    store.readRecords(records::add);
    store.readNames(names::add);

    assertThat(records).isEqualTo(store.records(null, 100));
    assertThat(names).extracting(GrantName::toString).isEqualTo(names(records));
    assertThat(store.partitions()).containsExactly(Partition.WHOLE);
  }

  @Test
  void whatIsDueInAPartitionComesTheLongestDueFirst() {
    assertThat(due(GERMANY, start.plus(Duration.ofDays(1))))
        .containsExactly("germany/live", "germany/sandbox");
    assertThat(due(GERMANY, start.plus(Duration.ofHours(2))))
        .containsExactly("germany/live", "germany/sandbox");
    assertThat(due(GERMANY, start.plus(Duration.ofHours(2)).minusNanos(1)))
        .containsExactly("germany/live");
    assertThat(due(FRANCE, start.plus(Duration.ofDays(1)))).containsExactly("france/live");
    assertThat(due(FRANCE, start)).isEmpty();
    assertThat(due(Partition.WHOLE, start.plus(Duration.ofDays(1)))).hasSize(3);
  }

  private List<String> due(Partition partition, Instant now) {
    List<GrantRecord> due = new ArrayList<>();
    store.readDue(partition, now, due::add);
    return names(due);
  }

  @Test
  void theNextAttemptIsTheFirstAfterAnInstant() {
    assertThat(store.findNextAttempt(GERMANY, start.minusNanos(1))).contains(start);
    assertThat(store.findNextAttempt(GERMANY, start)).contains(start.plus(Duration.ofHours(2)));
    assertThat(store.findNextAttempt(FRANCE, start)).contains(start.plus(Duration.ofHours(1)));
    assertThat(store.findNextAttempt(FRANCE, start.plus(Duration.ofHours(1)))).isEmpty();
  }
}
