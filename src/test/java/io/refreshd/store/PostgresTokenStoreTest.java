package io.refreshd.store;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** The contract, on PostgreSQL. */
class PostgresTokenStoreTest extends TokenStoreContract {

  @TempDir Path folder;
  private @Nullable PostgresFixture fixture;

  @Override
  OpenStore open(String owner) {
    PostgresFixture known = fixture == null ? new PostgresFixture(folder) : fixture;
    fixture = known;
    return TokenStores.openToWrite(
        known.location, owner, 4, clock, Samples.nanosOf(clock), Disk.REAL);
  }
}
