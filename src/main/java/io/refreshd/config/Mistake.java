package io.refreshd.config;

import java.util.List;
import java.util.regex.Pattern;

/**
 * One wrong value or unreadable text, or several within one value. Never carries a cause: what a
 * parser says may quote the file, and a secret with it.
 */
final class Mistake extends Exception {

  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 60;

  /** Controls, also those that break lines or turn the direction of text, and half characters. */
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

  private final transient Place place;
  private final String words;
  private final transient List<Mistake> others;

  Mistake(Place place, String words) {
    super(words);
    this.place = place;
    this.words = words;
    this.others = List.of();
  }

  /** Several, one at least. */
  Mistake(List<Mistake> several) {
    super(several.get(0).words);
    this.place = several.get(0).place;
    this.words = several.get(0).words;
    this.others = List.copyOf(several.subList(1, several.size()));
  }

  Place place() {
    return place;
  }

  /** What is wrong; what would be right. */
  String words() {
    return words;
  }

  /** Those within the same value. */
  List<Mistake> others() {
    return others;
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
