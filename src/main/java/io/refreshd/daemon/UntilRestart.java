package io.refreshd.daemon;

import io.refreshd.config.Config;
import io.refreshd.config.StoreSettings;
import io.refreshd.store.StoreLocation;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What of the first reading stays in use whatever later ones say, and nothing else of it. */
record UntilRestart(StoreSettings store, Path key, Path log) {

  private static final Logger LOG = LoggerFactory.getLogger(UntilRestart.class);

  static UntilRestart of(Config started) {
    return new UntilRestart(started.store(), started.key(), started.log());
  }

  /** Says what a later reading would have otherwise. */
  void warnOf(Config next) {
    warnOfStore(next.store());
    warnOfKept("store.key", key, next.key());
    warnOfKept("log.file", log, next.log());
  }

  private void warnOfStore(StoreSettings wanted) {
    Path folder = StoreLocation.folderOf(store.base());
    Path other = StoreLocation.folderOf(wanted.base());
    if (store.toString().equals(wanted.toString()) && !folder.equals(other)) {
      warnOfKept("store.directory", folder, other);
    } else {
      warnOfKept("store.url", store, wanted);
    }
  }

  private static void warnOfKept(String name, Object inUse, Object wanted) {
    if (!inUse.equals(wanted) && inUse.toString().equals(wanted.toString())) {
      LOG.warn("{}: its user, password, parameters or folder changed; that needs a restart", name);
    } else if (!inUse.equals(wanted)) {
      LOG.warn("{}: {} needs a restart; until then {} stays in use", name, wanted, inUse);
    }
  }
}
