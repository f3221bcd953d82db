package io.refreshd.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.config.Node.Scalar;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatesTest {

  private static final int FROM = Math.toIntExact(LocalDate.of(2000, 1, 1).toEpochDay());
  private static final int DAYS = 365_000;

  @ParameterizedTest
  @CsvSource({
    "2027-01-31, 2027-01-31T00:00:00Z",
    "2028-02-29, 2028-02-29T00:00:00Z",
    "2027-01-31T12:30:00Z, 2027-01-31T12:30:00Z",
    "2027-01-31T12:30Z, 2027-01-31T12:30:00Z",
    "2027-01-31T00:30+01:00, 2027-01-30T23:30:00Z",
    "2027-01-31T24:00Z, 2027-02-01T00:00:00Z",
    "2027-01-31T12:30:00.5Z, 2027-01-31T12:30:00.5Z",
    "2027-01-31T00:30:00+01:00, 2027-01-30T23:30:00Z"
  })
  void areRead(String text, Instant instant) throws Mistake {
    assertThat(read(text)).isEqualTo(instant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2027",
        "31.01.2027",
        "1/31/2027",
        "2027-1-31",
        "1999-12-31",
        "+22027-01-31",
        "2027-01-31 ",
        "2027-01-31 12:00:00Z",
        "2027-01-31T12:00:00",
        "٢٠٢٧-01-31",
        "90d"
      })
  void whatIsNoDateIsToldSo(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(Mistake.class)
        .hasMessage("\"" + text + "\" is not a date; would be 2027-01-31 or 2027-01-31T12:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2027-02-29", "2027-13-01", "2027-00-01", "2027-01-31T24:30:00Z"})
  void whatIsNoDayOfTheCalendarIsToldSo(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(Mistake.class)
        .hasMessage("\"" + text + "\" is no day of the calendar; would be one");
  }

  @Property
  void aDateIsItsStartInUtc(@ForAll @IntRange(max = DAYS) int day) throws Mistake {
    LocalDate date = LocalDate.ofEpochDay(FROM + day);
    Instant start = date.atStartOfDay(ZoneOffset.UTC).toInstant();

    assertThat(read(date.toString())).isEqualTo(start);
    assertThat(read(start.toString())).isEqualTo(start);
  }

  /** The schema must take what the loader takes. */
  @Property
  void anyTextIsADateThatThePatternTakesOrAMistake(@ForAll("texts") String text) {
    try {
      assertThat(read(text)).isAfter("1999-12-30T00:00:00Z").isBefore("3000-01-02T00:00:00Z");
      assertThat(text).matches(Pattern.compile(Dates.PATTERN));
    } catch (Mistake e) {
      assertThat(e.words()).contains("; would be ").doesNotContain("\n");
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings(),
        Arbitraries.strings().withChars("0123456789-:TZ+. ").ofMaxLength(30),
        Arbitraries.strings().withChars("0123").ofLength(2).map(day -> "2027-02-" + day),
        Arbitraries.strings()
            .withChars("0123456789")
            .ofLength(2)
            .map(h -> "2027-01-31T" + h + ":00Z"));
  }

  private static Instant read(String text) throws Mistake {
    return Dates.read(
        new Scalar(new SourceFile(Path.of("/refreshd.yaml"), "refreshd.yaml").whole(), text));
  }
}
