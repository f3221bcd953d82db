package io.refreshd.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.refreshd.rotation.StoreException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.regex.Pattern;

/** A file for the owner alone, that is whole and durable, or absent. */
final class WholeFile {

  static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  static final FileAttribute<Set<PosixFilePermission>> OWNERS_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /** How the name of a file ends that is not yet whole. */
  private static final String HALF = ".new";

  /** What {@link Files#createTempFile} puts before that. */
  private static final String NUMBER = "[0-9]+";

  private static final Integer ROOT = 0;

  private final Path file;
  private final Disk disk;

  WholeFile(Path file, Disk disk) {
    this.file = file;
    this.disk = disk;
  }

  Path path() {
    return file;
  }

  /** What it holds. */
  byte[] read() throws IOException {
    return disk.read(file);
  }

  /** Makes the folder that a file is to stand in, for the owner alone. */
  static void createFolder(Path file) {
    Path folder = StoreLocation.folderOf(file);
    try {
      Files.createDirectories(folder, OWNERS_FOLDER);
    } catch (IOException e) {
      throw new StoreException.Unavailable(
          "the folder " + folder + " of the store cannot be made (" + Reason.of(e) + ")", e);
    }
  }

  /**
   * Makes it where it is not there.
   *
   * @throws java.nio.file.FileAlreadyExistsException if it is; it is not touched
   */
  void create(String content) throws IOException {
    Path written = newFileBeside(file);
    try {
      write(written, content);
      giveToOwnerOf(StoreLocation.folderOf(file), written);
      // a link never replaces what another process has just put there
      disk.link(written, file);
    } finally {
      Files.deleteIfExists(written);
    }
    disk.syncFolder(file);
  }

  /** Replaces it; where it is a link, what that names. */
  void replace(String content) throws IOException {
    Path place = place();
    Path written = newFileBeside(place);
    try {
      write(written, content);
      giveToOwnerOf(place, written);
      disk.move(written, place);
    } finally {
      // gone if all went well; half a key must not lie about if not
      Files.deleteIfExists(written);
    }
    disk.syncFolder(place);
  }

  /** Makes what was replaced lazily as durable as all else. */
  void syncFolder() throws IOException {
    disk.syncFolder(file);
  }

  private Path place() throws IOException {
    return Files.isSymbolicLink(file) ? file.toRealPath() : file;
  }

  /**
   * Removes what processes have left beside it that were killed while they wrote it. A person's own
   * file has another name.
   */
  void removeHalves() throws IOException {
    Path place = place();
    Pattern half =
        Pattern.compile(Pattern.quote(place.getFileName() + ".") + NUMBER + Pattern.quote(HALF));
    try (DirectoryStream<Path> halves =
        Files.newDirectoryStream(
            StoreLocation.folderOf(place),
            one -> half.matcher(one.getFileName().toString()).matches())) {
      for (Path one : halves) {
        Files.deleteIfExists(one);
      }
    }
  }

  /**
   * Makes or replaces it; its newest content may be lost in a power cut, and what is there then is
   * the content before, whole. For one writer at a time.
   *
   * @param like whose owner it gets
   */
  void replaceLazily(Path like, String content) throws IOException {
    Path written = Path.of(file + HALF);
    try {
      Files.deleteIfExists(written);
      createEmpty(written, like, disk);
      write(written, content);
      disk.move(written, file);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private static Path newFileBeside(Path place) throws IOException {
    return Files.createTempFile(
        StoreLocation.folderOf(place), place.getFileName() + ".", HALF, OWNER_ONLY);
  }

  private void write(Path written, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    try (RandomAccessFile out = new RandomAccessFile(written.toFile(), "rw")) {
      out.setLength(0);
      disk.write(written, out, bytes, bytes.length);
      disk.sync(written, out);
    }
  }

  /** Makes a file for the owner alone, empty; one that is there stays as it is. */
  static void createEmpty(Path file, Path like, Disk disk) throws IOException {
    if (!Files.exists(file)) {
      disk.create(file);
      giveToOwnerOf(like, file);
    }
  }

  /**
   * What root makes beside a service's files belongs to the service, which could not read it
   * otherwise. SQLite does the same with its side files. No link is followed: whoever may write in
   * that folder could have put one to root's own files.
   */
  private static void giveToOwnerOf(Path owned, Path made) throws IOException {
    Path like = Files.exists(owned) ? owned : StoreLocation.folderOf(made);
    boolean isRoot = ROOT.equals(Files.getAttribute(made, "unix:uid", NOFOLLOW_LINKS));
    if (isRoot && !ROOT.equals(Files.getAttribute(like, "unix:uid"))) {
      Files.setAttribute(made, "unix:gid", Files.getAttribute(like, "unix:gid"), NOFOLLOW_LINKS);
      Files.setAttribute(made, "unix:uid", Files.getAttribute(like, "unix:uid"), NOFOLLOW_LINKS);
    }
  }

  /** Makes the content of a file durable that somebody else has written. */
  static void sync(Path file) throws IOException {
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
      content.getFD().sync();
    }
  }
}
