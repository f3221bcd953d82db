package io.refreshd.cli;

import io.refreshd.rotation.Entry;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.LoggedEntry;
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

  String line(LoggedEntry logged) {
    Entry entry = logged.entry();
    List<String> words = new ArrayList<>();
    words.add(console.paint(Console.Paint.DIM, TIME.format(entry.at())));
    words.add(what(entry, 22));
    words.add(padded(entry.trigger() == null ? "" : entry.trigger().word(), 8));
    if (entry.duration() != null) {
      words.add(String.format(Locale.ROOT, "%5d ms", entry.duration().toMillis()));
    }
    words.add(why(entry));
    if (logged.node() != null) {
      words.add(console.paint(Console.Paint.DIM, "by " + logged.node()));
    }
    return String.join("  ", words).stripTrailing();
  }

  /** What happened to which grant, and why if it went wrong; no more. */
  String brief(Entry entry) {
    boolean wentWrong = entry.refusal() != null || entry.event() == Event.RECOVERED;
    return (what(entry, 16) + (wentWrong ? "  " + why(entry) : "")).stripTrailing();
  }

  private String what(Entry entry, int width) {
    String grant = entry.grant() == null ? "-" : entry.grant().toString();
    String event = console.paint(paint(entry.event()), padded(entry.event().word(), 11));
    String generation = entry.generation() == null ? "" : "gen " + entry.generation();
    return padded(grant, width) + "  " + event + "  " + padded(generation, 7);
  }

  private static String why(Entry entry) {
    String kind = entry.refusal() == null ? "" : entry.refusal().kind().word() + ": ";
    return kind + (entry.message() == null ? "" : entry.message());
  }

  private static String padded(String text, int width) {
    return String.format(Locale.ROOT, "%-" + width + "s", text);
  }

  private static Console.Paint paint(Event event) {
    return switch (event) {
      case REFUSED, UNREACHABLE -> Console.Paint.RED;
      case REVEALED, FORGOTTEN, KEY_ROTATED, RESTORED -> Console.Paint.YELLOW;
      default -> Console.Paint.GREEN;
    };
  }
}
