package io.refreshd.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A YAML document as it was written: every part knows its place, and scalars are plain text. */
sealed interface Node {

  Place place();

  /** A single value; numbers and truth values stay the text they are. */
  record Scalar(Place place, String text) implements Node {}

  /** No value at all: {@code key:}, {@code ~} or {@code null}. */
  record Nothing(Place place) implements Node {}

  record Sequence(Place place, List<Node> items) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /**
   * Keys and values, in order.
   *
   * @param duplicates keys that were given again; their first value counts
   */
  record Mapping(Place place, Map<String, Entry> entries, List<Duplicate> duplicates)
      implements Node {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
      duplicates = List.copyOf(duplicates);
    }
  }

  /** A value and the place of its key. */
  record Entry(Place keyPlace, Node value) {}

  record Duplicate(String key, Place place, Place first) {}
}
