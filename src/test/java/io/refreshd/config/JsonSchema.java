package io.refreshd.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes the table of keys as a JSON schema, for editors. */
final class JsonSchema {

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private JsonSchema() {}

  /** Writes {@code config/refreshd.schema.json} anew. */
  static void write(Path file) throws IOException {
    Files.writeString(file, text());
  }

  static String text() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "refreshd.yaml, and the files that it includes");
    schema.putAll(object(Level.TOP));
    return JSON.writeValueAsString(schema).replace("\r\n", "\n") + "\n";
  }

  private static Map<String, Object> object(Level level) {
    Map<String, Object> properties = new LinkedHashMap<>();
    Keys.at(level).forEach(key -> properties.put(key.name(), property(key)));
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("type", "object");
    object.put("additionalProperties", false);
    List<String> required = required(level);
    if (!required.isEmpty()) {
      object.put("required", required);
    }
    object.put("properties", properties);
    return object;
  }

  /** What a grant needs may come from its tenant or the defaults; only names and lists may not. */
  private static List<String> required(Level level) {
    return Keys.at(level).stream()
        .filter(key -> key.otherwise().equals(Keys.REQUIRED))
        .filter(key -> !key.levels().contains(Level.DEFAULTS))
        .map(Key::name)
        .toList();
  }

  private static Map<String, Object> property(Key<?> key) {
    Map<String, Object> property = new LinkedHashMap<>();
    property.put("description", key.description() + " Default: " + key.otherwise() + ".");
    switch (key.type().json()) {
      case "object" -> property.putAll(object(inner(key)));
      case "array" -> property.putAll(array(key));
      case "integer" -> {
        property.put("type", "integer");
        property.put("minimum", 1);
        property.put("maximum", Values.MOST_CONCURRENT);
      }
      case ValueType.ONE_OR_LIST -> property.put("anyOf", List.of(string(key), listOf(key)));
      default -> property.putAll(string(key));
    }
    return property;
  }

  private static Map<String, Object> array(Key<?> key) {
    Map<String, Object> array = new LinkedHashMap<>();
    array.put("type", "array");
    array.put("items", isList(key) ? object(inner(key)) : string(key));
    return array;
  }

  private static Map<String, Object> listOf(Key<?> key) {
    Map<String, Object> list = array(key);
    if (key.equals(Keys.CLIENT_SECRET_EXPIRES)) {
      list.put("items", Map.of("anyOf", List.of(string(key), Map.of("type", "null"))));
    }
    return list;
  }

  private static Map<String, Object> string(Key<?> key) {
    Map<String, Object> string = new LinkedHashMap<>();
    string.put("type", "string");
    if (!key.type().choices().isEmpty()) {
      string.put("enum", key.type().choices());
    }
    if (key.type().pattern() != null) {
      string.put("pattern", key.type().pattern());
    }
    return string;
  }

  private static boolean isList(Key<?> key) {
    return List.of(Keys.TENANTS.name(), Keys.GRANTS.name(), AlertKeys.CHANNELS.name())
        .contains(key.name());
  }

  private static Level inner(Key<?> key) {
    return switch (key.name()) {
      case "store" -> Level.STORE;
      case "log" -> Level.LOG;
      case "alerts" -> Level.ALERTS;
      case "channels" -> Level.CHANNEL;
      case "defaults" -> Level.DEFAULTS;
      case "tenants" -> Level.TENANT;
      case "grants" -> Level.GRANT;
      default -> throw new AssertionError(key.name() + " holds no keys");
    };
  }
}
