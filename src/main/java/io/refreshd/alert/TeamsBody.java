package io.refreshd.alert;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alert.Concern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a workflow of Microsoft Teams takes ("Post to a channel when a webhook request is
 * received"): a message with an <a href="https://adaptivecards.io/explorer/">Adaptive Card</a>. A
 * message may have about 28 KB (<a href="https://learn.microsoft.com/connectors/teams/">Microsoft
 * Teams connector, known issues</a>). The card is made of text runs, which, unlike text blocks,
 * take no Markdown: what a server said must not become a link.
 */
final class TeamsBody {

  private static final int MOST_CONCERNS = 100;
  private static final int ROOM = 24_000;
  private static final int LONGEST_TEXT = 800;

  private TeamsBody() {}

  static String of(Alert alert) {
    Fitting concerns = Fitting.of(alert, concern -> container(concern, alert), MOST_CONCERNS, ROOM);
    List<Map<String, @Nullable Object>> body = new ArrayList<>();
    body.add(text(List.of(heading(alert))));
    body.add(text(List.of(run(AlertText.opening(alert)))));
    body.addAll(concerns.shown());
    if (concerns.left() > 0) {
      body.add(text(List.of(run(AlertText.more(concerns.left())))));
    }
    return Json.text(message(body));
  }

  private static Map<String, @Nullable Object> message(List<Map<String, @Nullable Object>> body) {
    Map<String, @Nullable Object> card =
        Json.object(
            "$schema", "http://adaptivecards.io/schemas/adaptive-card.json",
            "type", "AdaptiveCard",
            "version", "1.4",
            "msteams", Json.object("width", "Full"),
            "body", body);
    Map<String, @Nullable Object> attachment =
        Json.object(
            "contentType",
            "application/vnd.microsoft.card.adaptive",
            "contentUrl",
            null,
            "content",
            card);
    return Json.object("type", "message", "attachments", List.of(attachment));
  }

  private static Map<String, @Nullable Object> container(Concern concern, Alert alert) {
    List<Map<String, @Nullable Object>> items = new ArrayList<>();
    items.add(text(List.of(bold(Text.line(concern.subject(), LONGEST_TEXT)))));
    for (AlertText.Line line : AlertText.lines(concern, alert.at())) {
      items.add(text(List.of(bold(line.label() + ": "), run(line.text()))));
    }
    return Json.object("type", "Container", "separator", true, "items", items);
  }

  private static Map<String, @Nullable Object> text(List<Map<String, @Nullable Object>> runs) {
    return Json.object("type", "RichTextBlock", "spacing", "Small", "inlines", runs);
  }

  private static Map<String, @Nullable Object> run(String text) {
    return Json.object("type", "TextRun", "text", Text.line(text, LONGEST_TEXT));
  }

  private static Map<String, @Nullable Object> bold(String text) {
    return Json.object("type", "TextRun", "weight", "Bolder", "text", text);
  }

  private static Map<String, @Nullable Object> heading(Alert alert) {
    return Json.object(
        "type", "TextRun",
        "size", "Large",
        "weight", "Bolder",
        "color", color(alert),
        "text", Text.line(AlertText.heading(alert), LONGEST_TEXT));
  }

  private static String color(Alert alert) {
    return switch (AlertText.word(alert)) {
      case "critical" -> "Attention";
      case "warning" -> "Warning";
      case "recovered" -> "Good";
      default -> "Default";
    };
  }
}
