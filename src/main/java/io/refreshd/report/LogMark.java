package io.refreshd.report;

import io.refreshd.rotation.LoggedEntry;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * How far a file has got: the number and the hash of its last entry. The hash tells one store's log
 * from another's of the same length.
 */
record LogMark(long seq, String hash) {

  /** Nothing is written yet. */
  static final LogMark BEGINNING = new LogMark(0, "");

  static LogMark of(LoggedEntry entry) {
    return new LogMark(entry.seq(), entry.hash());
  }

  /** The mark of a line; empty if it is not one of {@link LogLine}'s. */
  static Optional<LogMark> parse(String line) {
    try (JsonParser json = Json.FACTORY.createParser(ObjectReadContext.empty(), line)) {
      return json.nextToken() == JsonToken.START_OBJECT ? ofObject(json) : Optional.empty();
    } catch (JacksonException notOurs) {
      return Optional.empty();
    }
  }

  private static Optional<LogMark> ofObject(JsonParser json) {
    long seq = 0;
    String hash = null;
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      JsonToken value = json.nextToken();
      if (name.equals("seq") && value == JsonToken.VALUE_NUMBER_INT) {
        seq = json.getLongValue();
      } else if (name.equals("hash") && value == JsonToken.VALUE_STRING) {
        hash = json.getString();
      } else {
        json.skipChildren();
      }
    }
    return seq > 0 && hash != null ? Optional.of(new LogMark(seq, hash)) : Optional.empty();
  }
}
