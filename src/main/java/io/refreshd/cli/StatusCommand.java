package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.daemon.Assembly;
import io.refreshd.daemon.FleetStatus;
import io.refreshd.rotation.CredentialStatus;
import io.refreshd.rotation.Level;
import io.refreshd.rotation.StoreException;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;

final class StatusCommand implements Callable<Integer> {

  /** Monitoring plugins: 3 is unknown. */
  private static final int UNKNOWN = 3;

  private static final long REDRAW_MILLIS = 1_000;

  private final Refreshd refreshd;

  private final Selectors selectors = new Selectors();

  private final Flag json = new Flag("--json", "Print one JSON document.");

  private final Flag check =
      new Flag("--check", "Exit 0 ok, 1 warning, 2 critical, 3 unknown (for monitoring).");

  private final Flag watch = new Flag("--watch", "Show it anew every second, until interrupted.");

  StatusCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  CommandSpec spec() {
    return Syntax.of(this, "Shows how each grant stands.", selectors.words(), json, check, watch);
  }

  @Override
  public Integer call() throws Exception {
    try {
      return show();
    } catch (ConfigException | StoreException | UsageException e) {
      if (!check.isGiven()) {
        throw e;
      }
      refreshd.report(e);
      return UNKNOWN;
    } catch (OutOfMemoryError e) {
      if (!check.isGiven()) {
        throw e;
      }
      refreshd.reportOutOfMemory();
      return UNKNOWN;
    }
  }

  private int show() throws ConfigException, InterruptedException {
    Config config = refreshd.loadToLookOn();
    try (Assembly assembly = Assembly.reading(config, refreshd.clock())) {
      FleetStatus fleet =
          refreshd.console().during("reading the store", () -> assembly.status(selectors.meant()));
      selectors.requireMatches(fleet::names, config);
      Level level = print(assembly, fleet);
      while (watch.isGiven() && !refreshd.console().isReaderGone()) {
        Thread.sleep(REDRAW_MILLIS);
        refreshd.console().clear();
        level = print(assembly, assembly.status(selectors.meant()));
      }
      if (check.isGiven() && refreshd.console().lost().isPresent()) {
        return UNKNOWN; // why, the end of the command says
      }
      return check.isGiven() ? exitCode(level) : 0;
    } catch (ReaderGoneException e) {
      return 0;
    }
  }

  private static int exitCode(Level level) {
    return switch (level) {
      case OK -> 0;
      case WARNING -> 1;
      case CRITICAL -> 2;
    };
  }

  private Level print(Assembly assembly, FleetStatus fleet) {
    Console console = refreshd.console();
    Instant now = refreshd.clock().instant();
    List<CredentialStatus> credentials = fleet.credentials(now);
    List<String> warnings = assembly.storeWarnings();
    warnings.forEach(console::warn);
    if (json.isGiven()) {
      return console.write(to -> assembly.writeJson(to, fleet, credentials, warnings, now));
    }
    Level ofGrants = printLines(assembly, fleet, credentials, now);
    return Collections.max(List.of(ofGrants, Level.worst(credentials), Level.ofWarnings(warnings)));
  }

  private Level printLines(
      Assembly assembly, FleetStatus fleet, List<CredentialStatus> credentials, Instant now) {
    Console console = refreshd.console();
    StatusTable table = new StatusTable(console, fleet.names());
    // whoever waits for the exit code needs all of them, read or not
    Consumer<String> print = check.isGiven() ? console::print : new Printout(console)::line;
    Set<Level> levels = EnumSet.of(Level.OK);
    console.print(table.head());
    fleet.read(
        now,
        status -> {
          table.lines(status).forEach(print);
          levels.add(status.level());
        });
    CredentialLines.of(credentials, now, console).forEach(console::print);
    NodeLines.of(assembly.nodes(), console).forEach(console::print);
    return Collections.max(levels);
  }
}
