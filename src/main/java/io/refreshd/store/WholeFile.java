package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
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

  private static final Integer ROOT = 0;

  private WholeFile() {}

  /** Makes the folder that a file is to stand in, for the owner alone. */
  static void createFolder(Path file) {
    Path folder = StoreLocation.folderOf(file);
    try {
      Files.createDirectories(folder, OWNERS_FOLDER);
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the folder " + folder + " of the store cannot be made (" + e + ")", e);
    }
  }

  /**
   * Makes a file that is not there.
   *
   * @throws java.nio.file.FileAlreadyExistsException if it is; it is not touched
   */
  static void create(Path file, String content) throws IOException {
    Path written = writeBeside(file, content);
    try {
      giveToOwnerOf(StoreLocation.folderOf(file), written);
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
    giveToOwnerOf(file, written);
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    syncFolder(file);
  }

  /**
   * Makes or replaces a file whose newest content may be lost in a power cut; what is there then is
   * the content before, whole. For one writer at a time.
   *
   * @param like whose owner it gets
   */
  static void replaceLazily(Path file, Path like, String content) throws IOException {
    Path written = Path.of(file + ".new");
    Files.deleteIfExists(written);
    createEmpty(written, like);
    write(written, content);
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Path writeBeside(Path file, String content) throws IOException {
    Path written =
        Files.createTempFile(
            StoreLocation.folderOf(file), file.getFileName() + ".", ".new", OWNER_ONLY);
    write(written, content);
    return written;
  }

  private static void write(Path file, String content) throws IOException {
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
      out.getFD().sync();
    }
  }

  /** Makes a file for the owner alone, empty; one that is there stays as it is. */
  static void createEmpty(Path file, Path like) throws IOException {
    if (!Files.exists(file)) {
      Set<OpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileChannel.open(file, options, OWNER_ONLY).close();
      giveToOwnerOf(like, file);
    }
  }

  /**
   * What root makes beside a service's files belongs to the service, which could not read it
   * otherwise. SQLite does the same with its side files.
   */
  private static void giveToOwnerOf(Path like, Path made) throws IOException {
    boolean isRoot = ROOT.equals(Files.getAttribute(made, "unix:uid"));
    if (isRoot && !ROOT.equals(Files.getAttribute(like, "unix:uid"))) {
      Files.setAttribute(made, "unix:gid", Files.getAttribute(like, "unix:gid"));
      Files.setAttribute(made, "unix:uid", Files.getAttribute(like, "unix:uid"));
    }
  }

  /** Makes a new file's name as durable as its content. */
  static void syncFolder(Path file) throws IOException {
    try (FileChannel folder =
        FileChannel.open(StoreLocation.folderOf(file), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }
}
