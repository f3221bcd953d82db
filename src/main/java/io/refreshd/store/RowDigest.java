package io.refreshd.store;

import io.refreshd.rotation.StoreException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A hash over rows, the same for the same values whatever the database that holds them. */
final class RowDigest {

  private final MessageDigest digest;
  private long rows;

  RowDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  void add(@Nullable Object[] row) {
    rows++;
    for (Object value : row) {
      if (value == null) {
        digest.update((byte) 0);
      } else if (value instanceof Number number) {
        digest.update((byte) 1);
        digest.update(ByteBuffer.allocate(8).putLong(number.longValue()).array());
      } else if (value instanceof String text) {
        add((byte) 2, text.getBytes(StandardCharsets.UTF_8));
      } else if (value instanceof byte[] bytes) {
        add((byte) 3, bytes);
      } else {
        throw new StoreException("the store holds a " + value.getClass().getName(), null);
      }
    }
  }

  private void add(byte kind, byte[] bytes) {
    digest.update(kind);
    digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
    digest.update(bytes);
  }

  long rows() {
    return rows;
  }

  /** Whether the other one has seen the same rows. To be asked once, at the end. */
  boolean isSame(RowDigest other) {
    return rows == other.rows && Arrays.equals(digest.digest(), other.digest.digest());
  }
}
