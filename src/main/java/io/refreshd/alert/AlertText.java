package io.refreshd.alert;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alert.Concern;
import io.refreshd.rotation.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What people read: the same words in every channel, each of which lays them out in its way. */
final class AlertText {

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final int WIDTH = 72;
  private static final int LABEL_WIDTH = 10;
  private static final int MOST_IN_A_MAIL = 200;

  private AlertText() {}

  /** A paragraph's line: {@code why: …}. */
  record Line(String label, String text) {}

  /** One line: how urgent it is, and the title. */
  static String heading(Alert alert) {
    return word(alert) + ": " + Text.flat(alert.title());
  }

  /** The level; or, where the change says more than the level, that. */
  static String word(Alert alert) {
    return switch (alert.change()) {
      case RAISED, REMINDED -> alert.level().word();
      case RECOVERED -> "recovered";
      case TEST -> "test";
    };
  }

  /** A sentence or two: what the alert asks of its reader, and when it was found. */
  static String opening(Alert alert) {
    String at = minute(alert.at());
    return switch (alert.change()) {
      case RAISED -> "Found at " + at + ". " + urgency(alert.level());
      case REMINDED ->
          "Still so at " + at + ". " + urgency(alert.level()) + " This reminder comes once a day.";
      case RECOVERED -> "It is over, as of " + at + ". Nothing is left to do.";
      case TEST -> "A test of " + at + ": this channel works. Nothing happened.";
    };
  }

  private static String urgency(Level level) {
    return switch (level) {
      case CRITICAL -> "It is critical: somebody has to act now.";
      case WARNING -> "It is a warning: there is time, but somebody has to act.";
      case OK -> "Nobody has to act.";
    };
  }

  /**
   * What a concern says below its subject.
   *
   * @param at from when the days are counted
   */
  static List<Line> lines(Concern concern, Instant at) {
    List<Line> lines = new ArrayList<>();
    lines.add(new Line("what", Text.flat(concern.what())));
    add(lines, "why", concern.why());
    add(lines, "next", concern.next());
    Instant until = concern.until();
    if (until != null) {
      lines.add(new Line("until", minute(until) + " (" + left(Duration.between(at, until)) + ")"));
    }
    return lines;
  }

  private static void add(List<Line> lines, String label, @Nullable String text) {
    if (text != null) {
      lines.add(new Line(label, Text.flat(text)));
    }
  }

  /** The last line of a message that has no room for all concerns. */
  static String more(int count) {
    return "and " + count + " more: run `refreshd status`";
  }

  /** The whole text, in lines that fit a mail. */
  static List<String> mail(Alert alert) {
    List<String> text = new ArrayList<>(Text.wrap(Text.flat(alert.title()), WIDTH));
    text.add("");
    text.addAll(Text.wrap(opening(alert), WIDTH));
    List<Concern> concerns = alert.concerns();
    int shown = Math.min(concerns.size(), MOST_IN_A_MAIL);
    concerns.subList(0, shown).forEach(concern -> text.addAll(paragraph(concern, alert.at())));
    if (shown < alert.all()) {
      text.addAll(List.of("", more(alert.all() - shown)));
    }
    text.addAll(List.of("", "-- ", "refreshd, cause " + Text.flat(alert.cause())));
    return text;
  }

  private static List<String> paragraph(Concern concern, Instant at) {
    List<String> paragraph = new ArrayList<>(List.of("", Text.flat(concern.subject())));
    for (Line line : lines(concern, at)) {
      String label = "  " + line.label() + ":";
      for (String part : Text.wrap(line.text(), WIDTH - LABEL_WIDTH)) {
        paragraph.add(label + " ".repeat(LABEL_WIDTH - label.length()) + part);
        label = "";
      }
    }
    return paragraph;
  }

  private static String minute(Instant instant) {
    return MINUTE.format(instant);
  }

  private static String left(Duration left) {
    if (left.compareTo(Duration.ZERO) <= 0) {
      return "too late";
    }
    if (left.toDays() >= 2) {
      return left.toDays() + " days left";
    }
    return left.toHours() >= 2 ? left.toHours() + " hours left" : left.toMinutes() + " min left";
  }
}
