package io.refreshd.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  private static final long LONGEST = Duration.ofDays(36_500).toSeconds();

  @ParameterizedTest
  @CsvSource({
    "90d, P90D, 90d",
    "36h, PT36H, 1d12h",
    "15m, PT15M, 15m",
    "30s, PT30S, 30s",
    "1d12h, PT36H, 1d12h",
    "90m, PT90M, 1h30m",
    "P90D, P90D, 90d",
    "PT36H, PT36H, 1d12h",
    "P1DT1S, PT86401S, 1d1s",
    "0s, PT0S, 0s",
    "36500d, P36500D, 36500d"
  })
  void readsAndWrites(String text, Duration duration, String written) {
    assertThat(Durations.parse(text)).isEqualTo(duration);
    assertThat(Durations.format(duration)).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "7",
        "7 d",
        "7D",
        "-7d",
        "d",
        "1h1d",
        "7days",
        "1w",
        "P1M",
        "P1Y",
        "P",
        "PT",
        "1d ",
        "1.5h",
        "٣d",
        "9999999999d"
      })
  void whatIsNoDurationIsToldSo(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"" + text + "\" is not a duration; would be for example 90d");
  }

  @ParameterizedTest
  @ValueSource(strings = {"P-1D", "PT1.5S", "36500d1s", "P36501D", "999999999d"})
  void whatIsOutOfRangeIsToldSo(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("\"" + text + "\" is out of range; would be whole seconds, 36500d at most");
  }

  @Test
  void partsOfASecondAreNotWritten() {
    assertThat(Durations.format(Duration.ofMillis(1_999))).isEqualTo("1s");
  }

  @Property
  void whatIsWrittenIsReadAgain(@ForAll @LongRange(min = 0) long number) {
    Duration duration = Duration.ofSeconds(number % (LONGEST + 1));

    assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
    assertThat(Durations.parse(duration.toString())).isEqualTo(duration);
  }

  @Property
  void anyTextIsADurationInRangeOrAnIllegalArgument(@ForAll("texts") String text) {
    try {
      assertThat(Durations.parse(text)).isBetween(Duration.ZERO, Duration.ofSeconds(LONGEST));
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).contains("; would be ").doesNotContain("\n");
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings(),
        Arbitraries.strings().withChars("0123456789dhmsPTDHMS.-+ ").ofMaxLength(60));
  }
}
