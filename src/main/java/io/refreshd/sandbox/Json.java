package io.refreshd.sandbox;

import java.io.StringWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Flat JSON objects: what token endpoints and tokens are made of. */
final class Json {

  static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /** An object of texts, whole numbers and lists of them; what is {@code null} is left out. */
  static String object(Map<String, ? extends @Nullable Object> properties) {
    StringWriter text = new StringWriter(2048);
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      properties.forEach(
          (name, value) -> {
            if (value != null) {
              json.writeName(name);
              write(json, value);
            }
          });
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, Object value) {
    if (value instanceof Number number) {
      json.writeNumber(number.longValue());
    } else if (value instanceof Iterable<?> values) {
      json.writeStartArray();
      values.forEach(each -> write(json, each));
      json.writeEndArray();
    } else {
      json.writeString(value.toString());
    }
  }
}
