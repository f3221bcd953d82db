package io.refreshd.daemon;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A demo's folder. It goes with the demo, or with a later one if the demo is killed: whose lock
 * nobody holds, is dead.
 */
final class DemoFolder implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DemoFolder.class);

  private static final String PREFIX = "refreshd-demo-";
  private static final String LOCK = "demo.lock";

  /** Between the making of a folder and its lock a demo looks dead. */
  private static final Duration GROWN_UP = Duration.ofMinutes(1);

  private final Path folder;
  private final FileChannel lock;

  private DemoFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Makes one, for the owner alone, and removes those of this user's demos that were killed.
   *
   * @param parent the temporary directory
   */
  static DemoFolder make(Path parent, Clock clock) throws IOException {
    Path folder = Files.createTempDirectory(parent, PREFIX);
    FileChannel lock =
        FileChannel.open(
            folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    lock.lock();
    removeDead(parent, folder, clock.instant().minus(GROWN_UP));
    return new DemoFolder(folder, lock);
  }

  Path path() {
    return folder;
  }

  private static void removeDead(Path parent, Path own, Instant before) {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path folder : folders) {
        if (!folder.equals(own)) {
          removeIfDead(folder, own, before);
        }
      }
    } catch (IOException e) {
      LOG.debug("{}: folders of dead demos stay: {}", parent, e.toString());
    }
  }

  private static void removeIfDead(Path folder, Path own, Instant before) {
    Path file = folder.resolve(LOCK);
    try {
      boolean isOurs =
          Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
              && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(own))
              && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
      if (isOurs && Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
        removeIfUnlocked(folder, file);
      }
    } catch (IOException e) {
      LOG.debug("{}: the folder of a dead demo stays: {}", folder, e.toString());
    }
  }

  private static void removeIfUnlocked(Path folder, Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock held = channel.tryLock()) {
      if (held != null) {
        remove(folder);
      }
    } catch (OverlappingFileLockException e) {
      LOG.debug("{}: a demo of this very process is at work there", folder);
    }
  }

  private static void remove(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> files = Files.walk(folder)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.deleteIfExists(file);
    }
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      remove(folder);
    }
  }
}
