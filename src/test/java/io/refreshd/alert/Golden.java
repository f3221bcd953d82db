package io.refreshd.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Texts as they shall be, beside the tests. */
final class Golden {

  private static final JsonMapper MAPPER = new JsonMapper();

  private Golden() {}

  static JsonNode json(String text) {
    return MAPPER.readTree(text);
  }

  /** The same tree; the file may be laid out for reading. */
  static void assertJson(String actual, String file) {
    assertThat(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json(actual)))
        .isEqualTo(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json(read(file))));
  }

  static String read(String file) {
    try (InputStream in = Golden.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new AssertionError("there is no " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
