package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.daemon.Assembly;
import io.refreshd.rotation.CredentialStatus;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.Level;
import io.refreshd.rotation.StoreException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(description = "Shows how each grant stands.")
final class StatusCommand implements Callable<Integer> {

  /** Monitoring plugins: 3 is unknown. */
  private static final int UNKNOWN = 3;

  private static final long REDRAW_MILLIS = 1_000;

  private final Refreshd refreshd;

  @Mixin private Selectors selectors = new Selectors();

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Option(
      names = "--check",
      description = "Exit 0 ok, 1 warning, 2 critical, 3 unknown (for monitoring).")
  private boolean check;

  @Option(names = "--watch", description = "Show it anew every second, until interrupted.")
  private boolean watch;

  StatusCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  @Override
  public Integer call() throws Exception {
    try {
      return show();
    } catch (ConfigException | StoreException | UsageException e) {
      if (!check) {
        throw e;
      }
      refreshd.report(e);
      return UNKNOWN;
    }
  }

  private int show() throws ConfigException, InterruptedException {
    Config config = refreshd.loadToLookOn();
    try (Assembly assembly = Assembly.reading(config, refreshd.clock())) {
      selectors.requireMatches(assembly.status(refreshd.clock().instant()), config);
      Level level = print(assembly);
      while (watch && !refreshd.console().isReaderGone()) {
        Thread.sleep(REDRAW_MILLIS);
        refreshd.console().clear();
        level = print(assembly);
      }
      return check ? exitCode(level) : 0;
    }
  }

  private static int exitCode(Level level) {
    return switch (level) {
      case OK -> 0;
      case WARNING -> 1;
      case CRITICAL -> 2;
    };
  }

  private Level print(Assembly assembly) {
    Instant now = refreshd.clock().instant();
    List<GrantStatus> status = selectors.of(assembly.status(now));
    List<CredentialStatus> credentials = assembly.credentials(status, now);
    Level level = Level.worst(status, credentials);
    Console console = refreshd.console();
    assembly.storeWarnings().forEach(console::warn);
    if (json) {
      console.print(assembly.json(status, credentials, now));
    } else {
      new StatusTable(console).lines(status).forEach(console::print);
      CredentialLines.of(credentials, now, console).forEach(console::print);
      NodeLines.of(assembly.nodes(), console).forEach(console::print);
    }
    return level;
  }
}
