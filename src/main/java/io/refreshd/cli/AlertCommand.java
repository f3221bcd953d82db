package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.daemon.ChannelTrial;
import io.refreshd.grant.Shown;
import io.refreshd.rotation.Alerter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

final class AlertCommand {

  private final Refreshd refreshd;
  private final Function<Config, Alerter> alerters;

  private final Argument<List<String>> channels =
      Argument.words("CHANNEL", "a channel's name; all channels if none is named.");

  /**
   * The command.
   *
   * @param alerters makes the channels of a configuration
   */
  AlertCommand(Refreshd refreshd, Function<Config, Alerter> alerters) {
    this.refreshd = refreshd;
    this.alerters = alerters;
  }

  CommandSpec spec() {
    Callable<Integer> test = this::test;
    return Syntax.of(this, "The channels that alerts go through.")
        .addSubcommand(
            "test",
            Syntax.of(
                test,
                "Sends a test through each channel and says which failed, and how.",
                channels));
  }

  private int test() throws ConfigException {
    Alerter alerter = alerters.apply(refreshd.load(References.RESOLVE));
    List<String> chosen = select(alerter.channels(), channels.get());
    AtomicBoolean failed = new AtomicBoolean();
    new ChannelTrial(alerter, refreshd.clock())
        .run(
            chosen,
            result -> {
              print(result);
              failed.compareAndSet(false, result.failure() != null);
            });
    if (failed.get()) {
      refreshd.console().hint("alerts are retried for 7 days; until it works, people are not told");
    }
    return failed.get() ? Refreshd.FAILED : 0;
  }

  private static List<String> select(List<String> configured, List<String> wanted) {
    if (configured.isEmpty()) {
      throw new UsageException(
          "no channel is configured: nobody is told of anything",
          "add channels under `alerts:` in the configuration; docs/configuration.md shows them");
    }
    List<String> unknown = new ArrayList<>(wanted);
    unknown.removeAll(configured);
    if (!unknown.isEmpty()) {
      throw new UsageException(
          "no channel is called \"" + Shown.of(unknown.get(0)) + "\"",
          "configured are: " + String.join(", ", configured));
    }
    return wanted.isEmpty() ? configured : wanted;
  }

  private void print(ChannelTrial.Result result) {
    Console console = refreshd.console();
    String failure = result.failure();
    String text =
        failure == null
            ? result.channel() + ": delivered in " + result.took().toMillis() + " ms"
            : result.channel() + ": failed: " + failure;
    console.print(console.paint(failure == null ? Console.Paint.GREEN : Console.Paint.RED, text));
  }
}
