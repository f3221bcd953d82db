package io.refreshd.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * A small file system of its own: in memory, to be filled and freed, or on an image that can be
 * made to fail as after an error of the device. Needs the right to mount.
 */
public final class SmallDisk implements AutoCloseable {

  private final Path folder;
  private final Path filler;

  private SmallDisk(Path folder) {
    this.folder = folder;
    this.filler = folder.resolve("somebody-elses.log");
  }

  /** Whether this user may mount one here. */
  public static boolean isPossible(Path folder) {
    boolean mounted = isDone("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.toString());
    return mounted && isDone("umount", folder.toString());
  }

  public static SmallDisk mount(Path folder, int mebibytes) {
    run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", folder.toString());
    return new SmallDisk(folder);
  }

  /** One on a block device, which turns read-only for good when it fails. */
  public static SmallDisk onAnImage(Path folder, Path image, int mebibytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength((long) mebibytes << 20);
    }
    run("mkfs.ext4", "-q", "-F", image.toString());
    run("mount", "-o", "loop", image.toString(), folder.toString());
    return new SmallDisk(folder);
  }

  /** What the kernel does by itself after an error: whatever is open is read-only from now on. */
  public void abort() {
    run("mount", "-o", "remount,abort", folder.toString());
  }

  /** What an administrator does then; nobody may have a file open. */
  public void repair(Path image) {
    run("umount", folder.toString());
    isDone("fsck.ext4", "-y", image.toString()); // 1 says that it has repaired something
    run("mount", "-o", "loop", image.toString(), folder.toString());
  }

  /** Nobody may have a file open to write. */
  public void makeReadOnly(boolean readOnly) {
    run("mount", "-o", readOnly ? "remount,ro" : "remount,rw", folder.toString());
  }

  /** Takes every byte that is left. */
  public void fill() {
    byte[] page = new byte[4096];
    Arrays.fill(page, (byte) 'x');
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(page);
      }
    } catch (IOException full) {
      if (!String.valueOf(full.getMessage()).contains("No space left")) {
        throw new UncheckedIOException(full);
      }
    }
  }

  /** Takes all but so many pages of 4 KiB. */
  public void fillBut(int pages) {
    fill();
    try (RandomAccessFile file = new RandomAccessFile(filler.toFile(), "rw")) {
      file.setLength(Math.max(0, file.length() - pages * 4096L));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void free() {
    try {
      Files.delete(filler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    // lazily: a process that a failed test leaves behind may still use it
    run("umount", "-l", folder.toString());
  }

  private static void run(String... command) {
    if (!isDone(command)) {
      throw new IllegalStateException("failed: " + String.join(" ", command));
    }
  }

  private static boolean isDone(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
    } catch (IOException notThere) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
