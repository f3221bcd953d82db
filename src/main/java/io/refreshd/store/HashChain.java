package io.refreshd.store;

import io.refreshd.rotation.Entry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The chain of hashes through the rotation log: an entry that is changed, removed or put in breaks
 * every hash after it.
 *
 * <p>The hash of an entry is the SHA-256, in lower-case hex, of the UTF-8 bytes of: the hash before
 * it (64 hex digits), then its fields in this order: at, grant, event, trigger, generation,
 * issuedAt, expiresAt, duration, httpStatus, kind, error, code, suberror, correlationId, traceId,
 * message, fingerprint, and if there is one the node. A field is its length in bytes, a colon, and
 * its text; an absent one is a single {@code -}. Times are whole microseconds, instants since
 * 1970-01-01T00:00:00Z, in decimal; event, trigger and kind are the words of the log.
 */
public final class HashChain {

  /** The hash before the first entry. */
  public static final String START = "0".repeat(64);

  private HashChain() {}

  /**
   * The hash of an entry.
   *
   * @param before the hash of the entry before it, {@link #START} for the first
   * @param node who wrote it, as in {@code LoggedEntry}
   */
  public static String next(String before, Entry entry, @Nullable String node) {
    return next(before, HashedFields.of(entry), HashedFields.ofNode(node));
  }

  /** The hash of an entry whose fields are written out, in one piece or more. */
  static String next(String before, byte[]... fields) {
    MessageDigest digest = sha256();
    digest.update(before.getBytes(StandardCharsets.US_ASCII));
    for (byte[] some : fields) {
      digest.update(some);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
