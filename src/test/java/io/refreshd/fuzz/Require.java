package io.refreshd.fuzz;

import java.util.regex.Pattern;

/** What must hold, whatever came in. Cheap: it is asked some thousand times a second. */
public final class Require {

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}|[\\p{Zl}\\p{Zp}\\p{Cf}]");

  private Require() {}

  public static void that(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  /** A text that people are shown in one line: no controls, nothing that turns or hides text. */
  public static void line(String text, int most) {
    that(!text.isEmpty() && text.length() <= most, "its length is " + text.length());
    that(!CONTROL.matcher(text).find(), "it holds a control character");
    that(isWhole(text), "it holds half a character");
  }

  /** Whether the text has no half of a surrogate pair: that one would not survive a file. */
  public static boolean isWhole(String text) {
    return text.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff);
  }
}
