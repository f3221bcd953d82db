package io.refreshd.store;

import io.refreshd.grant.GrantName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A spool file: slots of a fixed size, written in place, so that nothing that is written later
 * needs new space. A slot is a magic number, the length and the checksum of its content, and the
 * content: the grant's name in clear, then the sealed commit. A slot that begins with zeroes is
 * free; one that holds neither a content nor that was torn.
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

  /**
   * A slot that was being written when its process died, or that the disk has spoilt.
   *
   * @param grant whose it was, as far as that can be read
   */
  record Torn(int slot, @Nullable GrantName grant) {}

  private final Path path;
  private final RandomAccessFile file;
  private final Disk disk;

  /** Slots of a file of our own that somebody has taken, whatever they hold. */
  private final BitSet taken = new BitSet();

  private volatile boolean closed;

  private SpoolFile(Path path, RandomAccessFile file, Disk disk) {
    this.path = path;
    this.file = file;
    this.disk = disk;
  }

  /**
   * Opens it to write; makes it if it is not there.
   *
   * @param store whose owner it is to have
   */
  static SpoolFile open(Path path, Path store, Disk disk) throws IOException {
    WholeFile.createEmpty(path, store, disk);
    return new SpoolFile(path, new RandomAccessFile(path.toFile(), "rw"), disk);
  }

  /** What stands in the file of another process; nothing if it is gone. */
  static List<Content> contentsOf(Path path, Disk disk) throws IOException {
    try (SpoolFile file = new SpoolFile(path, new RandomAccessFile(path.toFile(), "r"), disk)) {
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
   * Whether somebody has deleted it, and perhaps another one was made in its place: what is written
   * to it then ends with this process.
   */
  boolean isGone() {
    return closed || !Files.exists(path);
  }

  /**
   * Makes room for so many slots beside those that are taken, by writing them: space that is merely
   * promised can be taken by another file.
   */
  synchronized void reserve(int slots) throws IOException {
    long wanted = (long) (taken.cardinality() + slots) * SLOT;
    long there = file.length();
    if (there >= wanted) {
      return;
    }
    try {
      file.seek(there);
      byte[] zeros = new byte[SLOT];
      for (long end = there; end < wanted; end += SLOT) {
        disk.write(path, file, zeros, (int) Math.min(SLOT, wanted - end));
      }
      disk.sync(path, file);
      disk.syncFolder(path);
    } catch (IOException e) {
      file.setLength(there);
      throw e;
    }
  }

  /** Whether no slot holds anything, not even a torn one. */
  synchronized boolean isBlank() throws IOException {
    return contents().isEmpty() && torn().isEmpty();
  }

  synchronized List<Content> contents() throws IOException {
    List<Content> contents = new ArrayList<>();
    for (int slot = 0; slot < slots(); slot++) {
      Content content = parse(slot, read(slot));
      if (content != null) {
        contents.add(content);
      }
    }
    return contents;
  }

  synchronized List<Torn> torn() throws IOException {
    List<Torn> torn = new ArrayList<>();
    for (int slot = 0; slot < slots(); slot++) {
      byte[] bytes = read(slot);
      if (!isFree(bytes) && parse(slot, bytes) == null) {
        torn.add(new Torn(slot, nameIn(bytes)));
      }
    }
    return torn;
  }

  /** Whether any slot is taken. */
  synchronized boolean isAnyTaken() {
    return !taken.isEmpty();
  }

  /**
   * Takes a slot of a file of our own, until it is cleared: it is nobody else's, also after a write
   * that failed, for that may have arrived.
   *
   * @return its number
   * @throws IOException if none is left
   */
  synchronized int take() throws IOException {
    int slot = taken.nextClearBit(0);
    if (slot >= file.length() / SLOT) {
      throw new IOException("no slot of the spool is free");
    }
    taken.set(slot);
    return slot;
  }

  /** Writes to a slot that was taken, durably. */
  synchronized void write(int slot, GrantName grant, Sealed sealed) throws IOException {
    byte[] content = format(grant, sealed);
    if (content.length > SLOT - HEADER) {
      throw new IOException(content.length + " bytes do not fit into a slot of the spool");
    }
    ByteBuffer bytes = ByteBuffer.allocate(HEADER + content.length);
    bytes.putInt(MAGIC).putInt(content.length).putInt(checksum(content)).put(content);
    file.seek((long) slot * SLOT);
    disk.write(path, file, bytes.array(), bytes.capacity());
    disk.sync(path, file);
  }

  /** Clears a slot, which is free then. */
  synchronized void clear(int slot) throws IOException {
    file.seek((long) slot * SLOT);
    disk.write(path, file, new byte[HEADER], HEADER);
    disk.sync(path, file);
    taken.clear(slot);
  }

  /** With the last one, should the end of the file be cut off. */
  private int slots() throws IOException {
    return (int) ((file.length() + SLOT - 1) / SLOT);
  }

  /** A slot's bytes, as many as its header asks for and the file has. */
  private byte[] read(int slot) throws IOException {
    long start = (long) slot * SLOT;
    int there = (int) Math.min(SLOT, file.length() - start);
    byte[] header = new byte[Math.min(HEADER, there)];
    file.seek(start);
    disk.read(path, file, header);
    if (isFree(header)) {
      return header;
    }
    int length = header.length < HEADER ? 0 : ByteBuffer.wrap(header).getInt(4);
    boolean isPossible = length >= 0 && length <= SLOT - HEADER;
    byte[] bytes = new byte[Math.min(there, isPossible ? HEADER + length : SLOT)];
    file.seek(start);
    disk.read(path, file, bytes);
    return bytes;
  }

  private static boolean isFree(byte[] slot) {
    return slot.length < Integer.BYTES || ByteBuffer.wrap(slot).getInt() == 0;
  }

  private static byte[] format(GrantName grant, Sealed sealed) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF(grant.toString());
    out.write(sealed.bytes());
    return bytes.toByteArray();
  }

  /** What the bytes of a slot hold; {@code null} if they are not what was once written. */
  private static @Nullable Content parse(int slot, byte[] bytes) {
    if (bytes.length < HEADER) {
      return null;
    }
    ByteBuffer header = ByteBuffer.wrap(bytes, 0, HEADER);
    boolean isWhole = header.getInt() == MAGIC && header.getInt() == bytes.length - HEADER;
    if (!isWhole || header.getInt() != checksum(bytes, HEADER)) {
      return null;
    }
    try {
      DataInputStream in = contentOf(bytes);
      return new Content(slot, GrantName.parse(in.readUTF()), Sealed.of(in.readAllBytes()));
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable GrantName nameIn(byte[] bytes) {
    try {
      return bytes.length < HEADER ? null : GrantName.parse(contentOf(bytes).readUTF());
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  private static DataInputStream contentOf(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes, HEADER, bytes.length - HEADER));
  }

  private static int checksum(byte[] content) {
    return checksum(content, 0);
  }

  private static int checksum(byte[] bytes, int from) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, bytes.length - from);
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    file.close();
  }
}
