package io.refreshd.config;

import io.refreshd.config.TokenLifetimePolicy.Setting;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** What is known of token lifetime policies, as one JSON document. */
public final class PolicyDocument {

  private static final JsonFactory JSON = new JsonFactory();

  private PolicyDocument() {}

  /** The document, on one line; absent values are {@code null}, durations are seconds. */
  public static String of(List<TokenLifetimePolicy> policies) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeArrayPropertyStart("policies");
      policies.forEach(policy -> write(json, policy));
      json.writeEndArray();
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, TokenLifetimePolicy policy) {
    json.writeStartObject();
    json.writeStringProperty("file", policy.file());
    text(json, "name", policy.name());
    json.writeArrayPropertyStart("properties");
    policy.settings().forEach(setting -> write(json, setting.property(), setting));
    policy.absent().forEach(property -> write(json, property, null));
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(
      JsonGenerator json, PolicyProperty property, @Nullable Setting setting) {
    json.writeStartObject();
    json.writeStringProperty("property", property.word());
    text(json, "value", setting == null ? null : setting.written());
    seconds(json, "seconds", setting == null ? null : setting.duration());
    json.writeStringProperty("affects", property.affects());
    json.writeStringProperty("default", property.standard());
    seconds(json, "minimum", property.minimum());
    seconds(json, "maximum", property.maximum());
    json.writeBooleanProperty("honoured", property.isHonoured());
    text(json, "ignoredSince", property.isHonoured() ? null : PolicyProperty.RETIRED_ON.toString());
    text(json, "instead", property.instead().orElse(null));
    json.writeStringProperty("schedule", property.schedule());
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String name, @Nullable String value) {
    json.writeName(name);
    if (value == null) {
      json.writeNull();
    } else {
      json.writeString(value);
    }
  }

  private static void seconds(JsonGenerator json, String name, @Nullable Duration value) {
    json.writeName(name);
    if (value == null) {
      json.writeNull();
    } else {
      json.writeNumber(value.toSeconds());
    }
  }
}
