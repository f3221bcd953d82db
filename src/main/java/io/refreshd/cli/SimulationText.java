package io.refreshd.cli;

import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Level;
import io.refreshd.rotation.Told;
import io.refreshd.simulation.Death;
import io.refreshd.simulation.Fate;
import io.refreshd.simulation.Peak;
import io.refreshd.simulation.SimulationResult;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The result of a simulation for a person: the figures, then deaths and alerts, of each the first
 * few.
 */
final class SimulationText {

  /** A person reads no more; {@code --json} has them all. */
  private static final int SHOWN = 24;

  private final Console console;

  SimulationText(Console console) {
    this.console = console;
  }

  List<String> lines(SimulationResult result) {
    List<Fate> deaths = result.deaths();
    List<String> lines = new ArrayList<>();
    lines.add(summary(result, deaths.size()));
    long fresh = result.grants().stream().filter(Fate::isNew).count();
    if (fresh > 0) {
      lines.add(number(fresh) + " of them taken as enrolled now");
    }
    list(lines, "deaths", deaths, this::line);
    list(lines, "alerts", result.alerts(), this::line);
    return lines;
  }

  private String summary(SimulationResult result, int deaths) {
    long days = Duration.between(result.start(), result.end()).toDays();
    Peak minute = result.busiestMinute();
    String died = counted(deaths, "death");
    return counted(result.grants().size(), "grant")
        + ", "
        + counted(days, "day")
        + ": "
        + counted(result.rotations(), "rotation")
        + (result.failures() == 0 ? "" : ", " + counted(result.failures(), "failed attempt"))
        + ", "
        + (deaths == 0 ? died : console.paint(Console.Paint.RED, died))
        + result.oldest().map(SimulationText::oldest).orElse("")
        + "; peak "
        + counted(minute.redemptions(), "redemption")
        + " a minute ("
        + time(minute.at())
        + ")";
  }

  private static String oldest(Fate fate) {
    return "; oldest token ever "
        + Span.of(fate.oldest())
        + " ("
        + fate.grant()
        + ", "
        + time(fate.oldestAt())
        + ")";
  }

  private static <T> void list(
      List<String> lines, String what, List<T> all, Function<T, String> line) {
    if (all.isEmpty()) {
      return;
    }
    lines.add("");
    lines.add(what + ":");
    all.stream().limit(SHOWN).map(one -> "  " + line.apply(one)).forEach(lines::add);
    if (all.size() > SHOWN) {
      lines.add("  and " + number(all.size() - SHOWN) + " more (--json has all)");
    }
  }

  private String line(Fate fate) {
    Death death = fate.death();
    return death == null
        ? fate.grant().toString()
        : fate.grant() + ": dies " + time(death.at()) + ", " + because(death);
  }

  /** The clock that ran out, or the first sentence of the answer; {@code --json} has it whole. */
  private static String because(Death death) {
    Told.Which clock = death.clock();
    String code = death.refusal().code();
    if (clock == null) {
      return death.why().split("\\. ", 2)[0];
    }
    Duration limit = death.limit();
    return "its "
        + clock.word()
        + " clock runs out"
        + (limit == null ? "" : " after " + Span.of(limit))
        + (code == null ? "" : " (AADSTS" + code + ")");
  }

  private String line(Alert alert) {
    String change = alert.change().name().toLowerCase(Locale.ROOT);
    Level level = alert.level();
    return time(alert.at())
        + "  "
        + console.paint(LifeBar.paint(level), String.format(Locale.ROOT, "%-9s", change))
        + "  "
        + alert.title();
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String counted(long number, String noun) {
    return number(number) + " " + noun + (number == 1 ? "" : "s");
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
