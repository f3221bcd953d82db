package io.refreshd.config;

import java.nio.charset.StandardCharsets;

/**
 * Why a text is no path here: Java writes names in the characters of the process's locale, and the
 * POSIX locale has ASCII only.
 *
 * @param words what is wrong
 * @param would what would be right
 */
public record NotAPath(String words, String would) {

  /** Of a text that Java refused to take for a path. */
  public static NotAPath of(String text) {
    if (text.indexOf('\0') >= 0) {
      return new NotAPath("is not a path", "one without a NUL character");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      return new NotAPath("is not a path", "one without half a character");
    }
    String locale = System.getProperty("sun.jnu.encoding", "unknown");
    return new NotAPath(
        "cannot be written in this locale (" + locale + ")", "a UTF-8 locale, as LC_ALL=C.UTF-8");
  }
}
