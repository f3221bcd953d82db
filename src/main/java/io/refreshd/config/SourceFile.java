package io.refreshd.config;

import java.nio.file.Path;

/**
 * A configuration file.
 *
 * @param path where it is, absolute
 * @param shown how people are told of it: as they named it
 */
record SourceFile(Path path, String shown) {

  /** A path that stands in this file: a relative one starts at the file's folder. */
  Path resolve(String other) {
    return path.resolveSibling(other);
  }

  /** How people are told of a path that stands in this file: beside its own. */
  String shown(String other) {
    return Path.of(shown).resolveSibling(other).toString();
  }

  /** A problem with the whole file has no line. */
  Place whole() {
    return new Place(this, 0, 0);
  }
}
