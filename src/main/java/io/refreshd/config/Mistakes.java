package io.refreshd.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is wrong within one value, such as a list: all of it is told at once. */
final class Mistakes {

  private final List<Mistake> found = new ArrayList<>();

  /** The values of all items. */
  static <T> List<T> readEach(List<Node> items, ValueType.Reader<T> reader) throws Mistake {
    Mistakes mistakes = new Mistakes();
    List<T> values = new ArrayList<>();
    for (Node item : items) {
      mistakes.read(item, reader).ifPresent(values::add);
    }
    mistakes.throwIfAny();
    return values;
  }

  /** The value of one item; empty if it is wrong, which is kept. */
  <T> Optional<T> read(Node item, ValueType.Reader<T> reader) {
    try {
      return Optional.of(reader.read(item));
    } catch (Mistake e) {
      found.add(e);
      return Optional.empty();
    }
  }

  void throwIfAny() throws Mistake {
    if (!found.isEmpty()) {
      throw new Mistake(found);
    }
  }
}
