package io.refreshd.store;

import io.refreshd.grant.GrantName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A spool file: slots of a fixed size, written in place, so that nothing that is written later
 * needs new space. A slot is a magic number, the length and the checksum of its content, and the
 * content: the grant's name in clear, then the sealed commit.
 *
 * <p>Not a {@code FileChannel}: that one closes for good when its thread is interrupted, and a
 * thread may well be interrupted with a new token in hand.
 */
final class SpoolFile implements AutoCloseable {

  /** Two tokens of 64 KiB, for an import is committed with its successor, and a log's entries. */
  static final int SLOT = 160 * 1024;

  private static final int MAGIC = 0x52465350;
  private static final int HEADER = 12;

  /** What a slot holds. */
  record Content(int slot, GrantName grant, Sealed sealed) {}

  private final Path path;
  private final RandomAccessFile file;

  private SpoolFile(Path path, RandomAccessFile file) {
    this.path = path;
    this.file = file;
  }

  /**
   * Opens it to write; makes it if it is not there.
   *
   * @param store whose owner it is to have
   */
  static SpoolFile open(Path path, Path store) throws IOException {
    WholeFile.createEmpty(path, store);
    return new SpoolFile(path, new RandomAccessFile(path.toFile(), "rw"));
  }

  /** What stands in the file of another process; nothing if it is gone. */
  static List<Content> contentsOf(Path path) throws IOException {
    try (SpoolFile file = new SpoolFile(path, new RandomAccessFile(path.toFile(), "r"))) {
      return file.contents();
    } catch (FileNotFoundException e) {
      if (Files.exists(path)) {
        throw e;
      }
      return List.of();
    }
  }

  Path path() {
    return path;
  }

  /**
   * Makes room for so many slots by writing them: space that is merely promised can be taken by
   * another file.
   */
  synchronized void reserve(int slots) throws IOException {
    long wanted = (long) slots * SLOT;
    long there = file.length();
    if (there >= wanted) {
      return;
    }
    try {
      file.seek(there);
      byte[] zeros = new byte[SLOT];
      for (long end = there; end < wanted; end += SLOT) {
        file.write(zeros, 0, (int) Math.min(SLOT, wanted - end));
      }
      file.getFD().sync();
      WholeFile.syncFolder(path);
    } catch (IOException e) {
      file.setLength(there);
      throw e;
    }
  }

  synchronized List<Content> contents() throws IOException {
    List<Content> contents = new ArrayList<>();
    for (int slot = 0; slot < slots(); slot++) {
      byte[] content = read(slot);
      if (content.length > 0) {
        contents.add(parse(slot, content));
      }
    }
    return contents;
  }

  /**
   * Writes to a free slot, durably.
   *
   * @return its number
   * @throws IOException if none is free, or it cannot be written
   */
  synchronized int write(GrantName grant, Sealed sealed) throws IOException {
    byte[] content = format(grant, sealed);
    if (content.length > SLOT - HEADER) {
      throw new IOException(content.length + " bytes do not fit into a slot of the spool");
    }
    int slot = free();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(HEADER + content.length);
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(MAGIC);
    out.writeInt(content.length);
    out.writeInt(checksum(content));
    out.write(content);
    file.seek((long) slot * SLOT);
    file.write(bytes.toByteArray());
    file.getFD().sync();
    return slot;
  }

  synchronized void clear(int slot) throws IOException {
    file.seek((long) slot * SLOT);
    file.write(new byte[HEADER]);
    file.getFD().sync();
  }

  private int free() throws IOException {
    for (int slot = 0; slot < slots(); slot++) {
      if (read(slot).length == 0) {
        return slot;
      }
    }
    throw new IOException("no slot of the spool is free");
  }

  private int slots() throws IOException {
    return (int) (file.length() / SLOT);
  }

  /** A slot's content; none if it is empty, or was being written when the process died. */
  private byte[] read(int slot) throws IOException {
    file.seek((long) slot * SLOT);
    if (file.readInt() != MAGIC) {
      return new byte[0];
    }
    int length = file.readInt();
    int checksum = file.readInt();
    if (length < 0 || length > SLOT - HEADER) {
      return new byte[0];
    }
    byte[] content = new byte[length];
    file.readFully(content);
    return checksum(content) == checksum ? content : new byte[0];
  }

  private static byte[] format(GrantName grant, Sealed sealed) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF(grant.toString());
    out.write(sealed.bytes());
    return bytes.toByteArray();
  }

  private static Content parse(int slot, byte[] content) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
    return new Content(slot, GrantName.parse(in.readUTF()), Sealed.of(in.readAllBytes()));
  }

  private static int checksum(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content);
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
