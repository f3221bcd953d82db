package io.refreshd.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever a file holds: a configuration, or problems, and soon. */
class AnyTextTest {

  private static final String SECRET = "hunter2";
  private static final List<String> PIECES =
      Stream.concat(
              Keys.ALL.stream().flatMap(key -> Stream.of(key.name() + ": ", key.example())),
              Stream.of(
                  "\n",
                  "\n  ",
                  "\n  - ",
                  "\n    ",
                  "- ",
                  "{",
                  "}",
                  "[",
                  "]",
                  ", ",
                  ": ",
                  "&a ",
                  "*a",
                  "<<: *a",
                  "\"",
                  "'",
                  "#",
                  "|\n",
                  ">-\n",
                  "!!int ",
                  "? ",
                  "%YAML",
                  "---\n",
                  "\t",
                  "\0",
                  "~",
                  "env:X",
                  "file:/",
                  "credential:X",
                  "0",
                  "90d",
                  "ü",
                  "\uFEFF"))
          .toList();

  private static Path folder = Path.of("/");

  @BeforeContainer
  static void aFolder() throws IOException {
    folder = Files.createTempDirectory("refreshd");
  }

  @AfterContainer
  static void remove() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(AnyTextTest::delete);
    }
  }

  @Property(tries = 600)
  void anyTextIsAConfigurationOrProblems(@ForAll("texts") String text) {
    long start = System.nanoTime();
    try {
      Config config = new ConfigFolder(folder).file("refreshd.yaml", text).load();
      assertThat(config.grants()).isNotEmpty();
    } catch (ConfigException e) {
      assertThat(e.problems()).isNotEmpty().allMatch(p -> !p.toString().contains("\n"));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @Property(tries = 400)
  void anyTextIsATokenLifetimePolicyOrProblems(@ForAll("policies") String text) throws IOException {
    Path file = Files.writeString(folder.resolve("policy.json"), text);
    try {
      assertThat(PolicyFiles.load(file, "policy.json")).isNotEmpty();
    } catch (ConfigException e) {
      assertThat(e.problems()).isNotEmpty().allMatch(p -> !p.toString().contains("\n"));
    }
  }

  /** In block and flow style, quoted or not, closed or not, with what YAML minds around it. */
  @Property(tries = 120)
  void noSecretIsEverRepeated(@ForAll("around") String before, @ForAll("around") String after) {
    String value = before + SECRET + after;
    for (String key : List.of("client-secret", "client-certificate-password", "store")) {
      assertQuiet("defaults:\n  " + key + ": " + value + "\ntenants: []\n");
      assertQuiet("defaults: {" + key + ": " + value + "}\n");
      assertQuiet("defaults: {client-id: c, client-secret:" + value + "}\n");
    }
    for (String key : List.of("webhook", "token", "password")) {
      assertQuiet("alerts:\n  channels:\n    - name: a\n      " + key + ": " + value + "\n");
      assertQuiet("alerts: {channels: [{name: a, " + key + ":" + value + "}]}\n");
    }
    assertQuiet("defaults: {client-secret: [env:A, " + value + "]}\n");
  }

  private static void assertQuiet(String yaml) {
    ConfigFolder files = new ConfigFolder(folder).file("refreshd.yaml", yaml);
    assertThat(String.join("\n", files.problems())).doesNotContain(SECRET);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(200),
        Arbitraries.of(PIECES).list().ofMaxSize(60).map(pieces -> String.join("", pieces)));
  }

  @Provide
  Arbitrary<String> policies() {
    List<String> pieces =
        List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\\"",
            "\n",
            "\t",
            "null",
            "1",
            "\"definition\"",
            "\"value\"",
            "\"TokenLifetimePolicy\"",
            "{\"TokenLifetimePolicy\":{",
            "\"Version\":1",
            "\"AccessTokenLifetime\":",
            "\"01:00:00\"",
            "\"MaxInactiveTime\":\"until-revoked\"",
            "\"{\\\"TokenLifetimePolicy\\\":{}}\"",
            "\"a\\nb\":");
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(60),
        Arbitraries.of(pieces).list().ofMaxSize(20).map(all -> String.join("", all)));
  }

  @Provide
  Arbitrary<String> around() {
    return Arbitraries.strings().withChars("\"'*&!%@`|>#{}[],:?-\\ \tx").ofMaxLength(4);
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
