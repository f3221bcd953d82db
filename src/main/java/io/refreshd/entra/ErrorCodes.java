package io.refreshd.entra;

import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the number that decides, where an answer holds one or several. Entra's are {@code AADSTS…},
 * known here by their digits; those of Azure AD B2C are another set, known here by their whole
 * name, {@code AADB2C90080}.
 */
final class ErrorCodes {

  private static final Pattern CODE = Pattern.compile("[1-9][0-9]{3,9}");

  private static final Pattern IN_TEXT = Pattern.compile("AADSTS([1-9][0-9]{3,9})(?![0-9])");
  private static final Pattern OF_B2C = Pattern.compile("(AADB2C[1-9][0-9]{3,9})(?![0-9])");

  /** Umbrellas: v1 puts them first and the reason after, {@code [70002, 70008]}. */
  private static final Set<String> GENERIC = Set.of("70002", "50000", "70000");

  private static final int MOST = 16;

  private ErrorCodes() {}

  static boolean isCode(String text) {
    return CODE.matcher(text).matches();
  }

  /**
   * The most specific of the numbers, which stands last; umbrellas count only if nothing else is
   * there, and among the rest those that we know count first. The description is asked where {@code
   * error_codes} is missing or empty, as behind some proxies, and always in B2C's answers.
   *
   * @return {@code null} if there is none
   */
  static @Nullable String decisive(AnswerFields fields) {
    List<String> codes = codes(fields);
    List<String> specific = codes.stream().filter(code -> !GENERIC.contains(code)).toList();
    List<String> candidates = specific.isEmpty() ? codes : specific;
    List<String> known = candidates.stream().filter(code -> ErrorTable.find(code) != null).toList();
    return last(known.isEmpty() ? candidates : known);
  }

  /** The name that people know it by: {@code AADSTS700082}, {@code AADB2C90080}. */
  static String name(String code) {
    return isCode(code) ? "AADSTS" + code : code;
  }

  private static List<String> codes(AnswerFields fields) {
    String description = fields.value("error_description");
    if (!fields.codes().isEmpty() || description == null) {
      return fields.codes();
    }
    List<String> ofEntra = find(IN_TEXT, description);
    return ofEntra.isEmpty() ? find(OF_B2C, description) : ofEntra;
  }

  private static List<String> find(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .limit(MOST)
        .toList();
  }

  private static @Nullable String last(List<String> codes) {
    return codes.isEmpty() ? null : codes.get(codes.size() - 1);
  }
}
