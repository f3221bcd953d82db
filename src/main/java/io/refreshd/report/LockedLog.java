package io.refreshd.report;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The log file, open at its end and locked against other processes. A POSIX lock belongs to the
 * process and falls with any of its descriptors of the file, so nothing here opens it twice.
 */
final class LockedLog implements AutoCloseable {

  private static final Set<StandardOpenOption> READ_WRITE =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final Integer ROOT = 0;

  /** Longer than any other process needs, unless it was stopped while it held the lock. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration PAUSE = Duration.ofMillis(5);

  private final FileChannel channel;
  private final OutputStream lines;
  private final LogTail tail;
  private long size;

  private LockedLog(Path path, FileChannel channel) throws IOException {
    this.channel = channel;
    this.tail = LogTail.read(channel);
    refuseUnlessOurs(path, tail.ours());
    this.size = tail.end();
    channel.truncate(size).position(size);
    this.lines = new BufferedOutputStream(Channels.newOutputStream(channel));
  }

  /** Opens the file that is at the path once the lock is held: another process may roll it. */
  static LockedLog open(Path path) throws IOException {
    while (true) {
      Object before = findKey(path);
      FileChannel channel = FileChannel.open(path, READ_WRITE, OWNER_ONLY);
      try {
        if (before == null) {
          giveToOwnerOfFolder(path);
        }
        lock(channel);
        if (before != null && before.equals(findKey(path))) {
          return new LockedLog(path, channel);
        }
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
      channel.close();
    }
  }

  /**
   * Makes sure, as far as a look tells, that {@link #open} would get along with what is at the
   * path. Nothing but a regular file is opened: a pipe would have to be waited for.
   */
  static void inspect(Path path) throws IOException {
    if (Files.notExists(path)) {
      checkAccess(path.resolveSibling("."), AccessMode.WRITE, AccessMode.EXECUTE);
      return;
    }
    refuseUnlessOurs(path, Files.readAttributes(path, BasicFileAttributes.class).isRegularFile());
    checkAccess(path, AccessMode.READ, AccessMode.WRITE);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      refuseUnlessOurs(path, LogTail.read(channel).ours());
    }
  }

  private static void checkAccess(Path path, AccessMode... modes) throws IOException {
    path.getFileSystem().provider().checkAccess(path, modes);
  }

  private static void refuseUnlessOurs(Path path, boolean isOurs) throws IOException {
    if (!isOurs) {
      throw new IOException(path.getFileName() + " is not a rotation log; move it away");
    }
  }

  /** How far this file has got. */
  LogMark mark() {
    return tail.mark().orElse(LogMark.BEGINNING);
  }

  /** In bytes, with what is not flushed yet. */
  long size() {
    return size;
  }

  void write(String line) throws IOException {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    lines.write(bytes);
    size += bytes.length;
  }

  /** Not done by {@link #close}: what failed half-way must not be written a second time. */
  void flush() throws IOException {
    lines.flush();
  }

  /** Gives the lock back. */
  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static void lock(FileChannel channel) throws IOException {
    long start = System.nanoTime();
    while (channel.tryLock() == null) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new IOException(
            "another process has held its lock for " + PATIENCE.toSeconds() + " s");
      }
      pause();
    }
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for its lock");
    }
  }

  /**
   * What a command of root's makes in a service's folder would shut the service out. Only what is
   * in that folder itself: whoever may write there could have put a link to root's own files.
   */
  private static void giveToOwnerOfFolder(Path made) throws IOException {
    Path folder = made.resolveSibling(".");
    boolean isRoot = ROOT.equals(Files.getAttribute(made, "unix:uid", NOFOLLOW_LINKS));
    if (isRoot && !ROOT.equals(Files.getAttribute(folder, "unix:uid"))) {
      Files.setAttribute(made, "unix:gid", Files.getAttribute(folder, "unix:gid"), NOFOLLOW_LINKS);
      Files.setAttribute(made, "unix:uid", Files.getAttribute(folder, "unix:uid"), NOFOLLOW_LINKS);
    }
  }

  private static @Nullable Object findKey(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
