package io.refreshd.cli;

import java.util.regex.Pattern;

/** A word of a command that a person pastes into a shell. */
final class ShellWord {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._/-]+");

  private ShellWord() {}

  /** The text as the shell is to be told it: as it is, or in quotes. */
  static String of(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
