package io.refreshd.entra;

import io.refreshd.rotation.Entry.Refusal;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a person reads about an answer that brought no token: our cause, then the server's words.
 */
final class Wording {

  /** Of a message, in characters. */
  static final int LONGEST = 300;

  static final String NO_REFRESH_TOKEN =
      "the answer holds no refresh token: was the scope offline_access granted, and may the client"
          + " have one? the stored token is kept";

  static final String UNUSABLE_REFRESH_TOKEN =
      "the answer holds a refresh token that cannot be taken: it is no text, or holds a control"
          + " character or what is not UTF-8 (RFC 6749, appendix A.17)";

  private static final int SHORTEST_QUOTE = 80;

  /**
   * Where Entra's explanation ends and its ids begin; older answers break the line there. The
   * blanks before it are no part of this: to look for them takes minutes where a server sends
   * 60,000.
   */
  private static final Pattern TAIL = Pattern.compile("[\\r\\n]|Trace ID:|Correlation ID:");

  private Wording() {}

  /** {@code AADSTS700082 (its cause): "the server's first line"}. */
  static String error(
      int status, Refusal refusal, @Nullable String description, Scrubber scrubber) {
    String head = status == 429 ? "too many requests (429), " : "";
    head += refusal.code() == null ? words(refusal) : numbered(refusal.code(), refusal);
    if (description == null) {
      return Text.line(head, LONGEST);
    }
    String cut = Text.line(head, LONGEST - SHORTEST_QUOTE);
    String quote = scrubber.clean(firstLine(description, refusal.code()));
    return cut + ": \"" + Text.line(quote, LONGEST - cut.length() - 4) + "\"";
  }

  /** Why an answer is none of a token endpoint's. */
  static String unusable(Exchanged.Answer answer, @Nullable AnswerFields fields) {
    int status = answer.status();
    if (answer.flaw() != null) {
      return "the answer (" + status + ") " + answer.flaw();
    }
    if (status / 100 == 3) {
      String target = target(answer.header("Location"));
      return "the answer is a redirect (" + status + target + "): a proxy or a sign-in page?";
    }
    String size = String.format(Locale.ROOT, "%,d characters", answer.body().length());
    String coding = answer.header("Content-Encoding");
    if (fields == null && coding != null) {
      return "the answer is compressed (" + Text.line(coding, 40) + "), which was not asked for";
    }
    if (fields == null) {
      return "the answer is not JSON ("
          + (status + ", " + type(answer) + ", " + size)
          + "): a proxy or a sign-in page?";
    }
    String error = fields.value("error");
    return "the answer ("
        + (status + ", " + size)
        + (error == null
            ? ") is JSON, but not a token endpoint's: is the URL right?"
            : ") is JSON, but its error is none of OAuth: a gateway's? it says \"" + error + "\"");
  }

  private static String numbered(String code, Refusal refusal) {
    ErrorTable.Row row = ErrorTable.find(code);
    String cause = row == null ? "a number we do not know, " + words(refusal) : row.cause();
    return ErrorCodes.name(code) + " (" + cause + ")";
  }

  private static String words(Refusal refusal) {
    String error = refusal.error() == null ? "no error code" : refusal.error();
    return refusal.suberror() == null ? error : error + ", " + refusal.suberror();
  }

  private static String firstLine(String description, @Nullable String code) {
    String own = code == null ? description : description.replace(ErrorCodes.name(code) + ":", "");
    return TAIL.split(own.strip(), 2)[0].strip();
  }

  private static String target(@Nullable String location) {
    try {
      String host = location == null ? null : URI.create(location).getHost();
      return host == null ? "" : " to " + host;
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static String type(Exchanged.Answer answer) {
    String type = answer.header("Content-Type");
    return type == null ? "no type" : Text.line(type.split(";", 2)[0], 40);
  }
}
