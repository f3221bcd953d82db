package io.refreshd.config;

import io.refreshd.config.Node.Duplicate;
import io.refreshd.config.Node.Entry;
import io.refreshd.config.Node.Mapping;
import io.refreshd.config.Node.Nothing;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One mapping of a file, read by the table of keys. Each value is read once, however many ask. */
final class Fields {

  private final Mapping mapping;
  private final Level level;
  private final String path;
  private final Problems problems;
  private final Map<Key<?>, Object> read = new HashMap<>();

  /**
   * Reads a mapping.
   *
   * @param mapping what stands there
   * @param level where it stands
   * @param path what comes before its keys in messages; empty at the top
   * @param problems where they go
   */
  Fields(Mapping mapping, Level level, String path, Problems problems) {
    this.mapping = mapping;
    this.level = level;
    this.path = path;
    this.problems = problems;
  }

  Mapping mapping() {
    return mapping;
  }

  /** Where it stands, for messages. */
  String path() {
    return path;
  }

  Problems problems() {
    return problems;
  }

  /** Reports duplicate keys, unknown keys and wrong values. */
  void check() {
    for (Duplicate duplicate : mapping.duplicates()) {
      problems.add(path(shown(duplicate.key())), duplicate);
    }
    mapping.entries().forEach(this::check);
  }

  private void check(String name, Entry entry) {
    Key<?> key = Keys.find(name, level);
    if (key == null) {
      problems.add(entry.keyPlace(), path(shown(name)), Keys.unknown(name, level));
    } else {
      value(key);
    }
  }

  /** What is given for the key; {@code null} if nothing is, or it is wrong and reported. */
  <T> @Nullable T value(Key<T> key) {
    Entry entry = entry(key);
    if (entry == null) {
      return null;
    }
    Object before = read.get(key);
    if (before != null) {
      return cast(before);
    }
    try {
      if (entry.value() instanceof Nothing) {
        throw new Mistake(entry.keyPlace(), "has no value; would be " + key.type().words());
      }
      T value = key.type().read(entry.value());
      read.put(key, value);
      return value;
    } catch (Mistake e) {
      problems.add(path(key.name()), e);
      return null;
    }
  }

  /** The value that the key has if nobody gives one; {@code null} if there is none. */
  <T> @Nullable T standard(Key<T> key) {
    Object before = read.get(key);
    T value = before == null ? key.standardValue() : cast(before);
    if (value != null) {
      read.put(key, value);
    }
    return value;
  }

  /** What a key's own type has read. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T> T cast(Object read) {
    return (T) read;
  }

  @Nullable Entry entry(Key<?> key) {
    return mapping.entries().get(key.name());
  }

  boolean has(Key<?> key) {
    return entry(key) != null;
  }

  /** Reports that the key is not there. */
  void missing(Key<?> key) {
    problems.add(
        mapping.place(),
        path(key.name()),
        "is missing; would be for example " + key.name() + ": " + key.example());
  }

  /** Reports that the key may not be there. */
  void reject(Key<?> key, String words) {
    Entry entry = entry(key);
    problems.add(entry == null ? mapping.place() : entry.keyPlace(), path(key.name()), words);
  }

  /** Reports what is wrong with what is given for the key. */
  void wrong(Key<?> key, String words) {
    problems.add(place(key), path(key.name()), words);
  }

  /** Reports what somebody should see to about what is given for the key. */
  void warn(Key<?> key, String words) {
    problems.warn(place(key), path(key.name()), words);
  }

  private Place place(Key<?> key) {
    Entry entry = entry(key);
    return entry == null ? mapping.place() : entry.value().place();
  }

  String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /**
   * An unknown key as it may be printed. In flow style a forgotten blank or a comma turns a secret
   * into a key, {@code {client-secret:x}}; so only what looks like a key is repeated.
   */
  static String shown(String key) {
    int colon = key.indexOf(':');
    String name = colon < 0 ? key : key.substring(0, colon);
    return (name.matches("[A-Za-z_-]{1,40}") ? name : "…") + (colon < 0 ? "" : ":…");
  }
}
