package io.refreshd.alert;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alert.Change;
import io.refreshd.rotation.Alert.Concern;
import io.refreshd.rotation.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What Alertmanager's <a href="https://prometheus.io/docs/alerting/latest/alerts_api/">alerts
 * API</a> takes: an array with an alert for each concern.
 *
 * <p>Alertmanager knows an alert by its labels, and the severity is one of them. So each concern is
 * sent with every severity: first with the one that it has, then, as ended, with the others. Of an
 * ended alert that never fired Alertmanager tells nobody.
 */
final class AlertmanagerBody {

  /** A reminder comes once a day and lengthens it; without one it ends by itself. */
  private static final Duration FIRES = Duration.ofHours(25);

  private static final Duration TEST_FIRES = Duration.ofMinutes(5);

  /**
   * Alertmanager takes an end that is in the future by its own clock for one that may be extended
   * by the end it knew before. So an end is told as this much earlier, for clocks that differ.
   */
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

  private AlertmanagerBody() {}

  static String of(Alert alert) {
    return Json.text(alert.concerns().stream().flatMap(concern -> alerts(concern, alert)).toList());
  }

  private static Stream<Map<String, @Nullable Object>> alerts(Concern concern, Alert alert) {
    return alert.change() == Change.TEST
        ? Stream.of(
            alert("RefreshdTest", alert.level(), concern, alert, alert.at().plus(TEST_FIRES)))
        : Stream.concat(
                Stream.of(alert.level()),
                Arrays.stream(Level.values()).filter(level -> level != alert.level()))
            .map(level -> alert("RefreshdGrantInDanger", level, concern, alert, end(level, alert)));
  }

  private static Instant end(Level level, Alert alert) {
    return alert.change() != Change.RECOVERED && level == alert.level()
        ? alert.at().plus(FIRES)
        : alert.at().minus(CLOCKS_DIFFER);
  }

  private static Map<String, @Nullable Object> alert(
      String name, Level level, Concern concern, Alert alert, Instant end) {
    return Json.object(
        "labels",
        labels(name, level, concern, alert),
        "annotations",
        annotations(concern, alert),
        "startsAt",
        end.isBefore(alert.at()) ? end : alert.at(),
        "endsAt",
        end);
  }

  private static Map<String, @Nullable Object> labels(
      String name, Level level, Concern concern, Alert alert) {
    String subject = Text.flat(concern.subject());
    String severity = level == Level.OK ? "info" : level.word();
    String cause = Text.flat(alert.cause());
    return Json.object("alertname", name, "severity", severity, "subject", subject, "cause", cause);
  }

  private static Map<String, @Nullable Object> annotations(Concern concern, Alert alert) {
    String why = concern.why();
    String what = Text.flat(concern.what());
    Map<String, @Nullable Object> annotations = new LinkedHashMap<>();
    annotations.put("summary", Text.flat(alert.title()));
    annotations.put("description", why == null ? what : what + ": " + Text.flat(why));
    if (concern.next() != null) {
      annotations.put("next", Text.flat(concern.next()));
    }
    if (concern.until() != null) {
      annotations.put("until", concern.until());
    }
    return annotations;
  }
}
