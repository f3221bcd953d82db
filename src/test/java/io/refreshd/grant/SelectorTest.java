package io.refreshd.grant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorTest {

  @ParameterizedTest
  @CsvSource({
    "germany,      germany/live,     true",
    "germany,      germany2/live,    false",
    "ger*,         germany/live,     true",
    "ger*,         ger/live,         true",
    "ger*,         algeria/live,     false",
    "germany/live, germany/live,     true",
    "germany/live, germany/sandbox,  false",
    "*/sandbox,    germany/sandbox,  true",
    "*/sandbox,    france/sandbox,   true",
    "*/sandbox,    france/sandbox-2, false",
    "*,            france/live,      true",
    "*/*,          france/live,      true",
    "fr?nce/live,  france/live,      true",
    "fr?nce/live,  frnce/live,       false",
    "a.b,          a.b/live,         true",
    "a.b,          axb/live,         false",
    "*live,        france/live,      false",
    "f*n*e/l*v?,   france/live,      true",
    "*ce/live,     cece/live,        true",
    "*a*b/live,    aXbXa/live,       false",
    "**/**,        france/live,      true",
    "a/b/c,        a/b,              false",
    "'',           france/live,      false"
  })
  void aSelectorChoosesByTenantNameOrGlob(String selector, String name, boolean chosen) {
    assertThat(Selector.parse(selector).matches(GrantName.parse(name))).isEqualTo(chosen);
  }

  /** A regular expression would try 10^13 ways to share the letters out among the stars. */
  @Test
  @Timeout(60)
  void manyStarsTakeNoLongerThanOne() {
    GrantName name = new GrantName("a".repeat(100), "a".repeat(100));

    assertThat(Selector.parse("*a".repeat(40) + "/" + "a*".repeat(40) + "b").matches(name))
        .isFalse();
    assertThat(Selector.parse("*a".repeat(40) + "/" + "a*".repeat(40)).matches(name)).isTrue();
  }

  @Property
  void aNameAndItsTenantSelectIt(@ForAll("names") GrantName name) {
    assertThat(Selector.parse(name.toString()).matches(name)).isTrue();
    assertThat(Selector.parse(name.tenant()).matches(name)).isTrue();
    assertThat(Selector.parse("*/" + name.name()).matches(name)).isTrue();
  }

  @Property
  void aNameSelectsNoOther(@ForAll("names") GrantName one, @ForAll("names") GrantName other) {
    assertThat(Selector.parse(one.toString()).matches(other)).isEqualTo(one.equals(other));
  }

  @Property
  void anyTextIsASelector(@ForAll String text, @ForAll("names") GrantName name) {
    boolean glob = text.contains("*") || text.contains("?");
    boolean chosen = Selector.parse(text).matches(name);

    assertThat(chosen && !glob)
        .isEqualTo(!glob && (text.equals(name.toString()) || text.equals(name.tenant())));
    assertThat(Selector.parse(text)).hasToString(text);
  }

  @Property
  void whatALiteralOneMatchesIsEqualToItsParts(
      @ForAll("names") GrantName one, @ForAll("names") GrantName other) {
    for (String text : List.of(one.toString(), one.tenant(), one.tenant() + "/*")) {
      Selector selector = Selector.parse(text);
      boolean isEqual =
          other.tenant().equals(selector.tenant())
              && selector.name().map(other.name()::equals).orElse(true);

      assertThat(selector.isLiteral()).isTrue();
      assertThat(selector.matches(other)).isEqualTo(isEqual);
    }
    for (String text : List.of("*", one.tenant() + "/?", "*/" + one.name(), one + "/x", "a' --")) {
      assertThat(Selector.parse(text).isLiteral()).as(text).isFalse();
    }
  }

  @Provide
  Arbitrary<GrantName> names() {
    Arbitrary<String> part =
        Arbitraries.strings()
            .withChars("ab.-_0")
            .ofMinLength(1)
            .ofMaxLength(4)
            .filter(GrantName::isPart);
    return Combinators.combine(part, part).as(GrantName::new);
  }
}
