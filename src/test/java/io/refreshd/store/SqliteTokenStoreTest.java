package io.refreshd.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract, on SQLite. */
class SqliteTokenStoreTest extends TokenStoreContract {

  @TempDir Path folder;

  @Override
  OpenStore open(String owner) {
    SqliteLocation location =
        new SqliteLocation(folder.resolve("refreshd.db"), folder.resolve("refreshd.key"));
    return TokenStores.openToWrite(location, owner, 4, clock, Samples.nanosOf(clock), Disk.REAL);
  }
}
