package io.refreshd.config;

import io.refreshd.config.Node.Scalar;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Reads paths; a relative one starts at the folder of the file that it stands in. */
final class FilePaths {

  private static final String STORE = "jdbc:sqlite:";
  private static final String FILE = "file:";

  private FilePaths() {}

  /** {@code file:PATH}. */
  static Path reference(Node node) throws Mistake {
    Scalar scalar = Values.scalar(node, "file:PATH");
    if (!scalar.text().startsWith(FILE)) {
      throw new Mistake(node.place(), "is not a reference to a file; would be file:PATH");
    }
    return resolved(scalar, scalar.text().substring(FILE.length()));
  }

  /** {@code PATH}. */
  static Path plain(Node node) throws Mistake {
    Scalar scalar = Values.scalar(node, "a path");
    if (scalar.text().startsWith(FILE)) {
      throw new Mistake(node.place(), "is a reference; would be the path alone, without file:");
    }
    return resolved(scalar, scalar.text());
  }

  /** {@code PATH} of a file that problems may be in. */
  static SourceFile file(Node node) throws Mistake {
    Path path = plain(node);
    String text = Values.scalar(node, "a path").text();
    return new SourceFile(path, node.place().file().shown(Path.of(text)));
  }

  /** Of {@code jdbc:sqlite:PATH}. */
  static Path sqlite(Scalar scalar) throws Mistake {
    String path = scalar.text().substring(STORE.length());
    if (path.indexOf(':') >= 0 || path.indexOf('?') >= 0) {
      throw new Mistake(
          scalar.place(),
          "is more than a path (a database in memory, a file: URL or options); would be"
              + " jdbc:sqlite:PATH");
    }
    return resolved(scalar, path);
  }

  /** The path as it is meant where it stands. */
  static Path resolved(Scalar scalar, String path) throws Mistake {
    if (path.isBlank()) {
      throw new Mistake(scalar.place(), "names no file; would be a path");
    }
    if (path.startsWith("~")) {
      throw new Mistake(scalar.place(), "~ is not expanded; would be the whole path");
    }
    try {
      return scalar.place().file().resolve(path);
    } catch (InvalidPathException e) {
      NotAPath why = NotAPath.of(path);
      throw new Mistake(scalar.place(), why.words() + "; would be " + why.would());
    }
  }
}
