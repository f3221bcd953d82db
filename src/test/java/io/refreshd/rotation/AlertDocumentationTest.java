package io.refreshd.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/operations.md} has a section for each topic of an alert, and for no other. */
class AlertDocumentationTest {

  private static final Pattern SECTION = Pattern.compile("(?m)^### alert: `([a-z-]+)`$");

  @Test
  void theTopicsOfTheDocumentationAreThoseOfTheCode() throws IOException {
    Matcher sections = SECTION.matcher(Files.readString(Path.of("docs", "operations.md")));
    List<String> documented = sections.results().map(section -> section.group(1)).toList();

    assertThat(documented)
        .containsExactlyElementsOf(Stream.of(Topic.values()).map(Topic::word).toList());
  }
}
