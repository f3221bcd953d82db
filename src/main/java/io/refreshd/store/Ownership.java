package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The names that daemons lease by. On a SQLite file there is one daemon at a time, and all go by
 * one name. On PostgreSQL each start has a name of its own, which is written down beside the run
 * lock: so the next daemon of that machine, and no other one, knows whose leases are left over.
 *
 * @param owner of this daemon
 * @param predecessor of the one before it; {@code null} if there was none, or on another machine: a
 *     copy of its files proves nothing about it
 */
record Ownership(String owner, @Nullable String predecessor) {

  private static final String ALONE = "run";

  /** The name of a new daemon. Whoever calls has the lock {@link LockFile#RUN}. */
  static Ownership of(StoreLocation location) {
    if (location instanceof SqliteLocation) {
      return new Ownership(ALONE, ALONE);
    }
    Path file = Path.of(location.base() + ".owner");
    String machine = ALONE + "@" + host() + "/";
    try {
      String before = Files.exists(file) ? Files.readString(file).strip() : "";
      String owner = machine + UUID.randomUUID().toString().substring(0, 8);
      new WholeFile(file, Disk.REAL).replaceLazily(StoreLocation.folderOf(file), owner + "\n");
      return new Ownership(owner, before.startsWith(machine) ? before : null);
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the file " + file + " cannot be written (" + Reason.of(e) + "); check its folder", e);
    }
  }

  /** What a daemon that shares its store is called as a node; empty if it is none. */
  static Optional<String> node(String owner) {
    int machine = owner.indexOf('@') + 1;
    return machine == 0 ? Optional.empty() : Optional.of(owner.substring(machine));
  }

  /** Whether a node is a daemon of this machine. */
  static boolean isOfThisMachine(String node) {
    return node.startsWith(host() + "/");
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
