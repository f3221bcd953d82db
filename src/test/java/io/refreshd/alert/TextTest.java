package io.refreshd.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Any text, made to fit. */
class TextTest {

  @Property(tries = 300)
  void aFlatTextIsOneLineWithoutControls(@ForAll String text) {
    assertThat(Text.flat(text)).doesNotContainPattern("[\\p{Cntrl}\\u2028\\u2029\\u202e]");
  }

  @Property(tries = 300)
  void aLineIsNeverLongerThanAllowedAndNeverEndsInHalfACharacter(
      @ForAll String text, @ForAll @IntRange(min = 2, max = 40) int most) {
    String line = Text.line(text, most);

    assertThat(line.length()).isLessThanOrEqualTo(most);
    assertThat(line.chars().filter(c -> Character.isSurrogate((char) c)).count()).isEven();
  }

  @Property(tries = 300)
  void wrappingKeepsEachWordAndOnlySingleWordsAreTooLong(
      @ForAll List<String> words, @ForAll @IntRange(min = 1, max = 80) int width) {
    String text = Text.flat(String.join(" ", words));

    List<String> lines = Text.wrap(text, width);

    assertThat(String.join(" ", lines)).isEqualTo(text);
    assertThat(lines).allMatch(line -> line.length() <= width || !line.contains(" "));
  }
}
