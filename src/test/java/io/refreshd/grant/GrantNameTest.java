package io.refreshd.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrantNameTest {

  @Test
  void itIsReadFromTenantAndName() {
    assertThat(GrantName.parse("germany/live")).isEqualTo(new GrantName("germany", "live"));
  }

  @Test
  void namesThatCountUpDoNotMeetInAHashTable() {
    long hashes =
        IntStream.range(0, 100)
            .boxed()
            .flatMap(t -> IntStream.range(0, 100).mapToObj(u -> name(t, u).hashCode()))
            .distinct()
            .count();
    assertThat(hashes).isGreaterThan(9_990);
  }

  private static GrantName name(int tenant, int user) {
    return new GrantName("tenant-" + tenant, "user-" + user);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "germany",
        "germany/",
        "/live",
        "germany/live/more",
        "ger many/live",
        "germany/*",
        "-germany/live",
        "germany/.live",
        "germany/live\n",
        "österreich/live"
      })
  void whatIsNotANameIsRefusedWithItsText(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GrantName.parse(text))
        .withMessageContaining(text)
        .withMessageContaining("tenant/grant");
  }

  /** A token that got into the place of a name. */
  @ParameterizedTest
  @ValueSource(strings = {"TOKEN", "TOKEN/x", "germany/TOKEN", "1//0gTOKEN", "TOKEN/", "/TOKEN"})
  void aLongTextIsNotShownInFull(String text) {
    String token = "0.AXoAq1w2e3r4t5z6u7i8o9p0-secret~of_germany";

    assertThatIllegalArgumentException()
        .isThrownBy(() -> GrantName.parse(text.replace("TOKEN", token)))
        .withMessageMatching("\"[^\"]{1,14}…[^\"]{0,2}\" is not a grant's name.*");
  }

  @Test
  void aPartHasAHundredCharactersAtMost() {
    assertThat(GrantName.isPart("a".repeat(100))).isTrue();
    assertThat(GrantName.isPart("a".repeat(101))).isFalse();
  }

  @Test
  void theOrderIsThatOfTenantsThenNames() {
    List<GrantName> sorted =
        Stream.of("b/a", "a-b/z", "a/z", "a/b").map(GrantName::parse).sorted().toList();

    assertThat(sorted)
        .extracting(GrantName::toString)
        .containsExactly("a/b", "a/z", "a-b/z", "b/a");
  }

  @Property
  void everyNameReadsBackFromItsText(@ForAll("parts") String tenant, @ForAll("parts") String name) {
    GrantName grant = new GrantName(tenant, name);

    assertThat(GrantName.parse(grant.toString())).isEqualTo(grant);
  }

  @Property
  void noTextIsReadAsAnythingButItself(@ForAll String tenant, @ForAll String name) {
    String text = tenant + "/" + name;
    if (GrantName.isPart(tenant) && GrantName.isPart(name)) {
      assertThat(GrantName.parse(text)).hasToString(text);
    } else {
      assertThatIllegalArgumentException().isThrownBy(() -> GrantName.parse(text));
    }
  }

  /** As the JSON schema of the configuration has it. */
  @Property
  void aPartIsWhatTheSchemaTakesForAName(@ForAll("nearly") String text) {
    assertThat(GrantName.isPart(text)).isEqualTo(text.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}"));
  }

  /** Around the bounds: of length, of each range of characters, and beyond Latin 1. */
  @Provide
  Arbitrary<String> nearly() {
    return Arbitraries.strings()
        .withChars("az{`AZ@[09/:._- \n\u00e9\u0660\uff21")
        .withCharRange('a', 'z')
        .ofMaxLength(102)
        .edgeCases(
            edges -> edges.add("a".repeat(99), "a".repeat(100), "a".repeat(101), "", "-", "9"));
  }

  @Provide
  Arbitrary<String> parts() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withCharRange('A', 'Z')
        .numeric()
        .withChars('.', '_', '-')
        .ofMinLength(1)
        .ofMaxLength(100)
        .filter(GrantName::isPart);
  }
}
