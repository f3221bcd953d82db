package io.refreshd.fault;

import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.Outcome;
import io.refreshd.rotation.RotationPolicy;
import io.refreshd.rotation.Rotator;
import io.refreshd.rotation.Trigger;
import io.refreshd.store.FaultyDisk;
import io.refreshd.store.OpenStore;
import io.refreshd.store.SqliteLocation;
import io.refreshd.store.StoreLocation;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a daemon does with a store, in this process: the real store on a disk that can fail. */
final class Inside implements AutoCloseable {

  final FaultyDisk disk;
  final OpenStore store;
  private final Outside outside;
  private final Path folder;
  private final Rotator rotator;

  private Inside(Outside outside, Path folder, FaultyDisk disk) {
    this.disk = disk;
    this.outside = outside;
    this.folder = folder;
    store = disk.open(location(folder), "run", outside.clock);
    RotationPolicy policy = new RotationPolicy((expression, after) -> Instant.MAX);
    rotator = new Rotator(store, outside, policy, (entry, kept) -> {}, outside.clock);
  }

  static StoreLocation location(Path folder) {
    return new SqliteLocation(folder.resolve("refreshd.db"), folder.resolve("refreshd.key"));
  }

  /** A start; it ends the leases of its predecessor, as the daemon's does. */
  static Inside start(Outside outside, Path folder) {
    return start(outside, folder, new FaultyDisk());
  }

  static Inside start(Outside outside, Path folder, FaultyDisk disk) {
    Inside started = new Inside(outside, folder, disk);
    started.store.endLeasesOf("run");
    return started;
  }

  Path folder() {
    return folder;
  }

  /** Copies the files of a store as they are now: what a kill would leave. */
  static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(from, "refreshd.*")) {
      for (Path file : files) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  void bringIn(Grant grant) {
    var unused =
        rotator.bringIn(
            grant, new Import(outside.newest(grant), outside.clock.instant(), null, false, false));
  }

  /** What the schedule does with a grant that is due. */
  Outcome rotate(Grant grant) {
    return rotator.rotate(grant, Trigger.SCHEDULE);
  }

  /** The current token. */
  RefreshToken stored(Grant grant) {
    return store.find(grant.name()).orElseThrow().current().token();
  }

  /** Whether the store has the token that the server issued last. */
  boolean hasNewest(Grant grant) {
    return stored(grant).equals(outside.newest(grant));
  }

  GrantRecord record(Grant grant) {
    return store.findRecord(grant.name()).orElseThrow();
  }

  /** The kinds of the grant's log entries, in order. */
  List<String> events(Grant grant) {
    List<String> events = new ArrayList<>();
    store.read(
        LogQuery.after(0),
        logged -> {
          if (grant.name().equals(logged.entry().grant())) {
            events.add(logged.entry().event().word());
          }
        });
    return events;
  }

  boolean isLogProven() {
    store.keepHead();
    return store.verifyLog().isProven();
  }

  @Override
  public void close() {
    disk.mend();
    store.close();
  }
}
