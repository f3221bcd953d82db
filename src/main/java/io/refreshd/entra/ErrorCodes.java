package io.refreshd.entra;

import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the AADSTS number that decides, where an answer holds one or several. */
final class ErrorCodes {

  private static final Pattern CODE = Pattern.compile("[1-9][0-9]{3,9}");

  /** B2C's own numbers are AADB2C… and do not match. */
  private static final Pattern IN_TEXT = Pattern.compile("AADSTS([1-9][0-9]{3,9})(?![0-9])");

  /** Umbrellas: v1 puts them first and the reason after, {@code [70002, 70008]}. */
  private static final Set<String> GENERIC = Set.of("70002", "50000", "70000");

  private ErrorCodes() {}

  static boolean isCode(String text) {
    return CODE.matcher(text).matches();
  }

  /**
   * The most specific of the numbers, which stands last; umbrellas count only if nothing else is
   * there, and among the rest those that we know count first. The description is asked where {@code
   * error_codes} is missing or empty, as behind some proxies.
   *
   * @return {@code null} if there is none
   */
  static @Nullable String decisive(AnswerFields fields) {
    List<String> codes = fields.codes().isEmpty() ? inText(fields) : fields.codes();
    List<String> specific = codes.stream().filter(code -> !GENERIC.contains(code)).toList();
    List<String> candidates = specific.isEmpty() ? codes : specific;
    List<String> known = candidates.stream().filter(code -> ErrorTable.find(code) != null).toList();
    return last(known.isEmpty() ? candidates : known);
  }

  private static List<String> inText(AnswerFields fields) {
    String description = fields.value("error_description");
    return description == null
        ? List.of()
        : IN_TEXT
            .matcher(description)
            .results()
            .map((MatchResult match) -> match.group(1))
            .limit(16)
            .toList();
  }

  private static @Nullable String last(List<String> codes) {
    return codes.isEmpty() ? null : codes.get(codes.size() - 1);
  }
}
