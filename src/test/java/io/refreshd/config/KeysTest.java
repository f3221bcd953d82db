package io.refreshd.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.config.Node.Mapping;
import io.refreshd.config.Node.Scalar;
import io.refreshd.config.Node.Sequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of keys, and everything that is made of it or must follow it. */
class KeysTest {

  private static final Path CONFIG = Path.of("config");
  private static final Path SCHEMA = CONFIG.resolve("refreshd.schema.json");
  private static final String REWRITE =
      "mvn test -Dtest=KeysTest -Drefreshd.schema.write=true -Dsurefire.failIfNoSpecifiedTests=false";

  @TempDir Path temp;

  static List<Key<?>> keys() {
    return Keys.ALL;
  }

  @ParameterizedTest
  @MethodSource("keys")
  void defaultsAndExamplesAreRight(Key<?> key) throws Mistake {
    SourceFile file = new SourceFile(temp.resolve("example.yaml"), "example.yaml");

    assertThat(key.type().read(YamlTree.parse(file, key.example()))).isNotNull();
    assertThat(key.standardValue() == null).isEqualTo(key.standard() == null);
    assertThat(key.description()).endsWith(".");
  }

  @ParameterizedTest
  @MethodSource("keys")
  void patternsTakeTheExamples(Key<?> key) throws Mistake {
    SourceFile file = new SourceFile(temp.resolve("example.yaml"), "example.yaml");
    String pattern = key.type().pattern();
    for (Node node : scalars(YamlTree.parse(file, key.example()))) {
      String text = ((Scalar) node).text();
      assertThat(pattern == null || Pattern.compile(pattern).matcher(text).find())
          .as(text)
          .isTrue();
    }
  }

  /** Teams' own webhooks have one behind the host. */
  @ParameterizedTest
  @CsvSource({
    "webhook, https://acme.webhook.office.com/webhookb2/1@2/IncomingWebhook/3/4, true",
    "webhook, https://example.org?to=a@b, true",
    "webhook, https://example.org/hook?to=a@b&c, true",
    "webhook, http://127.0.0.1:8080, true",
    "webhook, https://u@example.org/hook, false",
    "webhook, https://u:p@example.org, false",
    "webhook, https:///hook, false",
    "webhook, https://example.org/hook#a, false",
    "webhook, https://example.org#a, false",
    "authority, https://example.org/a@b, true",
    "token-endpoint, https://example.org/users/a@b/token, true",
    "token-endpoint, https://example.org, true",
    "token-endpoint, https://u@example.org/token, false",
    "token-endpoint, https://example.org?a=b, false",
    "token-endpoint, https://example.org/token?a=b, false",
    "token-endpoint, https://example.org/token#a, false",
  })
  void aUrlMayHaveAnAtSignBehindItsHostForEditorAndLoader(String name, String url, boolean right) {
    Key<?> key = Keys.ALL.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    SourceFile file = new SourceFile(temp.resolve("example.yaml"), "example.yaml");
    Node node = new Scalar(file.whole(), url);

    assertThat(Pattern.compile(String.valueOf(key.type().pattern())).matcher(url).find())
        .isEqualTo(right);
    if (right) {
      assertThatCode(() -> key.type().read(node)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> key.type().read(node)).isInstanceOf(Mistake.class);
    }
  }

  @Test
  void theSchemaIsThatOfTheTable() throws IOException {
    if (Boolean.getBoolean("refreshd.schema.write")) {
      JsonSchema.write(SCHEMA);
    }
    assertThat(Files.readString(SCHEMA))
        .as("%s is not what the table of keys says; rewrite it: %s", SCHEMA, REWRITE)
        .isEqualTo(JsonSchema.text());
  }

  @Test
  void theShortestConfigurationLoads() throws Exception {
    ConfigFolder folder = given("refreshd.yaml").environment("GERMANY_SECRET", "s");

    assertThat(folder.load().grants()).hasSize(1);
  }

  @Test
  void theFullConfigurationLoads() throws Exception {
    ConfigFolder folder =
        given("refreshd.full.yaml")
            .file("credentials/germany", "s")
            .environment("CREDENTIALS_DIRECTORY", temp.resolve("credentials").toString())
            .file("credentials/mail", "s")
            .environment("HOOK_TOKEN", "s")
            .environment("GERMANY_OLD", "s")
            .environment("FRANCE_PFX_PASSWORD", "s")
            .environment("KEEPER_SECRET", "s")
            .file("france.pfx", "")
            .file("policy.json", "{\"TokenLifetimePolicy\":{\"Version\":1}}")
            .program("page");
    String here =
        Files.readString(temp.resolve("refreshd.yaml"))
            .replace("/etc/refreshd", ".")
            .replace("/usr/local/bin", ".");
    folder.file("refreshd.yaml", here);

    assertThat(folder.load().grants()).hasSize(4);
    assertThat(folder.load().alerts().channels()).hasSize(3);
    assertThat(folder.load().policies()).hasSize(1);
  }

  @Test
  void theFullConfigurationNamesEveryKeyWithItsDefault() throws Exception {
    String text = Files.readString(CONFIG.resolve("refreshd.full.yaml"));
    SourceFile file = new SourceFile(temp.resolve("full.yaml"), "full.yaml");
    Set<String> names = new TreeSet<>();
    collect(YamlTree.parse(file, text), names);
    names.addAll(offered(text));

    assertThat(names).containsExactlyInAnyOrderElementsOf(Set.copyOf(names(Keys.ALL)));
    for (Key<?> key : Keys.ALL) {
      assertThat(key.standard() == null || text.contains(key.name() + ": " + key.standard()))
          .as(key.name())
          .isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("keys")
  void theDocumentationHasARowForEachKeyWithItsDefault(Key<?> key) throws IOException {
    String docs = Files.readString(Path.of("docs", "configuration.md"));

    assertThat(docs.lines())
        .anyMatch(
            line -> line.startsWith("| `" + key.name() + "` |") && line.contains(key.otherwise()));
  }

  private ConfigFolder given(String name) throws IOException {
    return new ConfigFolder(temp).file("refreshd.yaml", Files.readString(CONFIG.resolve(name)));
  }

  /** Those that go with another choice than the file makes stand in it as comments. */
  private static List<String> offered(String text) {
    return Pattern.compile("^ +# ([a-z-]+): ", Pattern.MULTILINE)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  private static List<String> names(List<Key<?>> keys) {
    return keys.stream().<String>map(Key::name).toList();
  }

  private static List<Node> scalars(Node node) {
    if (node instanceof Sequence sequence) {
      return sequence.items().stream().filter(Scalar.class::isInstance).toList();
    }
    return Stream.of(node).filter(Scalar.class::isInstance).toList();
  }

  private static void collect(Node node, Set<String> names) {
    if (node instanceof Mapping mapping) {
      names.addAll(mapping.entries().keySet());
      mapping.entries().values().forEach(entry -> collect(entry.value(), names));
    } else if (node instanceof Sequence sequence) {
      sequence.items().forEach(item -> collect(item, names));
    }
  }
}
