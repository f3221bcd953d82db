package io.refreshd.store;

import io.refreshd.rotation.AlertStore;
import io.refreshd.rotation.Entry;
import io.refreshd.testing.InMemoryAlertStore;
import java.util.List;

/** The contract, in memory: what tests build on behaves as the store does. */
class InMemoryAlertStoreTest extends AlertStoreContract {

  private final InMemoryAlertStore store = new InMemoryAlertStore();

  @Override
  AlertStore alerts() {
    return store;
  }

  @Override
  List<Entry> log() {
    return store.entries();
  }
}
