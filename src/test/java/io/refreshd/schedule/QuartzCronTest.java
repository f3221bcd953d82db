package io.refreshd.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuartzCronTest {

  private final QuartzCron cron = new QuartzCron();

  @Test
  void timesAreInUtcWhateverTheMachinesZone() {
    Instant saturday = Instant.parse("2026-11-21T12:00:00Z");

    assertThat(cron.next("0 0 3 ? * SUN", saturday)).isEqualTo("2026-11-22T03:00:00Z");
    assertThat(cron.next("0 0 3 ? * SUN", Instant.parse("2026-11-22T03:00:00Z")))
        .isEqualTo("2026-11-29T03:00:00Z");
  }

  @Test
  void aWrongExpressionIsNamed() {
    assertThat(cron.problem("0 0 3 ? * SUN")).isEmpty();
    assertThat(cron.problem("every sunday")).isPresent();
    assertThat(cron.problem("0 0 3 * *")).isPresent();
  }

  @Test
  void theLongestGapIsFoundAlsoWhereTimesComeInBursts() {
    assertThat(cron.longestGap("0 0 3 ? * SUN")).isEqualTo(Duration.ofDays(7));
    assertThat(cron.longestGap("0 0 0 1 * ?")).isEqualTo(Duration.ofDays(31));
    assertThat(cron.longestGap("0 * * ? JAN *")).isGreaterThan(Duration.ofDays(330));
    assertThat(cron.longestGap("0 0 0 1 1 ? 2030")).isGreaterThan(Duration.ofDays(2_000));
  }

  /** With the sparser one of these a configuration was refused, with the denser one it was not. */
  @ParameterizedTest
  @ValueSource(strings = {"0 59 8-17 ? * MON-FRI", "0 * 8-17 ? * MON-FRI", "* * 8-17 ? * MON-FRI"})
  void aPauseIsAsLongAsItIsHoweverManyTimesComeBeforeIt(String expression) {
    Instant monday = Instant.parse("2026-11-23T00:00:00Z");
    Instant friday = Instant.parse("2026-11-20T17:59:59Z");
    Instant last = expression.startsWith("*") ? friday : friday.truncatedTo(ChronoUnit.MINUTES);

    assertThat(cron.longestGap(expression))
        .isEqualTo(Duration.between(last, cron.next(expression, monday)));
  }

  @Test
  void aDayThatComesOnceInManyYearsIsAwaited() {
    assertThat(cron.longestGap("0 0 0 29 2 ?")).isEqualTo(Duration.ofDays(4 * 365 + 1));
    assertThat(cron.longestGap("0 0 0 ? 2 MON#5")).isEqualTo(Duration.ofDays(28 * 365 + 7));
  }

  @Property(tries = 60)
  void theLongestGapIsThatOfAllTimesReadOneByOne(@ForAll("expressions") String expression) {
    Instant end = Instant.parse("2052-01-01T00:00:00Z");
    Instant last = cron.next(expression, Instant.parse("2023-12-31T23:59:59Z"));
    Duration longest = Duration.between(Instant.parse("2024-01-01T00:00:00Z"), last);
    while (last.isBefore(end)) {
      Instant next = cron.next(expression, last);
      Duration gap = Duration.between(last, next);
      longest = gap.compareTo(longest) > 0 ? gap : longest;
      last = next;
    }

    assertThat(cron.longestGap(expression)).isEqualTo(longest);
  }

  /** With few enough times a year to read all of them. */
  @Provide
  Arbitrary<String> expressions() {
    Arbitrary<String> seconds = Arbitraries.of("0", "59", "7,30", "0/40");
    Arbitrary<String> minutes = Arbitraries.of("0", "13", "59", "0,1", "20/25");
    Arbitrary<String> hours = Arbitraries.of("0", "23", "3", "8-10", "0/12", "22-1");
    Arbitrary<String> days =
        Arbitraries.of(
            "1 * ?",
            "31 * ?",
            "L * ?",
            "LW * ?",
            "1-5 1,6 ?",
            "15W 3-5 ?",
            "29 2 ?",
            "? * SUN",
            "? * MON#1",
            "? * FRI#5",
            "? 7 MON-FRI",
            "? 12,1 TUE",
            "? * 6L");
    return Combinators.combine(seconds, minutes, hours, days)
        .as((second, minute, hour, day) -> String.join(" ", second, minute, hour, day));
  }
}
