package io.refreshd.store;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/** What a key has sealed: Tink's ciphertext, which starts with a one and the key's number. */
final class Sealed {

  private static final int PREFIX = 5;

  private final byte[] bytes;

  private Sealed(byte[] bytes) {
    this.bytes = bytes;
  }

  static Sealed of(byte[] bytes) {
    return new Sealed(bytes);
  }

  /** What everything that a key has sealed starts with. */
  static byte[] prefixOf(int key) {
    return ByteBuffer.allocate(PREFIX).put((byte) 1).putInt(key).array();
  }

  /** Whether the key of that number has sealed it, as far as its start tells. */
  boolean isOf(int key) {
    return Arrays.equals(bytes, 0, Math.min(PREFIX, bytes.length), prefixOf(key), 0, PREFIX);
  }

  byte[] bytes() {
    return bytes;
  }

  /** The number of the key that sealed it. */
  int key() throws GeneralSecurityException {
    if (bytes.length < PREFIX || bytes[0] != 1) {
      throw new GeneralSecurityException("not a sealed text");
    }
    return ByteBuffer.wrap(bytes).getInt(1);
  }
}
