package io.refreshd.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/**
 * Says in our words what the YAML parser says in its own: its messages quote the line, so a secret
 * that stands in it would be printed.
 */
final class YamlMistakes {

  /** The parser's marks; the lines that it quotes are indented deeper. */
  private static final Pattern MARK =
      Pattern.compile("^ in reader, line (\\d+), column (\\d+)", Pattern.MULTILINE);

  /** Seen at the next key only: of the parser's marks the first is where it stands. */
  private static final String NO_COLON = "could not find expected ':'";

  private static final Map<String, String> WORDS = words();

  private YamlMistakes() {}

  static Mistake of(SourceFile file, String text, JacksonException e) {
    String said = e.getOriginalMessage();
    return said.startsWith("special characters")
        ? control(file, text)
        : new Mistake(place(file, said, e.getLocation()), "not valid YAML: " + ours(said));
  }

  private static String ours(String said) {
    return WORDS.entrySet().stream()
        .filter(entry -> said.contains(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("the parser does not understand this; mend it, or put the value in quotes");
  }

  private static Place place(SourceFile file, String said, @Nullable TokenStreamLocation other) {
    Place place =
        other == null ? file.whole() : new Place(file, other.getLineNr(), other.getColumnNr());
    for (Matcher mark = MARK.matcher(said); mark.find(); ) {
      place = new Place(file, Integer.parseInt(mark.group(1)), Integer.parseInt(mark.group(2)));
      if (said.contains(NO_COLON)) {
        break;
      }
    }
    return place;
  }

  private static Mistake control(SourceFile file, String text) {
    int line = 1;
    int column = 1;
    for (int c : text.codePoints().takeWhile(YamlMistakes::isPrintable).toArray()) {
      line += c == '\n' ? 1 : 0;
      column = c == '\n' ? 1 : column + 1;
    }
    return new Mistake(
        new Place(file, line, column), "not valid YAML: a control character; remove it");
  }

  /** YAML 1.2.2, section 5.1. */
  private static boolean isPrintable(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || c == 0x85
        || (c >= 0x20 && c <= 0x7e)
        || (c >= 0xa0 && c <= 0xd7ff)
        || (c >= 0xe000 && c <= 0xfffd)
        || c >= 0x10000;
  }

  private static Map<String, String> words() {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("(TAB)", "a tab; indent with blanks");
    words.put(
        "mapping values are not allowed",
        "a second \": \" in one value, or a wrong indentation; put the value in quotes, or indent"
            + " it like its neighbours");
    words.put("found unexpected end of stream", "a quote is opened and not closed");
    words.put("expected ',' or ']'", "a list is opened with [ and not closed; would be [a, b]");
    words.put("expected ',' or '}'", "a mapping is opened with { and not closed");
    words.put(
        "cannot start any token",
        "a value cannot start with this character; put the value in quotes");
    words.put(
        "expected <block end>",
        "this does not fit the lines above it; indent it like its neighbours");
    words.put(
        NO_COLON,
        "a key without a blank after its colon, or without a colon; if a secret stood there, change"
            + " it");
    words.put(
        "unknown escape character",
        "an unknown escape in double quotes; put the value in single quotes");
    words.put("Expected a property name", "a key that is not plain text");
    return words;
  }
}
