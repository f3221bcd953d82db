package io.refreshd.config;

import io.refreshd.config.Node.Mapping;
import io.refreshd.config.Node.Nothing;
import io.refreshd.config.Node.Scalar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the files of one configuration, each once. */
final class Documents {

  private static final int LIMIT_KIB = 1024;

  private final Problems problems;
  private final Map<Path, Path> files = new LinkedHashMap<>();

  Documents(Problems problems) {
    this.problems = problems;
  }

  /** All files that were read, in that order. */
  List<Path> files() {
    return List.copyOf(files.values());
  }

  /** The keys of a file; empty if it was read before, or was reported to be unreadable. */
  Optional<Fields> read(SourceFile file, Level level) {
    try {
      if (files.putIfAbsent(real(file), file.path()) != null) {
        return Optional.empty();
      }
      String text =
          level == Level.TOP
              ? TextFile.readNamedInCommand(file.path(), LIMIT_KIB, file.whole())
              : TextFile.read(file.path(), LIMIT_KIB, file.whole());
      Fields fields = new Fields(mapping(YamlTree.parse(file, text)), level, "", problems);
      fields.check();
      return Optional.of(fields);
    } catch (Mistake e) {
      problems.add("", e);
      return Optional.empty();
    }
  }

  /**
   * Reads the files that {@code include} names, one after the other, so that no more than one of
   * them is in memory; reports what its patterns do not find.
   */
  void readIncluded(Fields top, Consumer<Fields> reader) {
    List<Scalar> patterns = top.value(Keys.INCLUDE);
    for (Scalar pattern : patterns == null ? List.<Scalar>of() : patterns) {
      for (SourceFile file : find(top, pattern)) {
        read(file, Level.INCLUDED).ifPresent(reader);
      }
    }
  }

  private List<SourceFile> find(Fields top, Scalar pattern) {
    try {
      return Includes.find(pattern);
    } catch (Mistake e) {
      problems.add(top.path(Keys.INCLUDE.name()), e);
      return List.of();
    }
  }

  private static Mapping mapping(Node root) throws Mistake {
    if (root instanceof Nothing) {
      throw new Mistake(root.place(), "is empty; would be a mapping with tenants");
    }
    if (root instanceof Mapping mapping) {
      return mapping;
    }
    throw new Mistake(root.place(), "is not a mapping of keys; would be a mapping with tenants");
  }

  /** One file by two names is one file. */
  private static Path real(SourceFile file) {
    try {
      return file.path().toRealPath();
    } catch (IOException e) {
      return file.path(); // the reading that follows says why
    }
  }
}
