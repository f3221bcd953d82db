package io.refreshd.rotation;

import io.refreshd.grant.GrantName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;

/**
 * A stable place between -1 and 1, by a hash: so that grants enrolled together do not fall due
 * together, and the same grant always falls due at the same place.
 */
final class Slot {

  /** To look the algorithm up costs as much as the hash. */
  private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Slot::sha256);

  private Slot() {}

  /** For a grant, whatever its generation. */
  static double of(GrantName grant) {
    return of(grant.toString());
  }

  /** For one attempt at a grant: retries of grants that failed together part ways. */
  static double of(GrantName grant, int generation, int failures) {
    return of(grant + "#" + generation + "#" + failures);
  }

  /** The duration, moved by up to {@code share} of itself. */
  static Duration moved(Duration duration, double share, double slot) {
    double factor = 1 + share * slot;
    return Duration.ofMillis(Math.round(duration.toMillis() * factor));
  }

  private static double of(String text) {
    byte[] hash = SHA_256.get().digest(text.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(hash).getInt() / 0x1p31;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
