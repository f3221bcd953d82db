package io.refreshd.alert;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alert.Concern;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Our own shape, for programs: {@code {"version":1,"cause","change","level","at","title",
 * "concerns":[{"subject","what","why","next","until"}]}}. Members may be added; one that is here
 * keeps its name and its meaning as long as the version is 1. Absent values are {@code null},
 * instants are ISO-8601 in UTC, texts are of one line.
 */
final class GenericBody {

  private GenericBody() {}

  static String of(Alert alert) {
    return Json.text(
        Json.object(
            "version", 1,
            "cause", Text.flat(alert.cause()),
            "change", change(alert),
            "level", alert.level().word(),
            "at", alert.at(),
            "title", Text.flat(alert.title()),
            "concerns", alert.concerns().stream().map(GenericBody::concern).toList()));
  }

  /** {@code raised}, {@code reminded}, {@code recovered} or {@code test}. */
  static String change(Alert alert) {
    return alert.change().name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, @Nullable Object> concern(Concern concern) {
    return Json.object(
        "subject", Text.flat(concern.subject()),
        "what", Text.flat(concern.what()),
        "why", flat(concern.why()),
        "next", flat(concern.next()),
        "until", concern.until());
  }

  private static @Nullable String flat(@Nullable String text) {
    return text == null ? null : Text.flat(text);
  }
}
