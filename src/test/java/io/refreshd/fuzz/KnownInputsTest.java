package io.refreshd.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every input that is kept, once more: those to start from, and those that once did harm. */
class KnownInputsTest {

  /**
   * Each takes milliseconds; a machine may be slow, and an input that hangs is found all the same.
   */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final int MOST_FILES = 300;
  private static final int MOST_BYTES = 1 << 20;

  static List<Arguments> inputs() throws IOException {
    List<Arguments> inputs = new ArrayList<>();
    for (Target target : Target.values()) {
      for (Path file : Corpus.files(target)) {
        inputs.add(Arguments.of(target, file.getFileName().toString()));
      }
    }
    return inputs;
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("inputs")
  void anInputDoesNoHarm(Target target, String name) throws IOException {
    byte[] input = Files.readAllBytes(Corpus.folder(target).resolve(name));

    assertTimeoutPreemptively(LIMIT, () -> target.take(input));
  }

  @Test
  void nothingAtAllDoesNoHarm() {
    for (Target target : Target.values()) {
      assertTimeoutPreemptively(LIMIT, () -> target.take(new byte[0]));
    }
  }

  @Test
  void theyStaySmall() throws IOException {
    long files = 0;
    long bytes = 0;
    for (Target target : Target.values()) {
      assertThat(Corpus.files(target)).as(target.word()).isNotEmpty();
      for (Path file : Corpus.files(target)) {
        files++;
        bytes += Files.size(file);
      }
    }
    assertThat(files).isLessThan(MOST_FILES);
    assertThat(bytes).isLessThan(MOST_BYTES);
  }

  @Test
  void everyFolderIsOfATarget() throws IOException {
    List<String> words = Stream.of(Target.values()).map(Target::word).toList();
    try (Stream<Path> folders = Files.list(Corpus.folder(Target.ANSWER).getParent())) {
      assertThat(folders.map(folder -> folder.getFileName().toString())).hasSameElementsAs(words);
    }
  }
}
