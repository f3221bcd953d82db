package io.refreshd.cli;

import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An entry of the rotation log as a line for people. */
final class LogText {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Console console;

  LogText(Console console) {
    this.console = console;
  }

  String line(Entry entry) {
    return console.paint(Console.Paint.DIM, TIME.format(entry.at())) + "  " + text(entry, true);
  }

  /** Without the time, and without the notes of what went well. */
  String brief(Entry entry) {
    return text(entry, entry.refusal() != null || entry.event() == Event.RECOVERED);
  }

  private String text(Entry entry, boolean withMessage) {
    List<String> words = new ArrayList<>();
    words.add(String.format(Locale.ROOT, "%-22s", entry.grant() == null ? "-" : entry.grant()));
    words.add(
        console.paint(
            paint(entry.event()), String.format(Locale.ROOT, "%-11s", entry.event().word())));
    words.add(
        String.format(
            Locale.ROOT, "%-7s", entry.generation() == null ? "" : "gen " + entry.generation()));
    words.add(
        String.format(Locale.ROOT, "%-8s", entry.trigger() == null ? "" : entry.trigger().word()));
    if (entry.duration() != null) {
      words.add(String.format(Locale.ROOT, "%5d ms", entry.duration().toMillis()));
    }
    if (entry.refusal() != null) {
      words.add(entry.refusal().kind().word() + ":");
    }
    if (withMessage && entry.message() != null) {
      words.add(entry.message());
    }
    return String.join("  ", words).stripTrailing();
  }

  private static Console.Paint paint(Event event) {
    return switch (event) {
      case REFUSED, UNREACHABLE -> Console.Paint.RED;
      case REVEALED, KEY_ROTATED -> Console.Paint.YELLOW;
      default -> Console.Paint.GREEN;
    };
  }
}
