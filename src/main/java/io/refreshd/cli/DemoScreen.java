package io.refreshd.cli;

import io.refreshd.daemon.Demo;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.GrantStatus;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The demo on a terminal: the table of all grants, redrawn, above the latest events. */
final class DemoScreen implements Demo.View {

  private static final int EVENTS = 10;

  private final Console console;
  private final Deque<String> events = new ArrayDeque<>();

  DemoScreen(Console console) {
    this.console = console;
  }

  @Override
  public synchronized void scene(int day, String text) {
    add(console.paint(Console.Paint.BOLD, DemoLines.day(day) + "-- " + text));
  }

  @Override
  public synchronized void entry(int day, Entry entry) {
    add(DemoLines.line(console, day, entry));
  }

  @Override
  public synchronized void frame(int day, List<GrantStatus> grants) {
    console.clear();
    console.print(console.paint(Console.Paint.BOLD, DemoLines.day(day) + "of 60"));
    // where something is wrong the events say why
    new StatusTable(console, Demo.DAY).rows(grants).forEach(console::print);
    console.print("");
    events.forEach(console::print);
  }

  private void add(String event) {
    events.addLast(event);
    if (events.size() > EVENTS) {
      events.removeFirst();
    }
  }
}
