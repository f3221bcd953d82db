package io.refreshd.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.util.Set;

/**
 * What the store asks of its disk: a few calls for its own small files, and what SQLite does by way
 * of a connection. A test puts another one in, and lets any of it fail.
 */
interface Disk {

  /** The disk of this machine. */
  Disk REAL = new Disk() {};

  /** Takes note of a connection to the database, and returns the one to work with. */
  default Connection connected(Connection connection) {
    return connection;
  }

  /**
   * The room that is left.
   *
   * @param volume tells which folders share it
   * @param usable in bytes
   */
  record Space(Object volume, long usable) {}

  /** The room that is left where a folder is. */
  default Space space(Path folder) throws IOException {
    FileStore volume = Files.getFileStore(folder);
    // a file system that does not tell how large it is does not tell what is left either
    boolean tells = volume.getTotalSpace() > 0;
    // the device, not the volume: that differs where one disk is mounted at two places
    Object device = Files.getAttribute(folder, "unix:dev");
    return new Space(device, tells ? volume.getUsableSpace() : Long.MAX_VALUE);
  }

  /** Makes an empty file for the owner alone; one that is there stays as it is. */
  default void create(Path file) throws IOException {
    Set<OpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileChannel.open(file, options, WholeFile.OWNER_ONLY).close();
  }

  /** Everything that a file holds. */
  default byte[] read(Path file) throws IOException {
    return Files.readAllBytes(file);
  }

  /** Fills the bytes from where the open file stands. */
  default void read(Path file, RandomAccessFile open, byte[] bytes) throws IOException {
    open.readFully(bytes);
  }

  /** Writes so many of the bytes where the open file stands. */
  default void write(Path file, RandomAccessFile open, byte[] bytes, int length)
      throws IOException {
    open.write(bytes, 0, length);
  }

  /** Makes what was written to an open file durable. */
  default void sync(Path file, RandomAccessFile open) throws IOException {
    open.getFD().sync();
  }

  /** Puts a file in the place of another, in one step. */
  default void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Gives a file a second name; unlike a move it never replaces what is there. */
  default void link(Path from, Path to) throws IOException {
    Files.createLink(to, from);
  }

  /** Makes a new file's name as durable as its content. */
  default void syncFolder(Path file) throws IOException {
    try (FileChannel folder =
        FileChannel.open(StoreLocation.folderOf(file), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }
}
