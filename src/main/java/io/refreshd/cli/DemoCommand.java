package io.refreshd.cli;

import io.refreshd.config.ConfigException;
import io.refreshd.daemon.Demo;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

final class DemoCommand implements Callable<Integer> {

  private final Refreshd refreshd;

  DemoCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  CommandSpec spec() {
    return Syntax.of(
        this,
        "See it work: a sandbox, 24 grants and the daemon on an embedded store, where a day takes a"
            + " second. Ends after a minute.");
  }

  @Override
  public Integer call() throws IOException, ConfigException, InterruptedException {
    Console console = refreshd.console();
    console.print(
        "24 grants, 12 markets, live and sandbox. tokens live 90 days; a day takes a second.");
    Demo.View view = console.isTerminal() ? new DemoScreen(console) : new DemoLines(console);
    Demo.Summary summary = new Demo(refreshd.clock(), view).play();
    console.print(
        String.format(
            Locale.ROOT,
            "%d days: %d grants, %d rotations, %d failed attempts, %d lost",
            summary.days(),
            summary.grants(),
            summary.rotations(),
            summary.failures(),
            summary.lost()));
    return summary.lost() == 0 ? 0 : Refreshd.FAILED;
  }
}
