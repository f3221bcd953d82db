package io.refreshd.cli;

import io.refreshd.daemon.Demo;
import io.refreshd.rotation.Clocks;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.State;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The demo on a terminal of 80 by 24: a line per market, redrawn, above the latest events. */
final class DemoScreen implements Demo.View {

  private static final int EVENTS = 8;
  private static final int WIDTH = 79;

  private final Console console;
  private final Deque<String> events = new ArrayDeque<>();

  DemoScreen(Console console) {
    this.console = console;
  }

  @Override
  public synchronized void scene(int day, String text) {
    add(DemoLines.day(day) + "-- " + text);
  }

  @Override
  public synchronized void entry(int day, Entry entry) {
    add(DemoLines.line(new LogText(console.withoutColours()), day, entry));
  }

  @Override
  public synchronized void frame(int day, List<GrantStatus> grants) {
    Map<String, List<GrantStatus>> markets =
        grants.stream()
            .collect(
                Collectors.groupingBy(
                    status -> status.grant().tenant(), TreeMap::new, Collectors.toList()));
    console.clear();
    console.print(
        console.paint(Console.Paint.BOLD, DemoLines.day(day) + "of " + Demo.DAYS)
            + "   days left of 90, by market: live, sandbox");
    markets.forEach((market, members) -> console.print(line(market, members)));
    console.print("");
    events.forEach(event -> console.print(paint(event)));
  }

  private String line(String market, List<GrantStatus> members) {
    return String.format(Locale.ROOT, "%-9s", market)
        + members.stream().map(this::cell).collect(Collectors.joining());
  }

  private String cell(GrantStatus status) {
    GrantRecord record = status.record();
    Clocks clocks = status.clocks();
    double left = clocks == null ? 0 : clocks.lifeLeft(status.at());
    String generation = record == null ? "" : "gen " + record.generation();
    String bar = LifeBar.of(left, console.isUnicode());
    String days = String.format(Locale.ROOT, "%5.1f", left * 90);
    String word = status.state() == State.HEALTHY ? generation : status.state().word();
    Console.Paint paint =
        status.state() == State.HEALTHY ? LifeBar.paint(status.level()) : Console.Paint.RED;
    return console.paint(paint, bar + days + " " + String.format(Locale.ROOT, "%-9s", word)) + " ";
  }

  private String paint(String event) {
    return event.contains("-- ") ? console.paint(Console.Paint.BOLD, event) : event;
  }

  private void add(String event) {
    events.addLast(event.length() > WIDTH ? event.substring(0, WIDTH - 1) + "…" : event);
    if (events.size() > EVENTS) {
      events.removeFirst();
    }
  }
}
