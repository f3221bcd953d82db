package io.refreshd.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a key takes.
 *
 * @param words for people: {@code a duration such as 90d}
 * @param json the JSON schema's name of it, or {@link #ONE_OR_LIST}
 * @param pattern that its text matches, as far as a pattern can tell; {@code null} if none does
 * @param choices the words it is one of; empty if it is free
 * @param reader turns what stands in the file into a value
 */
record ValueType<T>(
    String words, String json, @Nullable String pattern, List<String> choices, Reader<T> reader) {

  /** In place of {@code json}: one text, or a list of such texts. */
  static final String ONE_OR_LIST = "string or array";

  ValueType {
    choices = List.copyOf(choices);
  }

  ValueType(String words, String json, @Nullable String pattern, Reader<T> reader) {
    this(words, json, pattern, List.of(), reader);
  }

  /** Reads a value, or says what is wrong with it and what would be right. */
  @FunctionalInterface
  interface Reader<T> {
    T read(Node node) throws Mistake;
  }

  T read(Node node) throws Mistake {
    return reader.read(node);
  }
}
