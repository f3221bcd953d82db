package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.daemon.Assembly;
import io.refreshd.grant.Grant;
import io.refreshd.rotation.Outcome;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Model.CommandSpec;

final class RotateCommand implements Callable<Integer> {

  private final Refreshd refreshd;

  private final Selectors selectors = new Selectors();

  RotateCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  CommandSpec spec() {
    return Syntax.of(
        this,
        "Rotates now, also what the daemon holds back; safe beside a running daemon.",
        selectors.words());
  }

  @Override
  public Integer call() throws ConfigException, InterruptedException {
    Config config = refreshd.load(References.RESOLVE);
    List<Grant> grants = selectors.select(config, () -> refreshd.unconfigured(config));
    AtomicInteger done = new AtomicInteger();
    AtomicInteger rotated = new AtomicInteger();
    try (Assembly assembly = Assembly.writing(config, refreshd.clock())) {
      assembly.rotate(
          grants,
          outcome -> {
            if (OutcomeText.isSuccess(outcome)) {
              rotated.incrementAndGet();
            }
            report(outcome, done.incrementAndGet(), grants.size());
          });
    }
    int failed = grants.size() - rotated.get();
    refreshd.console().say(rotated + " rotated, " + failed + " not");
    return failed == 0 ? 0 : Refreshd.FAILED;
  }

  private void report(Outcome outcome, int done, int all) {
    Console console = refreshd.console();
    String text =
        "[" + done + "/" + all + "] " + OutcomeText.of(outcome, refreshd.clock().instant());
    Console.Paint paint = OutcomeText.isSuccess(outcome) ? Console.Paint.GREEN : Console.Paint.RED;
    console.print(console.paint(paint, text));
  }
}
