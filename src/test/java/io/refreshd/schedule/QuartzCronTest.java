package io.refreshd.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

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
}
