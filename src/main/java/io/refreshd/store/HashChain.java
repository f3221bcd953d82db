package io.refreshd.store;

import io.refreshd.grant.GrantName;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Entry.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The chain of hashes through the rotation log: an entry that is changed, removed or put in breaks
 * every hash after it.
 *
 * <p>The hash of an entry is the SHA-256, in lower-case hex, of the UTF-8 bytes of: the hash before
 * it (64 hex digits), then its fields in this order: at, grant, event, trigger, generation,
 * issuedAt, expiresAt, duration, httpStatus, kind, error, code, suberror, correlationId, traceId,
 * message, fingerprint. A field is its length in bytes, a colon, and its text; an absent one is a
 * single {@code -}. Times are whole microseconds, instants since 1970-01-01T00:00:00Z, in decimal;
 * event, trigger and kind are the words of the log.
 */
public final class HashChain {

  /** The hash before the first entry. */
  public static final String START = "0".repeat(64);

  private final MessageDigest digest;

  private HashChain(String before) {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    digest.update(before.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * The hash of an entry.
   *
   * @param before the hash of the entry before it, {@link #START} for the first
   */
  public static String next(String before, Entry entry) {
    return new HashChain(before).with(entry).hash();
  }

  private HashChain with(Entry entry) {
    GrantName grant = entry.grant();
    Refusal refusal = entry.refusal();
    return with(entry.at())
        .with(grant == null ? null : grant.toString())
        .with(entry.event().word())
        .with(entry.trigger() == null ? null : entry.trigger().word())
        .with(entry.generation())
        .with(entry.issuedAt())
        .with(entry.expiresAt())
        .with(entry.duration())
        .with(entry.httpStatus())
        .with(refusal == null ? null : refusal.kind().word())
        .with(refusal == null ? null : refusal.error())
        .with(refusal == null ? null : refusal.code())
        .with(refusal == null ? null : refusal.suberror())
        .with(entry.correlationId())
        .with(entry.traceId())
        .with(entry.message())
        .with(entry.fingerprint());
  }

  private HashChain with(@Nullable Instant instant) {
    return with(Micros.ofNullable(instant));
  }

  private HashChain with(@Nullable Duration duration) {
    return with(Micros.ofNullable(duration));
  }

  private HashChain with(@Nullable Number number) {
    return with(number == null ? null : number.toString());
  }

  private HashChain with(@Nullable String text) {
    if (text == null) {
      digest.update((byte) '-');
    } else {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
      digest.update(bytes);
    }
    return this;
  }

  private String hash() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
