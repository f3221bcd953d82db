package io.refreshd.grant;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A refresh token: whoever holds it is the user. Nothing printable shows it; {@link #reveal()} is
 * the one way to its text, and the build allows that call in few places.
 */
public final class RefreshToken {

  private final String text;

  /** Hashed when first asked for, then kept: a rotation asks more than once. */
  private @Nullable String fingerprint;

  private RefreshToken(String text) {
    this.text = text;
  }

  /**
   * Wraps a token's text.
   *
   * @throws IllegalArgumentException if the text is blank, or holds a control character (RFC 6749
   *     appendix A.17 allows none, but a blank inside), or what no UTF-8 can hold, or was none: it
   *     would be another token once it was stored
   */
  public static RefreshToken of(String text) {
    for (int i = 0; i < text.length(); i++) {
      // nearly every character of nearly every token is of these
      if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
        refuseUnusual(text);
        break;
      }
    }
    if (text.isEmpty()) {
      throw new IllegalArgumentException("the refresh token is empty");
    }
    return new RefreshToken(text);
  }

  private static void refuseUnusual(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("the refresh token is empty");
    }
    if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw new IllegalArgumentException(
          "the refresh token holds a line break or another control character");
    }
    if (text.codePoints().anyMatch(RefreshToken::isNoCharacter)) {
      throw new IllegalArgumentException("the refresh token is not whole: it is not UTF-8 text");
    }
  }

  /** Half a pair of surrogates, or what stands for bytes that were not UTF-8. */
  private static boolean isNoCharacter(int c) {
    return (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) || c == 0xfffd;
  }

  /** The token itself, for the wire and for sealing. */
  public String reveal() {
    return text;
  }

  /** {@code sha256:} and the first 12 hex digits of the token's SHA-256: tells tokens apart. */
  public String fingerprint() {
    String known = fingerprint;
    if (known == null) {
      known = fingerprint(text);
      fingerprint = known;
    }
    return known;
  }

  private static String fingerprint(String text) {
    try {
      byte[] clear = text.getBytes(StandardCharsets.UTF_8);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(clear);
      Arrays.fill(clear, (byte) 0);
      return "sha256:" + HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other == this || (other instanceof RefreshToken that && isSame(text, that.text));
  }

  /** In a time that does not tell how much of them is the same. */
  private static boolean isSame(String one, String other) {
    int differences = one.length() ^ other.length();
    for (int i = 0; i < Math.min(one.length(), other.length()); i++) {
      differences |= one.charAt(i) ^ other.charAt(i);
    }
    return differences == 0;
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return "RefreshToken(" + fingerprint() + ")";
  }
}
