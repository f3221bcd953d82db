package io.refreshd.daemon;

import io.refreshd.rotation.StoreException;
import io.refreshd.store.DaemonElsewhere;
import io.refreshd.store.OpenStore;
import io.refreshd.store.StoreLocation;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What keeps a store from taking new tokens just now, as far as somebody who looks on can see. */
record StoreWarnings(StoreLocation location, OpenStore store) {

  /** Less than a spool and a write-ahead log may need. */
  private static final long FULL = 1L << 20;

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    Path folder = StoreLocation.folderOf(location.base());
    if (Files.exists(folder)) {
      addDisk(folder, lines);
    }
    try {
      DaemonElsewhere.find(location, store.nodes())
          .ifPresent(one -> lines.add(one.what() + "; " + one.next()));
      store.held().forEach(grant -> lines.add(grant + held()));
    } catch (StoreException e) {
      lines.add(String.valueOf(e.getMessage()));
    }
    return lines;
  }

  private static void addDisk(Path folder, List<String> lines) {
    try {
      FileStore disk = Files.getFileStore(folder);
      if (disk.isReadOnly()) {
        lines.add("the disk of " + folder + " is read-only: nothing is rotated until it is not");
      } else if (disk.getUsableSpace() < FULL) {
        lines.add("the disk of " + folder + " is full: nothing is rotated until some is free");
      }
    } catch (IOException e) {
      lines.add("the disk of " + folder + " does not answer (" + e + "); check it");
    }
  }

  private String held() {
    return ": its new token waits in "
        + location.base()
        + ".spool-*; whoever writes to the store next stores it, as soon as that can be written."
        + " leave that file alone";
  }
}
