package io.refreshd.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeSpansTest {

  @ParameterizedTest
  @CsvSource({
    "00:10:00, PT10M",
    "8:00:00, PT8H",
    "23:59:59, PT86399S",
    "1.00:00:00, PT24H",
    "90.00:00:00, P90D",
    "0.00:00:00, PT0S"
  })
  void areRead(String text, Duration duration) {
    assertThat(TimeSpans.find(text)).contains(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "600",
        "10:00",
        "24:00:00",
        "00:60:00",
        "00:00:60",
        "-00:10:00",
        "1d",
        "1:00:00:00",
        "1.1.00:00:00",
        " 00:10:00",
        "00:10:00 ",
        "٠٠:10:00",
        "99999999.00:00:00",
        "PT10M"
      })
  void whatIsNoneIsNone(String text) {
    assertThat(TimeSpans.find(text)).isEmpty();
  }

  @Property
  void whatIsWrittenIsReadAgain(@ForAll @LongRange(min = 0, max = 863_999_999_999L) long seconds) {
    Duration duration = Duration.ofSeconds(seconds);
    String time =
        "%02d:%02d:%02d"
            .formatted(duration.toHoursPart(), duration.toMinutesPart(), duration.toSecondsPart());

    assertThat(TimeSpans.find(duration.toDaysPart() + "." + time)).contains(duration);
    assertThat(TimeSpans.find(time)).contains(duration.minusDays(duration.toDaysPart()));
  }

  @Property
  void anyTextIsOneThatIsNotNegativeOrNone(@ForAll("texts") String text) {
    assertThat(TimeSpans.find(text).orElse(Duration.ZERO)).isGreaterThanOrEqualTo(Duration.ZERO);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings(), Arbitraries.strings().withChars("0123456789:.-").ofMaxLength(20));
  }
}
