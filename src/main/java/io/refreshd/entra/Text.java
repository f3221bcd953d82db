package io.refreshd.entra;

import java.time.Duration;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/** Makes foreign text fit for one line of a log. */
final class Text {

  /** Blanks of all sorts, controls, and what turns or hides text (bidirectional marks). */
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\s\\p{Z}\\p{C}]++");

  private static final int LONGEST_NAME = 200;

  private Text() {}

  /** In one line: blanks, line breaks, no-break spaces and controls become single blanks. */
  static String flat(String text) {
    return isFlat(text) ? text : UNPRINTABLE.matcher(text).replaceAll(" ").strip();
  }

  /** Of ASCII that can be seen, as most ids and codes are: nothing to look for. */
  private static boolean isFlat(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  /** In one line of at most so many characters. */
  static String line(String text, int most) {
    String flat = flat(text);
    return flat.length() <= most ? flat : start(flat, most - 1).stripTrailing() + "…";
  }

  /** So many characters, or one less: half a character is none. */
  private static String start(String text, int length) {
    boolean inPair = Character.isHighSurrogate(text.charAt(length - 1));
    return text.substring(0, inPair ? length - 1 : length);
  }

  /** A name of a certificate, whoever chose it, in one line. */
  static String name(X500Principal name) {
    return line(name.getName(), LONGEST_NAME);
  }

  /** {@code 30 s}, or milliseconds where it is less than a second. */
  static String seconds(Duration duration) {
    return duration.toSeconds() > 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
  }
}
