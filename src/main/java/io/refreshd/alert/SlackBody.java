package io.refreshd.alert;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alert.Concern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an incoming webhook of Slack takes: a {@code text} for notifications, and blocks. Slack
 * allows 50 blocks of 3,000 characters, but refuses about 13,000 in all ({@code
 * msg_blocks_too_long}). See <a
 * href="https://docs.slack.dev/reference/block-kit/blocks/section-block">section block</a> and <a
 * href="https://docs.slack.dev/messaging/formatting-message-text">formatting</a>.
 */
final class SlackBody {

  private static final int MOST_CONCERNS = 45;
  private static final int ROOM = 11_000;
  private static final int LONGEST_TEXT = 600;

  private SlackBody() {}

  static String of(Alert alert) {
    Fitting concerns = Fitting.of(alert, concern -> section(concern, alert), MOST_CONCERNS, ROOM);
    String heading = escaped(AlertText.heading(alert));
    List<Map<String, @Nullable Object>> blocks = new ArrayList<>();
    blocks.add(section("*" + heading + "*\n" + escaped(AlertText.opening(alert))));
    blocks.addAll(concerns.shown());
    if (concerns.left() > 0) {
      blocks.add(section(AlertText.more(concerns.left())));
    }
    return Json.text(Json.object("text", heading, "blocks", blocks));
  }

  private static Map<String, @Nullable Object> section(Concern concern, Alert alert) {
    StringBuilder text = new StringBuilder("*" + escaped(concern.subject()) + "*");
    for (AlertText.Line line : AlertText.lines(concern, alert.at())) {
      text.append("\n_").append(line.label()).append(":_ ").append(escaped(line.text()));
    }
    return section(text.toString());
  }

  /** Verbatim: what a server said must not become a link or call a channel together. */
  private static Map<String, @Nullable Object> section(String text) {
    return Json.object(
        "type", "section", "text", Json.object("type", "mrkdwn", "text", text, "verbatim", true));
  }

  /** What is too long is cut between two characters, never within an escaped one. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (char c : Text.flat(text).toCharArray()) {
      if (escaped.length() > LONGEST_TEXT && !Character.isLowSurrogate(c)) {
        return escaped.append('…').toString();
      }
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
