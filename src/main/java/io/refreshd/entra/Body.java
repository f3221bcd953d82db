package io.refreshd.entra;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;

/**
 * The text of an answer. It holds tokens, so it is in memory of its own that can be wiped, which
 * that of a {@code String} cannot.
 */
final class Body {

  /** Of an answer that is not whole. */
  static final Body NONE = new Body(new char[0], 0);

  private final char[] chars;
  private final int length;

  private Body(char[] chars, int length) {
    this.chars = chars;
    this.length = length;
  }

  /**
   * Reads UTF-8. Bytes that are none become replacement characters: a wrongly coded description
   * must not cost us the rest.
   */
  static Body of(byte[] bytes, int length) {
    CharsetDecoder decoder =
        UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    char[] chars = new char[length]; // UTF-8 has at least a byte for each
    CharBuffer out = CharBuffer.wrap(chars);
    decoder.decode(ByteBuffer.wrap(bytes, 0, length), out, true);
    decoder.flush(out);
    return new Body(chars, out.position());
  }

  char[] chars() {
    return chars;
  }

  /** In characters. */
  int length() {
    return length;
  }

  void wipe() {
    Arrays.fill(chars, '\0');
  }

  /** Never shows the text. */
  @Override
  public String toString() {
    return "Body(" + length + ")";
  }
}
