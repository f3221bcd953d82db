package io.refreshd.alert;

import java.util.Comparator;
import java.util.List;

/**
 * Quotes what others said without what must not be shown: a server may send back the token that it
 * refused, or the path that it does not know.
 */
final class Quotation {

  private static final int LONGEST = 160;
  private static final String GONE = "[…]";

  private final List<String> secrets;

  /**
   * @param secrets exactly what must not be shown
   */
  Quotation(List<String> secrets) {
    this.secrets =
        secrets.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
  }

  /** The first line that is not blank, in quotation marks after a blank; empty if there is none. */
  String firstLine(String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, GONE);
    }
    return clean
        .lines()
        .map(line -> Text.line(line, LONGEST))
        .filter(line -> !line.isEmpty())
        .findFirst()
        .map(line -> " \"" + line + "\"")
        .orElse("");
  }
}
