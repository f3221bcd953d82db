package io.refreshd.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A table of the documentation, so that a test can hold it to the program. */
public final class MarkdownTable {

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private MarkdownTable() {}

  /**
   * The rows of the table whose first column has that head.
   *
   * @param file under {@code docs}
   */
  public static List<List<String>> rows(String file, String head) {
    List<String> lines = lines(Path.of("docs", file));
    int start = lines.indexOf(firstStartingWith(lines, "| " + head + " |"));
    return lines.stream()
        .skip(start + 2L)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> Arrays.stream(line.split("\\|")).skip(1).map(String::strip).toList())
        .toList();
  }

  /** What stands {@code so} in a cell. */
  public static List<String> words(String cell) {
    return CODE.matcher(cell).results().map((MatchResult match) -> match.group(1)).toList();
  }

  private static String firstStartingWith(List<String> lines, String head) {
    return lines.stream()
        .filter(line -> line.startsWith(head))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no table with " + head));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
