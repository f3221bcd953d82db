package io.refreshd.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alert.Change;
import io.refreshd.rotation.Alert.Concern;
import io.refreshd.rotation.Level;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What each format makes of an alert, against the files beside this test. */
class FormatTest {

  private static final int TEAMS_LIMIT = 28_000;
  private static final int SLACK_LIMIT = 13_000;

  @ParameterizedTest
  @EnumSource
  void aFormatIsAsTheFileHasIt(Format format) {
    Golden.assertJson(format.body(Alerts.secret()), format.word() + ".json");
  }

  @Test
  void theGenericFormatIsOnOneLineInAFixedOrder() {
    assertThat(Format.GENERIC.body(Alerts.test()))
        .isEqualTo(
            "{\"version\":1,\"cause\":\"test\",\"change\":\"test\",\"level\":\"ok\","
                + "\"at\":\"2026-11-22T10:54:30Z\",\"title\":\"a test of refreshd\",\"concerns\":["
                + "{\"subject\":\"refreshd\",\"what\":\"somebody ran `refreshd alert test`\","
                + "\"why\":null,\"next\":null,\"until\":null}]}");
  }

  @Test
  void alertmanagerIsToldTheEndWhateverTheSeverityWas() {
    Golden.assertJson(Format.ALERTMANAGER.body(Alerts.recovered()), "alertmanager-recovered.json");
  }

  @Test
  void aTestFiresInAlertmanagerUnderItsOwnNameAndForAShortTime() {
    Golden.assertJson(Format.ALERTMANAGER.body(Alerts.test()), "alertmanager-test.json");
  }

  @Test
  void slackMarkupInAnAnswerIsText() {
    assertThat(Format.SLACK.body(Alerts.titled("<!channel> a & b <https://evil.test|look>")))
        .contains("&lt;!channel&gt; a &amp; b &lt;https://evil.test|look&gt;")
        .doesNotContain("<!channel>", "<https");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "&", "\"", "漢", "\uD83D\uDE00", "\u0007x"})
  void noFormatForPeopleOutgrowsItsLimits(String character) {
    Alert huge = Alerts.many(2000, character.repeat(5000));

    assertThat(utf8(Format.TEAMS.body(huge))).isLessThan(TEAMS_LIMIT);
    assertThat(Format.SLACK.body(huge).length()).isLessThan(SLACK_LIMIT);
    assertThat(slackTexts(huge)).hasSizeBetween(3, 50).allMatch(text -> text.length() <= 3000);
  }

  @Test
  void whatHasNoRoomIsCounted() {
    Alert many = Alerts.many(2000, "stands still");

    long shown = slackTexts(many).stream().filter(text -> text.startsWith("*market/")).count();

    assertThat(slackTexts(many))
        .last()
        .isEqualTo("and " + (2000 - shown) + " more: run `refreshd status`");
    Alert named = Alerts.secret();
    String left = "and " + (5_000 - named.concerns().size()) + " more: run";
    for (Format format : List.of(Format.SLACK, Format.TEAMS)) {
      assertThat(format.body(named.ofAll(5_000))).as("those that are not named").contains(left);
    }
    assertThat(Format.TEAMS.body(many)).containsPattern("and 19\\d\\d more: run `refreshd status`");
  }

  @Test
  void twentyFourGrantsOfOneCauseAreAllShown() {
    Alert alert = Alerts.many(24, "the client secret is refused, see the log");

    assertThat(slackTexts(alert)).hasSize(25);
    assertThat(Format.TEAMS.body(alert)).contains("market/24").doesNotContain("more: run");
  }

  @Test
  void programsGetAllOfThem() {
    JsonNode body = Golden.json(Format.GENERIC.body(Alerts.many(2000, "stands still")));

    assertThat(body.get("concerns")).hasSize(2000);
  }

  @Test
  void aWorseLevelEndsTheLesserOneInAlertmanager() {
    Alert warning =
        new Alert(
            "c",
            Change.RAISED,
            Level.WARNING,
            Alerts.AT,
            "t",
            List.of(new Concern("a/b", "w", null, null, null)));
    JsonNode body = Golden.json(Format.ALERTMANAGER.body(warning));

    assertThat(elements(body).map(alert -> alert.get("labels").get("severity").asString()))
        .containsExactly("warning", "info", "critical");
    assertThat(elements(body).map(alert -> alert.get("endsAt").asString()))
        .containsExactly("2026-11-23T11:54:30Z", "2026-11-22T10:53:30Z", "2026-11-22T10:53:30Z");
  }

  @ParameterizedTest
  @CsvSource({
    "ALERTMANAGER, http://am:9093, http://am:9093/api/v2/alerts",
    "ALERTMANAGER, http://am:9093/, http://am:9093/api/v2/alerts",
    "ALERTMANAGER, https://am/x/api/v2/alerts, https://am/x/api/v2/alerts",
    "GENERIC, https://ops.test, https://ops.test",
    "SLACK, https://hooks.test/services/T/B/x, https://hooks.test/services/T/B/x"
  })
  void onlyAlertmanagersPathMayBeLeftOut(Format format, URI url, URI target) {
    assertThat(format.target(url)).isEqualTo(target);
  }

  private static List<String> slackTexts(Alert alert) {
    return elements(Golden.json(Format.SLACK.body(alert)).get("blocks"))
        .map(block -> block.get("text").get("text").asString())
        .toList();
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
