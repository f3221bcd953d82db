package io.refreshd.entra;

import io.refreshd.rotation.RefusalKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the AADSTS numbers mean, from {@code aadsts.tsv}, and those of Azure AD B2C, from {@code
 * aadb2c.tsv}: code, OAuth error, class, meaning, source. The classes are a judgement; Microsoft
 * publishes none.
 */
final class ErrorTable {

  /** Up to the first semicolon, those in brackets not counted. */
  private static final Pattern FIRST = Pattern.compile("(?:\\([^()]*+\\)|(?!; ).)*+");

  private static final Pattern REMARK = Pattern.compile("\\s*+\\([^()]*+\\)$");

  /** Read when the first error comes, once. */
  private static final class Loaded {
    static final Map<String, Row> ROWS = load();
  }

  /**
   * @param cause a short one, for a person
   */
  record Row(RefusalKind kind, String cause) {}

  private ErrorTable() {}

  /** The row of a number; {@code null} if we do not know it. */
  static @Nullable Row find(String code) {
    return Loaded.ROWS.get(code);
  }

  private static Map<String, Row> load() {
    return Stream.of("aadsts.tsv", "aadb2c.tsv")
        .flatMap(ErrorTable::lines)
        .map(line -> line.split("\t", -1))
        .collect(Collectors.toUnmodifiableMap(row -> row[0], ErrorTable::row));
  }

  private static Stream<String> lines(String file) {
    try (InputStream in = ErrorTable.class.getResourceAsStream(file)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().skip(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Row row(String[] columns) {
    return new Row(kind(columns[2]), cause(columns[3]));
  }

  private static RefusalKind kind(String clazz) {
    return clazz.equals("TOKEN_DEAD") ? RefusalKind.DEAD : RefusalKind.valueOf(clazz);
  }

  /** The meaning up to its first semicolon, without a closing remark in brackets. */
  private static String cause(String meaning) {
    Matcher first = FIRST.matcher(meaning);
    return REMARK.matcher(first.lookingAt() ? first.group() : meaning).replaceFirst("");
  }
}
