package io.refreshd.config;

import java.util.regex.Pattern;

/**
 * One wrong value or unreadable text. Never carries a cause: what a parser says may quote the file,
 * and a secret with it.
 */
final class Mistake extends Exception {

  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 60;

  /** Controls, also those that break lines or turn the direction of text, and half characters. */
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

  private final transient Place place;
  private final String words;

  Mistake(Place place, String words) {
    super(words);
    this.place = place;
    this.words = words;
  }

  Place place() {
    return place;
  }

  /** What is wrong; what would be right. */
  String words() {
    return words;
  }

  /** Text of the file, fit for one line of a message. Not for what may be a secret. */
  static String quoted(String text) {
    String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    return "\"" + printable(cut) + "\"";
  }

  /** Text of the file, in one line. */
  static String printable(String text) {
    return UNPRINTABLE.matcher(text).replaceAll("?");
  }
}
