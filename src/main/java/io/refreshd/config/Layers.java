package io.refreshd.config;

import io.refreshd.config.Node.Entry;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A grant's keys with what it inherits: the innermost value wins.
 *
 * @param grant the grant's own
 * @param tenant its tenant's
 * @param defaults everybody's
 */
record Layers(Fields grant, Fields tenant, Fields defaults) {

  /** The depth of what nobody gave. */
  static final int NOWHERE = 3;

  /** Whether the grant gives its name and nothing else. */
  boolean isAllInherited() {
    return grant.has(Keys.NAME) && grant.mapping().entries().size() == 1;
  }

  /** How far out the key is given: 0 in the grant, 1 in the tenant, 2 in the defaults. */
  int depth(Key<?> key) {
    for (int depth = 0; depth < NOWHERE; depth++) {
      if (at(depth).has(key)) {
        return depth;
      }
    }
    return NOWHERE;
  }

  boolean has(Key<?> key) {
    return depth(key) < NOWHERE;
  }

  /** The value that holds; {@code null} if there is none, or it is wrong and reported. */
  <T> @Nullable T value(Key<T> key) {
    int depth = depth(key);
    return depth == NOWHERE ? defaults.standard(key) : at(depth).value(key);
  }

  /** The level that gives the key. */
  Fields holding(Key<?> key) {
    return at(depth(key));
  }

  /** Reports that the key, where it is given, may not be there. */
  void reject(Key<?> key, String words) {
    holding(key).reject(key, words);
  }

  /** Where the key that holds stands. */
  Place place(Key<?> key) {
    Fields fields = holding(key);
    Entry entry = fields.entry(key);
    return entry == null ? fields.mapping().place() : entry.keyPlace();
  }

  /**
   * Reports a conflict, at the value of the key that is given furthest in: it made the conflict.
   */
  void conflict(String words, Key<?>... keys) {
    Key<?> key = Stream.of(keys).min(Comparator.comparingInt(this::depth)).orElseThrow();
    holding(key).wrong(key, words);
  }

  private Fields at(int depth) {
    return switch (depth) {
      case 0 -> grant;
      case 1 -> tenant;
      default -> defaults;
    };
  }
}
