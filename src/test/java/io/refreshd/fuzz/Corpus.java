package io.refreshd.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The inputs that are kept, a folder for each target. */
final class Corpus {

  private static final Path ROOT = Path.of("src", "test", "resources", "io", "refreshd", "fuzz");

  private Corpus() {}

  static Path folder(Target target) {
    return ROOT.resolve(target.word());
  }

  static List<Path> files(Target target) throws IOException {
    try (Stream<Path> files = Files.list(folder(target))) {
      return files.sorted().toList();
    }
  }
}
