package io.refreshd.entra;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes secrets out of a server's text: those that we sent, and whatever looks like one. Also masks
 * e-mail addresses; Entra puts names of users into its errors.
 */
final class Scrubber {

  private static final String GONE = "[…]";

  /** Longer than any word or GUID, without a dot or a slash: an opaque token, a hash. */
  private static final Pattern OPAQUE = Pattern.compile("[A-Za-z0-9_+=~%-]{40}");

  private static final Pattern RUN = Pattern.compile("[A-Za-z0-9_+=~%./-]{40,}+");

  private static final Pattern ADDRESS =
      Pattern.compile("[^\\s@\"'<>(),;:]{1,64}+@(?=[A-Za-z0-9-]{1,63}+\\.)");

  private final List<String> secrets;

  /** Made when first asked for: an answer is asked about many times, or not at all. */
  private @Nullable List<String> inOneLine;

  /**
   * @param secrets exactly what must not be shown
   */
  Scrubber(List<String> secrets) {
    this.secrets = secrets;
  }

  /** The text in one line, without secrets. */
  String clean(String text) {
    String clean = Text.flat(text);
    for (String secret : inOneLine()) {
      clean = clean.replace(secret, GONE);
    }
    clean = RUN.matcher(clean).replaceAll(Scrubber::masked);
    return ADDRESS.matcher(clean).replaceAll("…@");
  }

  /** Whether a secret stands in a line. */
  boolean holdsSecret(String line) {
    for (String secret : inOneLine()) {
      if (line.contains(secret)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The secrets and their forms on the wire, as they stand in a text of one line: a client's secret
   * may hold blanks, and a server may break the line there. The longest first, one may be a part of
   * another.
   */
  private List<String> inOneLine() {
    List<String> known = inOneLine;
    if (known == null) {
      known = secretsInOneLine();
      inOneLine = known;
    }
    return known;
  }

  /** Without streams: that is done for each rotation. */
  private List<String> secretsInOneLine() {
    List<String> all = new ArrayList<>();
    for (String secret : secrets) {
      if (TokenForm.isPlain(secret)) {
        all.add(secret);
      } else {
        all.add(Text.flat(secret));
        all.add(Text.flat(TokenForm.encoded(secret)));
      }
    }
    all.removeIf(String::isEmpty);
    all.sort(Comparator.comparingInt(String::length).reversed());
    return all;
  }

  private static String masked(MatchResult run) {
    return looksSecret(run.group()) ? GONE : Matcher.quoteReplacement(run.group());
  }

  /** A URL is long, too, but of one case; a JWT or base64 mixes cases and digits. */
  private static boolean looksSecret(String run) {
    return OPAQUE.matcher(run).find()
        || (run.chars().anyMatch(c -> c >= 'a' && c <= 'z')
            && run.chars().anyMatch(c -> c >= 'A' && c <= 'Z')
            && run.chars().anyMatch(c -> c >= '0' && c <= '9'));
  }

  /** A code word or id of a server; {@code null} if it is none, or longer than any. */
  @Nullable String word(@Nullable String text) {
    return text != null
            && isWord(text)
            && secrets.stream().noneMatch(text::contains)
            && !OPAQUE.matcher(text).find()
        ? text
        : null;
  }

  private static boolean isWord(String text) {
    return !text.isEmpty()
        && text.length() <= 64
        && text.chars().allMatch(c -> c == '_' || c == '-' || c == '.' || isLetterOrDigit(c));
  }

  private static boolean isLetterOrDigit(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
