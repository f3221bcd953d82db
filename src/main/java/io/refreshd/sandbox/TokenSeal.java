package io.refreshd.sandbox;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Refresh tokens as Entra makes them: opaque, about 1.2 KB, with what the server must know sealed
 * inside. So a token needs no memory, and of the oldest one it can still be said when it was
 * issued.
 */
final class TokenSeal {

  private static final String PREFIX = "1.A";
  private static final Pattern SHAPE = Pattern.compile("1\\.A[A-Za-z0-9_-]+");
  private static final int SIZE = 880;
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  private final SecureRandom random = new SecureRandom();
  private final SecretKeySpec key = new SecretKeySpec(random(32), "AES");

  /**
   * What is inside.
   *
   * @param chain the chain's id
   * @param number the token's place in it, from 1
   * @param issuedAt when
   */
  record Note(long chain, int number, Instant issuedAt) {}

  /** Whether the text looks like one of these tokens at all. */
  static boolean isShaped(String token) {
    return SHAPE.matcher(token).matches();
  }

  String close(Note note) {
    Instant issuedAt = note.issuedAt();
    long second = issuedAt.getEpochSecond();
    int nano = issuedAt.getNano();
    ByteBuffer open = ByteBuffer.wrap(random(SIZE));
    open.putLong(note.chain()).putInt(note.number()).putLong(second).putInt(nano);
    byte[] nonce = random(NONCE);
    byte[] sealed = crypt(Cipher.ENCRYPT_MODE, nonce, open.array(), 0);
    byte[] token = ByteBuffer.allocate(NONCE + sealed.length).put(nonce).put(sealed).array();
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  /** What is inside a token; empty if it is not of this seal. */
  Optional<Note> open(String token) {
    if (!isShaped(token)) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(token.substring(PREFIX.length()));
      ByteBuffer open = ByteBuffer.wrap(crypt(Cipher.DECRYPT_MODE, bytes, bytes, NONCE));
      long chain = open.getLong();
      int number = open.getInt();
      return Optional.of(
          new Note(chain, number, Instant.ofEpochSecond(open.getLong(), open.getInt())));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  private byte[] crypt(int mode, byte[] nonce, byte[] text, int from) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce, 0, NONCE));
      return cipher.doFinal(text, from, text.length - from);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not of this seal", e);
    }
  }

  private byte[] random(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }
}
