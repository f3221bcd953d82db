package io.refreshd.report;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.io.SerializedString;

/**
 * Escapes what JSON allows as it is, but what some readers take for the end of a line (U+0085,
 * U+2028, U+2029) and what a terminal obeys (U+009B) or a person cannot see (U+202E): messages
 * quote servers, and the lines are read with {@code tail}.
 */
final class InvisibleCharacterEscapes extends CharacterEscapes {

  private static final long serialVersionUID = 1L;
  private static final HexFormat HEX = HexFormat.of();
  private static final int[] ASCII = ascii();

  @Override
  public int[] getEscapeCodesForAscii() {
    return ASCII;
  }

  @Override
  public @Nullable SerializableString getEscapeSequence(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          new SerializedString("\\u" + HEX.toHexDigits((char) character));
      default -> null;
    };
  }

  private static int[] ascii() {
    int[] escapes = standardAsciiEscapesForJSON();
    escapes[0x7f] = ESCAPE_STANDARD;
    return escapes;
  }
}
