package io.refreshd.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.config.Node.Entry;
import io.refreshd.config.Node.Mapping;
import io.refreshd.config.Node.Scalar;
import io.refreshd.config.Node.Sequence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTreeTest {

  private static final SourceFile FILE = new SourceFile(Path.of("/etc/r.yaml"), "r.yaml");

  @Test
  void keysAndValuesKnowTheirPlaces() throws Mistake {
    assertThat(
            places(
                """
                # comment
                store:
                  url: jdbc:sqlite:a   # comment
                list: [ one, "two" ]
                tenants:
                  - name: x

                  - {name: ü, äöü: 1, after: 2}
                text: |
                  many
                  lines
                "quoted" : 'value'
                """))
        .containsExactly(
            "key store 2:1",
            "mapping 3:3",
            "key url 3:3",
            "jdbc:sqlite:a 3:8",
            "key list 4:1",
            "sequence 4:7",
            "one 4:9",
            "two 4:14",
            "key tenants 5:1",
            "sequence 6:3",
            "mapping 6:5",
            "key name 6:5",
            "x 6:11",
            "mapping 8:5",
            "key name 8:6",
            "ü 8:12",
            "key äöü 8:15",
            "1 8:20",
            "key after 8:23",
            "2 8:30",
            "key text 9:1",
            "many\nlines\n 9:7",
            "key quoted 12:1",
            "value 12:12");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "on",
        "yes",
        "true",
        "0777",
        "0o17",
        "0x1F",
        "12:30",
        "1_000",
        "1e3",
        ".inf",
        "2026-11-22",
        "007",
        "1.10"
      })
  void scalarsAreTheTextThatIsWritten(String text) throws Mistake {
    Mapping mapping = (Mapping) YamlTree.parse(FILE, "a: " + text + "\nb: '" + text + "'\n");

    assertThat(mapping.entries().values())
        .extracting(Entry::value)
        .extracting(node -> ((Scalar) node).text())
        .containsExactly(text, text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:", "a: ~", "a: null", "a: # comment"})
  void noValueIsNothing(String yaml) throws Mistake {
    assertThat(entry(yaml, "a").value()).isInstanceOf(Node.Nothing.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a: ''", "a: \"\""})
  void anEmptyTextIsText(String yaml) throws Mistake {
    assertThat(entry(yaml, "a").value()).isInstanceOf(Scalar.class);
  }

  @Test
  void anAliasStandsForWhatItsAnchorHolds() throws Mistake {
    String yaml = "a: &x [1, 2]\nb: *x\nc: &y text\nd: *y\n";

    assertThat(entry(yaml, "b").value()).isEqualTo(entry(yaml, "a").value());
    assertThat(entry(yaml, "d").value()).isEqualTo(entry(yaml, "c").value());
  }

  @Test
  void aMergeKeyGivesWhatIsNotGivenHere() throws Mistake {
    Mapping mapping =
        (Mapping)
            entry(
                    """
                    base: &base {a: base, b: base, c: base}
                    it:
                      a: own
                      <<: *base
                      b: own
                    """,
                    "it")
                .value();

    assertThat(mapping.duplicates()).isEmpty();
    assertThat(mapping.entries().values())
        .extracting(e -> ((Scalar) e.value()).text())
        .containsExactlyInAnyOrder("own", "own", "base");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{<<: *two} | two base two",
        "{<<: *three} | three base two",
        "{a: own, <<: *three} | own base two",
        "{<<: *three, a: own} | own base two",
        "{<<: [*two, *three]} | two base two",
        "{<<: [*three, *two]} | three base two",
        "{<<: [*c, *three]} | three base c",
        "{<<: [{a: here}, *three]} | here base two",
        "{<<: {<<: *two, a: here}, c: own} | here base own",
      })
  void aMergedKeyHasTheValueThatStandsNearest(String it, String values) throws Mistake {
    String yaml =
        """
        base: &base {a: base, b: base, c: base}
        c: &c {c: c}
        two: &two {<<: *base, a: two, c: two}
        three: &three
          a: three
          <<: *two
        it: %s
        """
            .formatted(it);

    Mapping mapping = (Mapping) entry(yaml, "it").value();

    assertThat(mapping.duplicates()).isEmpty();
    assertThat(mapping.entries()).containsOnlyKeys("a", "b", "c");
    assertThat(Stream.of("a", "b", "c").map(key -> text(mapping, key)))
        .containsExactly(values.split(" "));
  }

  @Test
  void aSecondMergeKeyIsAKeyGivenTwice() throws Mistake {
    Mapping mapping =
        (Mapping) entry("a: &a {x: 1}\nb: &b {x: 2}\nit:\n  <<: *a\n  <<: *b\n", "it").value();

    assertThat(mapping.duplicates())
        .extracting(Node.Duplicate::toString)
        .singleElement()
        .asString()
        .contains("<<", "r.yaml:5:3", "r.yaml:4:3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<<: text", "<<:", "<<: [*a, text]", "<<: *list"})
  void whatIsNoMappingIsNotMerged(String merge) {
    assertThatThrownBy(
            () -> YamlTree.parse(FILE, "a: &a {x: 1}\nlist: &list [1]\nit:\n  " + merge + "\n"))
        .isInstanceOf(Mistake.class)
        .hasMessageContaining("<< takes an alias of a mapping, or a list of them");
  }

  @ParameterizedTest
  @ValueSource(strings = {"b: *a", "a: &a {b: *a}", "a: &a {b: 1, <<: *a}", "b: *a\na: &a 1"})
  void anAliasNeedsAnAnchorThatIsComplete(String yaml) {
    assertThatThrownBy(() -> YamlTree.parse(FILE, yaml))
        .isInstanceOf(Mistake.class)
        .hasMessageContaining("an alias (*) without its anchor (&)");
  }

  @Test
  void theAnchorOfAKeyHoldsTheKey() throws Mistake {
    assertThat(text((Mapping) YamlTree.parse(FILE, "&k key: &v value\na: *k\nb: *v\n"), "a"))
        .isEqualTo("key");
  }

  @Test
  void aKeyGivenTwiceIsRememberedWithBothPlaces() throws Mistake {
    Mapping mapping = (Mapping) YamlTree.parse(FILE, "a: 1\nb: 2\na: 3\n");

    assertThat(mapping.duplicates())
        .extracting(Node.Duplicate::toString)
        .singleElement()
        .asString()
        .contains("a", "r.yaml:3:1", "r.yaml:1:1");
  }

  @Test
  @Timeout(10)
  void aBombOfAliasesIsRefused() {
    StringBuilder yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      String alias = "*a" + (i - 1);
      yaml.append("a" + i + ": &a" + i + " [" + String.join(", ", List.of(alias, alias, alias)));
      yaml.append(", " + String.join(", ", List.of(alias, alias, alias, alias)) + "]\n");
    }

    assertThatThrownBy(() -> YamlTree.parse(FILE, yaml.toString()))
        .isInstanceOf(Mistake.class)
        .hasMessageContaining("aliases counted each time");
  }

  @Test
  @Timeout(10)
  void manySmallAliasesAreCountedToo() {
    String yaml = "a: &a [" + "x, ".repeat(5_000) + "]\nb: [" + "*a, ".repeat(9_000) + "]\n";

    assertThatThrownBy(() -> YamlTree.parse(FILE, yaml))
        .isInstanceOf(Mistake.class)
        .hasMessage("more than 200000 values, aliases counted each time");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? "})
  @Timeout(10)
  void deepNestingIsRefused(String opening) {
    assertThatThrownBy(() -> YamlTree.parse(FILE, opening.repeat(100_000)))
        .isInstanceOf(Mistake.class);
  }

  @Test
  @Timeout(60)
  void aLargeFileIsReadInATimeThatGrowsWithItsSize() throws Mistake {
    Mapping mapping =
        (Mapping) YamlTree.parse(FILE, "tenants:\n" + "  - {name: a}\n".repeat(65_000));

    assertThat(mapping.entries()).hasSize(1);
  }

  private static Entry entry(String yaml, String key) throws Mistake {
    Entry entry = ((Mapping) YamlTree.parse(FILE, yaml)).entries().get(key);
    if (entry == null) {
      throw new AssertionError("no " + key + " in " + yaml);
    }
    return entry;
  }

  private static String text(Mapping mapping, String key) {
    Entry entry = mapping.entries().get(key);
    return entry == null ? "no " + key : ((Scalar) entry.value()).text();
  }

  private static List<String> places(String yaml) throws Mistake {
    List<String> places = new ArrayList<>();
    ((Mapping) YamlTree.parse(FILE, yaml)).entries().forEach((k, e) -> collect(k, e, places));
    return places;
  }

  private static void collect(String key, Entry entry, List<String> places) {
    places.add("key " + key + " " + at(entry.keyPlace()));
    collect(entry.value(), places);
  }

  private static void collect(Node node, List<String> places) {
    if (node instanceof Mapping mapping) {
      places.add("mapping " + at(node.place()));
      for (Map.Entry<String, Entry> e : mapping.entries().entrySet()) {
        collect(e.getKey(), e.getValue(), places);
      }
    } else if (node instanceof Sequence sequence) {
      places.add("sequence " + at(node.place()));
      sequence.items().forEach(item -> collect(item, places));
    } else {
      places.add(((Scalar) node).text() + " " + at(node.place()));
    }
  }

  private static String at(Place place) {
    return place.line() + ":" + place.column();
  }
}
