package io.refreshd.alert;

import io.refreshd.rotation.Alert;
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
    return switch (alert.change()) {
      case TEST ->
          Stream.of(firing("RefreshdTest", severity(alert.level()), concern, alert, TEST_FIRES));
      case RAISED, REMINDED, RECOVERED ->
          Stream.concat(
                  Stream.of(alert.level()),
                  Arrays.stream(Level.values()).filter(level -> level != alert.level()))
              .map(level -> alert(level, concern, alert));
    };
  }

  private static Map<String, @Nullable Object> alert(Level level, Concern concern, Alert alert) {
    boolean fires = alert.change() != Alert.Change.RECOVERED && level == alert.level();
    String name = "RefreshdGrantInDanger";
    return fires
        ? firing(name, severity(level), concern, alert, FIRES)
        : ended(name, severity(level), concern, alert);
  }

  private static Map<String, @Nullable Object> firing(
      String name, String severity, Concern concern, Alert alert, Duration span) {
    return Json.object(
        "labels", labels(name, severity, concern, alert),
        "annotations", annotations(concern, alert),
        "startsAt", alert.at(),
        "endsAt", alert.at().plus(span));
  }

  private static Map<String, @Nullable Object> ended(
      String name, String severity, Concern concern, Alert alert) {
    Instant end = alert.at().minus(CLOCKS_DIFFER);
    return Json.object(
        "labels",
        labels(name, severity, concern, alert),
        "annotations",
        annotations(concern, alert),
        "startsAt",
        end,
        "endsAt",
        end);
  }

  private static Map<String, @Nullable Object> labels(
      String name, String severity, Concern concern, Alert alert) {
    return Json.object(
        "alertname",
        name,
        "severity",
        severity,
        "subject",
        Text.flat(concern.subject()),
        "cause",
        Text.flat(alert.cause()));
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

  private static String severity(Level level) {
    return level == Level.OK ? "info" : level.word();
  }
}
