package io.refreshd.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alert.Change;
import io.refreshd.rotation.Alert.Concern;
import io.refreshd.rotation.Level;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people read, against the texts beside this test. */
class AlertTextTest {

  @Test
  void anAlertTellsWhoWhatWhyWhatNextAndUntilWhen() {
    assertMail(Alerts.secret(), "mail-raised.txt");
  }

  @Test
  void aReminderSaysThatItIsOne() {
    Alert reminded =
        Alerts.changed(
            Alerts.secret(), Change.REMINDED, Level.WARNING, Alerts.AT.plus(Duration.ofDays(1)));

    assertMail(reminded, "mail-reminded.txt");
  }

  @Test
  void aRecoverySaysWhatIsOver() {
    assertMail(Alerts.recovered(), "mail-recovered.txt");
  }

  @Test
  void aTestSaysThatNothingHappened() {
    assertMail(Alerts.test(), "mail-test.txt");
  }

  @ParameterizedTest
  @CsvSource({
    "P9DT7H, 9 days left",
    "P2D, 2 days left",
    "P1DT23H59M, 47 hours left",
    "PT2H, 2 hours left",
    "PT119M, 119 min left",
    "PT30S, 0 min left",
    "PT0S, too late",
    "PT-1H, too late"
  })
  void theTimeLeftIsCountedFromTheAlert(Duration left, String said) {
    Concern concern = new Concern("a/b", "ends", null, null, Alerts.AT.plus(left));

    assertThat(AlertText.lines(concern, Alerts.AT).get(1).text()).endsWith("(" + said + ")");
  }

  @Test
  void whatAServerSaidCannotBreakTheParagraph() {
    Concern concern =
        new Concern("a/b", "first\r\nsecond\u2028third\u0000\u202e", null, null, null);

    assertThat(AlertText.lines(concern, Alerts.AT))
        .containsExactly(new AlertText.Line("what", "first second third"));
  }

  @Test
  void aMailOfThousandsOfGrantsIsCut() {
    assertThat(AlertText.mail(Alerts.many(10_000, "stands still")))
        .contains("market/200", "and 9800 more: run `refreshd status`")
        .doesNotContain("market/201");
  }

  private static void assertMail(Alert alert, String file) {
    assertThat(String.join("\n", AlertText.mail(alert)) + "\n").isEqualTo(Golden.read(file));
  }
}
