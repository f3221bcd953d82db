package io.refreshd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Generation;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.StoredGrant;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What benches measure must be what the store itself would have written. */
class BulkLoadTest {

  @TempDir Path folder;

  private static GrantName name(int number) {
    return new GrantName("tenant-" + number / 2, "user-" + number % 2);
  }

  @Test
  void aLoadedFileIsAStore() {
    loadedGrantsAreWhole(new StoreFixture(folder));
  }

  @Test
  void aLoadedDatabaseIsAStore() {
    loadedGrantsAreWhole(new PostgresFixture(folder));
  }

  private static void loadedGrantsAreWhole(StoreFixture fixture) {
    new BulkLoad(fixture.location, fixture.clock).fill(6, BulkLoadTest::name);
    try (OpenStore store = fixture.open("run")) {
      assertThat(store.records(null, 100))
          .hasSize(6)
          .extracting(GrantRecord::generation)
          .containsOnly(2);
      StoredGrant last = store.find(name(5)).orElseThrow();
      assertThat(last.current().token().fingerprint()).isEqualTo(last.record().fingerprint());
      assertThat(last.current().token().reveal()).hasSize(1_200);
      assertThat(last.previous()).isNotNull().extracting(Generation::number).isEqualTo(1);
      assertThat(last.record().nextAttemptAt()).isAfter(fixture.clock.instant());
      fixture.samples.bringIn(store, GrantName.parse("one/more"));
      assertThat(store.records(null, 100)).hasSize(7);
      assertThat(store.verifyLog().isProven()).isTrue();
    }
  }
}
