package io.refreshd.grant;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A secret that is not a token: a client secret, a key file's password. Never printed. */
public final class Secret {

  private final String text;

  private Secret(String text) {
    this.text = text;
  }

  /**
   * Wraps a secret's text.
   *
   * @throws IllegalArgumentException if the text is empty: Entra answers an empty secret with
   *     7000218, which looks like a revoked credential
   */
  public static Secret of(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("the secret is empty");
    }
    return new Secret(text);
  }

  /** The secret itself, for the wire. */
  public String reveal() {
    return text;
  }

  /**
   * Tells that a secret was replaced by another, and nothing more: two bytes of its hash, so few
   * that nobody can find a weak secret by them.
   */
  public String mark() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return "Secret(redacted)";
  }
}
