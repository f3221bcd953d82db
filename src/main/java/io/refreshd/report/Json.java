package io.refreshd.report;

import java.io.StringWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** Writes JSON objects on one line; an absent value is written as {@code null}, never left out. */
final class Json {

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .characterEscapes(new InvisibleCharacterEscapes())
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(
              StreamWriteFeature.AUTO_CLOSE_CONTENT) // what fails half-way is not to look whole
          .build();

  private Json() {}

  /** One object, without a line break. */
  static String object(Consumer<JsonGenerator> properties) {
    StringWriter text = new StringWriter(512);
    object(text, properties);
    return text.toString();
  }

  /** Writes one object, without a line break, and leaves the writer open. */
  static void object(Writer to, Consumer<JsonGenerator> properties) {
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), to)) {
      json.writeStartObject();
      properties.accept(json);
      json.writeEndObject();
    }
  }

  /** A text, or what prints as one: an instant prints as ISO-8601 in UTC, a grant as its name. */
  static void text(JsonGenerator json, String name, @Nullable Object value) {
    json.writeName(name);
    if (value == null) {
      json.writeNull();
    } else {
      json.writeString(value.toString());
    }
  }

  static void number(JsonGenerator json, String name, @Nullable Number value) {
    json.writeName(name);
    if (value == null) {
      json.writeNull();
    } else {
      json.writeNumber(value instanceof BigDecimal d ? d.toPlainString() : value.toString());
    }
  }
}
