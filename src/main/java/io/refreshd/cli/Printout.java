package io.refreshd.cli;

/**
 * A result of any number of lines. It ends when nobody reads it any more ({@code refreshd log |
 * head}), which a stream says only when it is asked.
 */
final class Printout {

  private static final int BETWEEN_LOOKS = 1_000;

  private final Console console;
  private long lines;

  Printout(Console console) {
    this.console = console;
  }

  /** Whether there was a line. */
  boolean isAny() {
    return lines > 0;
  }

  /**
   * Prints a line of it.
   *
   * @throws ReaderGoneException if it is for nobody
   */
  void line(String line) {
    console.print(line);
    lines++;
    if (lines % BETWEEN_LOOKS == 0 && console.isReaderGone()) {
      throw new ReaderGoneException();
    }
  }
}
