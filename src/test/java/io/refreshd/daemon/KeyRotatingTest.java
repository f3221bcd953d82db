package io.refreshd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.GrantName;
import io.refreshd.store.BulkLoad;
import io.refreshd.store.OpenStore;
import io.refreshd.store.StoreLocation;
import io.refreshd.store.TokenStores;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.ObjectMapper;

/** A new sealing key, and a person who has not got the time. */
class KeyRotatingTest {

  private static final int GRANTS = 250;

  @TempDir Path folder;

  @Test
  void ctrlCEndsItAtTheNextBatchAndTheNextRunCompletesIt() throws Exception {
    MutableClock clock = new MutableClock();
    StoreLocation location =
        BulkLoad.location("jdbc:sqlite:" + folder.resolve("refreshd.db"), folder);
    new BulkLoad(location, clock).fill(GRANTS, no -> new GrantName("germany", "user-" + no));
    try (OpenStore store = TokenStores.openToWrite(location, "cli-1", 1, clock)) {
      Patience over = new Patience();
      over.end();

      assertThat(new KeyRotating(store.sealingKeyRotation(), over, resealed -> {}).rotate())
          .isEqualTo(new KeyChange(false, 0, true, true, List.of(), List.of(), List.of()));
      assertThat(keys()).isEqualTo(2);
      assertThat(store.find(new GrantName("germany", "user-0"))).isPresent();

      assertThat(
              new KeyRotating(store.sealingKeyRotation(), new Patience(), resealed -> {}).rotate())
          .isEqualTo(
              new KeyChange(false, 2 * GRANTS, false, false, List.of(), List.of(), List.of()));
      assertThat(keys()).isEqualTo(1);
      assertThat(store.find(new GrantName("germany", "user-0"))).isPresent();
    }
  }

  private int keys() throws IOException {
    return new ObjectMapper()
        .readTree(Files.readString(folder.resolve("refreshd.key")))
        .get("key")
        .size();
  }
}
