package io.refreshd.entra;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/** Walks once over the members of a JSON object, within bounds. */
final class Json {

  private static final int DEEPEST = 500;

  /**
   * Keeps no buffers: the last answer's tokens would stay in them; and no names, which are a
   * server's to choose. Numbers are texts here, and are as little worked on: the size of the whole
   * bounds them.
   */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxNumberLength(WireLimits.DEFAULTS.bodyBytes())
                  .maxNameLength(WireLimits.DEFAULTS.bodyBytes())
                  .maxStringLength(WireLimits.DEFAULTS.bodyBytes())
                  .build())
          .build();

  private Json() {}

  /** Takes one member of the object; a value that it leaves unread is skipped. */
  @FunctionalInterface
  interface Member {
    void take(String name, JsonParser value);
  }

  /**
   * Hands over each member. What follows the object is not read.
   *
   * @return whether it is an object, whole and within bounds
   */
  static boolean read(char[] text, int length, Member member) {
    int start = length > 0 && text[0] == '\uFEFF' ? 1 : 0;
    try (JsonParser parser =
        FACTORY.createParser(ObjectReadContext.empty(), text, start, length - start)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        parser.nextToken();
        member.take(name, parser);
        parser.skipChildren();
      }
      return parser.currentToken() == JsonToken.END_OBJECT;
    } catch (JacksonException e) {
      return false;
    }
  }

  /** The value as text, if it is a string or a number; {@code null} if it is anything else. */
  static @Nullable String scalar(JsonParser value) {
    JsonToken token = value.currentToken();
    boolean plain = token == JsonToken.VALUE_STRING || (token != null && token.isNumeric());
    return plain ? value.getString() : null;
  }

  /** The value, if it is a string. */
  static @Nullable String string(JsonParser value) {
    return value.currentToken() == JsonToken.VALUE_STRING ? value.getString() : null;
  }
}
