package io.refreshd.cli;

import io.refreshd.daemon.Demo;
import io.refreshd.rotation.Entry;
import io.refreshd.rotation.GrantStatus;
import java.util.List;
import java.util.Locale;

/** The demo as lines, for a pipe or a file; the table once every ten days. */
final class DemoLines implements Demo.View {

  private static final int TABLE_EVERY = 10;

  private final Console console;
  private int nextTable = TABLE_EVERY;

  DemoLines(Console console) {
    this.console = console;
  }

  @Override
  public synchronized void scene(int day, String text) {
    console.print(day(day) + "-- " + text);
  }

  @Override
  public synchronized void entry(int day, Entry entry) {
    console.print(line(new LogText(console), day, entry));
  }

  @Override
  public synchronized void frame(int day, List<GrantStatus> grants) {
    if (day >= nextTable) {
      nextTable = day + TABLE_EVERY;
      StatusTable table =
          new StatusTable(console, grants.stream().map(GrantStatus::grant), Demo.DAY);
      console.print(table.head());
      grants.forEach(grant -> table.lines(grant).forEach(console::print));
    }
  }

  static String line(LogText text, int day, Entry entry) {
    return day(day) + text.brief(entry);
  }

  static String day(int day) {
    return String.format(Locale.ROOT, "day %2d  ", day);
  }
}
