package io.refreshd.store;

import static io.refreshd.store.Samples.FRANCE;
import static io.refreshd.store.Samples.LIVE;
import static io.refreshd.store.Samples.SANDBOX;
import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Selector;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LoggedEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is read of a log for what somebody wants of it: of a million grants that are rotated every
 * week it has 52 million entries a year.
 */
class LogOfOneGrantTest {

  @TempDir Path folder;
  private StoreFixture fixture;
  private Samples samples;

  StoreFixture fixture(Path empty) {
    return new StoreFixture(empty);
  }

  @BeforeEach
  void makeAStore() {
    fixture = fixture(folder);
    samples = fixture.samples;
  }

  @Test
  void theEntriesOfOthersAreNotReadForThoseOfAGrantOrTenantNorSuccessesForFailures()
      throws Exception {
    try (OpenStore store = fixture.open("run")) {
      for (int i = 1; i <= 2; i++) {
        store.append(samples.rotated(FRANCE, i));
        store.append(samples.refused(SANDBOX, i));
        store.append(samples.rotated(LIVE, i));
        store.append(samples.refused(LIVE, i));
      }
      // whoever reads such a row fails
      fixture.execute("UPDATE rotation_log SET trigger = 'nobody' WHERE tenant = 'france'");
      for (int limit : List.of(0, 9)) {
        assertThat(seqs(store, of(limit, false, "germany")))
            .containsExactly(2L, 3L, 4L, 6L, 7L, 8L);
        assertThat(seqs(store, of(limit, false, "spain", "germany/*"))).hasSize(6);
      }
      fixture.execute("UPDATE rotation_log SET trigger = 'nobody' WHERE name = 'sandbox'");
      for (int limit : List.of(0, 9)) {
        assertThat(seqs(store, of(limit, false, "germany/live", "spain/live")))
            .containsExactly(3L, 4L, 7L, 8L);
      }
      fixture.execute("UPDATE rotation_log SET trigger = NULL WHERE name = 'sandbox'");
      fixture.execute("UPDATE rotation_log SET trigger = 'nobody' WHERE event = 'rotated'");
      for (int limit : List.of(0, 9)) {
        assertThat(seqs(store, of(limit, true))).containsExactly(2L, 4L, 6L, 8L);
        assertThat(seqs(store, of(limit, true, "germany/*live"))).containsExactly(4L, 8L);
        assertThat(seqs(store, of(limit, true, "germany/live", "*/sand*"))).hasSize(4);
      }
    }
  }

  private static List<Long> seqs(OpenStore store, LogQuery query) {
    return Samples.log(store, query).stream().map(LoggedEntry::seq).toList();
  }

  private static LogQuery of(int limit, boolean failed, String... selectors) {
    return new LogQuery(
        0, Stream.of(selectors).map(Selector::parse).toList(), null, null, null, failed, limit);
  }
}
