package io.refreshd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.Withholding;
import io.refreshd.testing.LogRecorder;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

/** What many tokens cost that are withheld at once, and that each of them is told of. */
class WithheldInBulkTest {

  private static final int GRANTS = 2_500;
  private static final String WHY = "the store is an old copy";

  @TempDir private Path folder;
  private StoreFixture fixture;
  private final AtomicInteger commits = new AtomicInteger();
  private final Disk disk =
      new Disk() {
        @Override
        public Connection connected(Connection connection) {
          ((SQLiteConnection) connection).addCommitListener(counting());
          return connection;
        }
      };

  private SQLiteCommitListener counting() {
    return new SQLiteCommitListener() {
      @Override
      public void onCommit() {
        commits.incrementAndGet();
      }

      @Override
      public void onRollback() {}
    };
  }

  @BeforeEach
  void manyGrants() {
    fixture = new StoreFixture(folder);
    new BulkLoad(fixture.location, fixture.clock).fill(GRANTS, WithheldInBulkTest::grant);
  }

  private static GrantName grant(int number) {
    return new GrantName("idp", "grant-%05d".formatted(number));
  }

  private OpenStore open() {
    return TokenStores.openToWrite(
        fixture.location, "run", 3, fixture.clock, Samples.nanosOf(fixture.clock), disk);
  }

  private long withholdAll(OpenStore store) {
    Withholding withholding = new Withholding(store, fixture.clock);
    store.readRecords(record -> withholding.withhold(record, WHY));
    return withholding.finish();
  }

  private static GrantRecord record(OpenStore store, int number) {
    return store.findRecord(grant(number)).orElseThrow();
  }

  @Test
  void aMillionTokensAreNotACommitEach() {
    try (OpenStore store = open()) {
      commits.set(0);

      assertThat(withholdAll(store)).isEqualTo(GRANTS);

      assertThat(commits.get()).isBetween(1, 3);
      assertThat(store.records(null, GRANTS)).allMatch(Withholding::isWithheld);
    }
  }

  @Test
  void eachOfThemHasItsEntryInTheLog() {
    try (OpenStore store = open()) {
      withholdAll(store);

      List<Entry> entries =
          Samples.log(store, Samples.query(0, Event.RESTORED, false, 0)).stream()
              .map(logged -> logged.entry())
              .toList();
      assertThat(entries).extracting(Entry::grant).hasSize(GRANTS).doesNotHaveDuplicates();
      Entry entry = entries.get(17);
      GrantRecord record = record(store, 17);
      assertThat(entry.grant()).isEqualTo(grant(17));
      assertThat(entry.generation()).isEqualTo(record.generation());
      assertThat(entry.fingerprint()).isEqualTo(record.fingerprint());
      assertThat(entry.refusal())
          .extracting(Entry.Refusal::kind)
          .isEqualTo(RefusalKind.LOST_ANSWER);
      assertThat(entry.message()).startsWith(WHY + "; presenting it again may revoke the grant");
      assertThat(store.verifyLog().isProven()).isTrue();
    }
  }

  @Test
  void whatAnotherProcessRotatesJustNowIsLeftToItAndToldOf() {
    try (LogRecorder log = new LogRecorder();
        OpenStore store = open();
        OpenStore other = fixture.open("cli")) {
      fixture.samples.markingLease(other, grant(3));

      assertThat(withholdAll(store)).isEqualTo(GRANTS - 1);

      assertThat(record(store, 3).standing().kind()).isNull();
      assertThat(log.lines()).filteredOn(line -> line.contains("is not withheld")).hasSize(1);
    }
  }

  @Test
  void whatADeadProcessHadLeasedIsWithheldToo() {
    try (OpenStore dead = fixture.open("run")) {
      fixture.samples.lease(dead, grant(5));
    }
    fixture.clock.advance(Duration.ofHours(1));
    try (OpenStore store = open()) {
      assertThat(withholdAll(store)).isEqualTo(GRANTS);

      assertThat(record(store, 5).standing().kind()).isEqualTo(RefusalKind.LOST_ANSWER);
    }
  }
}
