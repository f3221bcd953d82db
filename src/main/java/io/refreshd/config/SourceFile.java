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

  /** The same of what was found there. */
  Path resolve(Path other) {
    return path.resolveSibling(other);
  }

  /**
   * How people are told of a path that stands in this file: beside its own. Text by text, for what
   * is shown of a name need not be a path in this locale.
   */
  String shown(Path other) {
    return other.isAbsolute()
        ? other.toString()
        : shown.substring(0, shown.lastIndexOf('/') + 1) + other;
  }

  /** A problem with the whole file has no line. */
  Place whole() {
    return new Place(this, 0, 0);
  }
}
