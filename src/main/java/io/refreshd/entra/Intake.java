package io.refreshd.entra;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** What came of an answer's body, up to a limit, in memory that can be wiped: it holds tokens. */
final class Intake {

  /** Bytes; Entra's are of 2 to 6 KiB. */
  private static final int USUAL = 8 * 1024;

  private static final int GZIP_HEADER = 10;

  private final int limit;
  private byte[] bytes;
  private int length;

  /**
   * @param limit in bytes
   */
  Intake(int limit) {
    this.limit = limit;
    this.bytes = new byte[Math.min(limit + 1, USUAL)];
  }

  /** Takes all that there is, or what came before it broke. */
  void take(InputStream content) throws IOException {
    // one byte more than allowed tells that there is more
    for (int read = 0; read >= 0 && length <= limit; length += Math.max(0, read)) {
      bytes = length == bytes.length ? enlarged() : bytes;
      read = content.read(bytes, length, bytes.length - length);
    }
  }

  boolean isTooLarge() {
    return length > limit;
  }

  /** Whether it is gzip, whatever the headers say of it: no JSON begins so. */
  boolean isGzip() {
    return length >= GZIP_HEADER
        && bytes[0] == 0x1f
        && bytes[1] == (byte) 0x8b
        && bytes[2] == Deflater.DEFLATED;
  }

  /**
   * Undoes gzip (RFC 1952), of its first member: Java's own reader goes a call deeper for each.
   *
   * @param plain takes what it holds, within its own limit
   */
  void unpack(Intake plain) throws IOException {
    Inflater inflater = new Inflater(true);
    try {
      InputStream packed = new ByteArrayInputStream(bytes, 0, length);
      skipHeader(packed);
      plain.take(new InflaterInputStream(packed, inflater));
    } finally {
      inflater.end();
    }
  }

  Body body() {
    return Body.of(bytes, length);
  }

  void wipe() {
    Arrays.fill(bytes, (byte) 0);
  }

  private static void skipHeader(InputStream packed) throws IOException {
    int flags = packed.readNBytes(GZIP_HEADER)[3];
    if ((flags & 4) != 0) {
      packed.skipNBytes(packed.read() | (packed.read() << 8));
    }
    // a name, a comment
    skipText(packed, (flags & 8) != 0);
    skipText(packed, (flags & 16) != 0);
    packed.skipNBytes((flags & 2) != 0 ? 2 : 0);
  }

  private static void skipText(InputStream packed, boolean isThere) throws IOException {
    for (int read = isThere ? 1 : 0; read > 0; ) {
      read = packed.read();
    }
  }

  private byte[] enlarged() {
    byte[] larger = Arrays.copyOf(bytes, Math.min(limit + 2, 2 * bytes.length));
    wipe();
    return larger;
  }
}
