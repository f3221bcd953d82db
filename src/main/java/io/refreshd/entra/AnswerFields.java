package io.refreshd.entra;

import io.refreshd.grant.RefreshToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What we read of an answer's JSON (RFC 6749 sections 5.1 and 5.2, and Entra's additions). Lenient:
 * v1 sends numbers as strings; unknown members and values of another type are passed over; of a
 * member that stands twice the last usable value counts.
 */
final class AnswerFields {

  private static final int MOST_CODES = 16;
  private static final Set<String> STRINGS =
      Set.of(
          "access_token", "error", "suberror", "error_description", "correlation_id", "trace_id");

  /** What a new refresh token is good for, in seconds. */
  static final String LIFETIME = "refresh_token_expires_in";

  static final String LIFETIME_OF_KEYCLOAK = "refresh_expires_in";

  private final Map<String, String> values = new HashMap<>();
  private final List<String> codes = new ArrayList<>();
  private @Nullable RefreshToken successor;
  private boolean hasUnusableToken;
  private boolean whole;

  /** Of an answer that is no JSON object. */
  static final AnswerFields NONE = new AnswerFields();

  private AnswerFields() {}

  /** The fields of a JSON object, as far as it is one. Never throws. */
  static AnswerFields read(Body body) {
    AnswerFields fields = new AnswerFields();
    fields.whole = Json.read(body.chars(), body.length(), fields::take);
    return fields;
  }

  /** Whether the body was a JSON object from its beginning to its end. */
  boolean isWhole() {
    return whole;
  }

  /**
   * The refresh token; {@code null} if there is none. It counts even if the object is broken behind
   * it: the server has issued it, and it was read to its closing quote.
   */
  @Nullable RefreshToken successor() {
    return successor;
  }

  /** Whether there is no successor, although the server has issued one: it cannot be taken. */
  boolean isSuccessorUnusable() {
    return successor == null && hasUnusableToken;
  }

  private void take(String name, JsonParser value) {
    if (name.equals("refresh_token")) {
      keepSuccessor(value);
    } else if (STRINGS.contains(name)) {
      keep(name, Json.string(value));
    } else if (name.equals(LIFETIME) || name.equals(LIFETIME_OF_KEYCLOAK)) {
      keep(name, Json.scalar(value));
    } else if (name.equals("error_codes")) {
      takeCodes(value);
    }
  }

  /** What is no token leaves an earlier one as it is. */
  private void keepSuccessor(JsonParser value) {
    String text = Json.string(value);
    if (text == null) {
      hasUnusableToken |= value.currentToken() != JsonToken.VALUE_NULL;
    } else if (!text.isBlank()) {
      try {
        successor = RefreshToken.of(text);
      } catch (IllegalArgumentException e) {
        hasUnusableToken = true;
      }
    }
  }

  private void keep(String name, @Nullable String value) {
    if (value != null && !value.isBlank()) {
      values.put(name, value);
    }
  }

  /** An array of numbers, by the documents; a single one and numbers as strings will do. */
  private void takeCodes(JsonParser value) {
    if (value.currentToken() != JsonToken.START_ARRAY) {
      takeCode(value);
      return;
    }
    while (value.nextToken() != JsonToken.END_ARRAY) {
      takeCode(value);
      value.skipChildren();
    }
  }

  private void takeCode(JsonParser value) {
    String code = Json.scalar(value);
    if (code != null && codes.size() < MOST_CODES && ErrorCodes.isCode(code)) {
      codes.add(code);
    }
  }

  /** The last usable value of a member; {@code null} if there is none. */
  @Nullable String value(String name) {
    return values.get(name);
  }

  /** The numbers of {@code error_codes}, in their order. */
  List<String> codes() {
    return codes;
  }

  /** Whether the answer says that it is an error, be it the server's or that of a proxy. */
  boolean isError() {
    return values.containsKey("error") || !codes.isEmpty();
  }
}
