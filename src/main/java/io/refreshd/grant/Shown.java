package io.refreshd.grant;

/**
 * What a person typed, fit for a message. It may be a token that got into the wrong place, and
 * messages stand in terminals, journals and mails: of what is long only the beginning is shown.
 */
public final class Shown {

  /** Of a word, or of either side of a slash; tokens are longer. */
  private static final int LONGEST = 32;

  private static final int BEGINNING = 4;

  private Shown() {}

  /** The text, as far as it may be shown. */
  public static String of(String text) {
    int slash = text.indexOf('/');
    boolean isPair = slash > 0 && text.indexOf('/', slash + 1) < 0;
    return isPair
        ? cut(text.substring(0, slash)) + "/" + cut(text.substring(slash + 1))
        : cut(text);
  }

  private static String cut(String part) {
    return part.length() <= LONGEST ? part : part.substring(0, BEGINNING) + "…";
  }
}
