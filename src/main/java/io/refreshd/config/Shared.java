package io.refreshd.config;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives out one instance of values that are equal: what a thousand grants of a client have in
 * common is in memory once. Grants that share stand near each other, so it need not remember for
 * long.
 */
final class Shared {

  private static final int MOST = 10_000;

  private final Map<Object, Object> known = new HashMap<>();

  /** The first value that was equal to this one; {@code null} for none. */
  @SuppressWarnings("unchecked") // equal values are of one class here: texts and records
  <T> @Nullable T one(@Nullable T value) {
    if (value == null) {
      return null;
    }
    if (known.size() >= MOST) {
      known.clear();
    }
    T first = (T) known.putIfAbsent(value, value);
    return first == null ? value : first;
  }
}
