package io.refreshd.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files for the owner alone, that are whole and durable, or absent. */
final class WholeFile {

  static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  static final FileAttribute<Set<PosixFilePermission>> OWNERS_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private WholeFile() {}

  /**
   * Makes a file that is not there.
   *
   * @throws java.nio.file.FileAlreadyExistsException if it is; it is not touched
   */
  static void create(Path file, String content) throws IOException {
    Path written = writeBeside(file, content);
    try {
      // unlike a rename, a link never replaces what another process has just put there
      Files.createLink(file, written);
    } finally {
      Files.delete(written);
    }
    syncFolder(file);
  }

  /** Replaces a file. */
  static void replace(Path file, String content) throws IOException {
    Path written = writeBeside(file, content);
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    syncFolder(file);
  }

  private static Path writeBeside(Path file, String content) throws IOException {
    Path written =
        Files.createTempFile(
            StoreLocation.folderOf(file), file.getFileName() + ".", ".new", OWNER_ONLY);
    try (RandomAccessFile out = new RandomAccessFile(written.toFile(), "rw")) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
      out.getFD().sync();
    }
    return written;
  }

  private static void syncFolder(Path file) throws IOException {
    try (FileChannel folder =
        FileChannel.open(StoreLocation.folderOf(file), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }
}
