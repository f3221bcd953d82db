package io.refreshd.schedule;

import io.refreshd.schedule.RotationQueue.Waiting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Rotations that wait in a line for each tenant, of which so many may run at once. For one thread
 * at a time.
 */
final class TenantLines {

  /** The grants of one tenant that wait; in {@link #ready} while one of them may start. */
  private static final class Line {
    final String tenant;
    final PriorityQueue<Waiting> waiting = new PriorityQueue<>(RotationQueue.URGENCY);
    int running;

    Line(String tenant) {
      this.tenant = tenant;
    }

    Waiting first() {
      return waiting.element();
    }
  }

  private final int perTenant;
  private final Map<String, Line> lines = new HashMap<>();
  private final TreeSet<Line> ready =
      new TreeSet<>(
          Comparator.comparing(Line::first, RotationQueue.URGENCY).thenComparing(l -> l.tenant));

  /** Whether a line is missing in {@link #ready} for want of memory. */
  private boolean isIncomplete;

  TenantLines(int perTenant) {
    this.perTenant = perTenant;
  }

  void add(Waiting rotation) {
    Line line = lines.computeIfAbsent(rotation.grant().name().tenant(), Line::new);
    takeAside(line);
    try {
      line.waiting.add(rotation);
    } finally {
      putBack(line);
    }
  }

  /**
   * Takes out what waits.
   *
   * @return what was taken out
   */
  List<Waiting> removeIf(Predicate<Waiting> these) {
    List<Waiting> taken = new ArrayList<>();
    for (Line line : lines.values()) {
      takeAside(line);
      try {
        line.waiting.stream().filter(these).forEach(taken::add);
        line.waiting.removeIf(these);
      } finally {
        putBack(line);
      }
    }
    return taken;
  }

  /** Takes out all that waits. */
  void clear(Consumer<Waiting> each) {
    for (Line line : lines.values()) {
      line.waiting.forEach(each);
      line.waiting.clear();
    }
    ready.clear();
  }

  /** Whether one may start. */
  boolean isAnyReady() {
    if (isIncomplete) {
      lines.values().forEach(this::place);
      isIncomplete = false;
    }
    return !ready.isEmpty();
  }

  /** Starts the most urgent that may start, and returns it; {@code null} if there is none. */
  @Nullable Waiting start() {
    Line line = ready.pollFirst();
    if (line == null) {
      return null;
    }
    Waiting started = line.waiting.remove();
    line.running++;
    putBack(line);
    return started;
  }

  /** What was started is over. */
  void ended(Waiting rotation) {
    Line line = lines.get(rotation.grant().name().tenant());
    if (line != null) {
      takeAside(line);
      line.running--;
      putBack(line);
    }
  }

  /** Its place among the others hangs on its first. */
  private void takeAside(Line line) {
    if (!line.waiting.isEmpty()) {
      ready.remove(line);
    }
  }

  /** One that there is no memory for is put back by who asks next: what has ended has ended. */
  private void putBack(Line line) {
    try {
      place(line);
    } catch (Error e) {
      isIncomplete = true;
    }
  }

  private void place(Line line) {
    if (!line.waiting.isEmpty() && line.running < perTenant) {
      ready.add(line);
    }
  }
}
