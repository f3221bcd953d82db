package io.refreshd.config;

import io.refreshd.config.Node.Scalar;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A key of the configuration.
 *
 * @param name as it is written
 * @param levels where it may stand
 * @param type what it takes
 * @param standard the value that it has if nobody gives one; {@code null} if that is no fixed text
 * @param otherwise in words what holds if nobody gives a value
 * @param description one sentence
 * @param example a value, as YAML
 */
record Key<T>(
    String name,
    Set<Level> levels,
    ValueType<T> type,
    @Nullable String standard,
    String otherwise,
    String description,
    String example) {

  private static final Place NOWHERE = new SourceFile(Path.of("/"), "the defaults").whole();

  Key {
    levels = new TreeSet<>(levels);
  }

  /** The value that it has if nobody gives one; {@code null} if there is none. */
  @Nullable T standardValue() {
    try {
      return standard == null ? null : type.read(new Scalar(NOWHERE, standard));
    } catch (Mistake e) {
      throw new IllegalStateException(name + " has a wrong default: " + e.words(), e);
    }
  }

  /** There is one of each. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
