package io.refreshd.alert;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Makes texts fit: they quote servers, which may say anything at any length. */
final class Text {

  /** Blanks of all sorts, controls, and what turns or hides text (bidirectional marks). */
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\s\\p{Z}\\p{C}]++");

  private Text() {}

  /** In one line: blanks, line breaks and controls become single blanks. */
  static String flat(String text) {
    return UNPRINTABLE.matcher(text).replaceAll(" ").strip();
  }

  /** In one line of at most so many characters. */
  static String line(String text, int most) {
    String flat = flat(text);
    if (flat.length() <= most) {
      return flat;
    }
    int end = Character.isHighSurrogate(flat.charAt(most - 2)) ? most - 2 : most - 1;
    return flat.substring(0, end).stripTrailing() + "…";
  }

  /** Breaks a flat text at blanks into lines; a word that is longer than a line stays whole. */
  static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /** {@code 30 s}, or milliseconds where it is less than a second. */
  static String span(Duration duration) {
    return duration.toSeconds() > 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
  }
}
