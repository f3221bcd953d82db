package io.refreshd.store;

import io.refreshd.rotation.AlertStore;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.LoggedEntry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract, on PostgreSQL. */
class PostgresAlertStoreTest extends AlertStoreContract {

  @TempDir Path folder;
  private OpenStore store;

  @BeforeEach
  void openIt() {
    store = TokenStores.openToWrite(new PostgresFixture(folder).location, "run", 4, clock);
  }

  @AfterEach
  void closeIt() {
    store.close();
  }

  @Override
  AlertStore alerts() {
    return store.alerts();
  }

  @Override
  List<Entry> log() {
    return Samples.log(store).stream().map(LoggedEntry::entry).toList();
  }
}
