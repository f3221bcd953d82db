package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.daemon.Assembly;
import io.refreshd.grant.Shown;
import io.refreshd.rotation.Event;
import io.refreshd.rotation.LogQuery;
import io.refreshd.rotation.LoggedEntry;
import io.refreshd.rotation.TokenStore;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

final class LogCommand implements Callable<Integer> {

  private static final long FOLLOW_MILLIS = 300;

  private final Refreshd refreshd;

  private final Selectors selectors = new Selectors();

  private final Argument<String> since =
      Argument.option("--since", "T", String.class, "An instant, or a duration back (7d).");

  private final Argument<String> until =
      Argument.option("--until", "T", String.class, "An instant, or a duration back (1h).");

  private final Argument<String> event =
      Argument.option("--event", "E", String.class, "Only this event, e.g. rotated.");

  private final Flag failed = new Flag("--failed", "Only failed attempts.");

  private final Argument<Integer> limit =
      Argument.option("--limit", "N", Integer.class, "Only the newest N.");

  private final Flag follow = new Flag("--follow", "Go on with new entries, until interrupted.");

  private final Flag json = new Flag("--json", "Print one JSON object per line.");

  LogCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  CommandSpec spec() {
    return Syntax.of(
            this,
            "Shows the rotation log: every attempt and event.",
            selectors.words(),
            since,
            until,
            event,
            failed,
            limit,
            follow,
            json)
        .addSubcommand("verify", new LogVerifyCommand(refreshd).spec());
  }

  @Override
  public Integer call() throws ConfigException, InterruptedException {
    LogQuery query = query();
    Config config = refreshd.load(References.LEAVE);
    try (Assembly assembly = Assembly.reading(config, refreshd.clock())) {
      boolean isAny = show(assembly.store(), query);
      if (!isAny) {
        sayNothing(config);
      }
    } catch (ReaderGoneException e) {
      return 0; // the log goes on for millions of lines
    }
    return 0;
  }

  private boolean show(TokenStore store, LogQuery query) throws InterruptedException {
    Console console = refreshd.console();
    Printout printout = new Printout(console);
    LogText text = new LogText(console);
    Consumer<LoggedEntry> print =
        entry -> printout.line(json.isGiven() ? Assembly.json(entry) : text.line(entry));
    long seen = store.read(query, print);
    while (follow.isGiven() && !console.isReaderGone()) {
      Thread.sleep(FOLLOW_MILLIS);
      seen = store.read(query.from(seen), print);
    }
    return printout.isAny();
  }

  /** A grant that is no longer configured may be in the log: to ask for it is no mistake. */
  private void sayNothing(Config config) {
    Console console = refreshd.console();
    console.say("no entry of the rotation log matches");
    selectors
        .findUnknown(config)
        .map(Selectors::unknown)
        .ifPresent(what -> console.hint(what + "; configured are: " + Refreshd.names(config)));
  }

  private LogQuery query() {
    Integer newest = limit.orNull();
    if (newest != null && newest < 1) {
      throw new UsageException("--limit: " + newest + " is not a number of entries", "1 or more");
    }
    String word = event.orNull();
    return new LogQuery(
        0,
        selectors.parsed(),
        TimeArgument.parse("--since", since.orNull(), refreshd.clock()),
        TimeArgument.parse("--until", until.orNull(), refreshd.clock()),
        word == null ? null : event(word),
        failed.isGiven(),
        newest == null ? 0 : newest);
  }

  private static Event event(String word) {
    return Arrays.stream(Event.values())
        .filter(event -> event.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "--event: there is no event \"" + Shown.of(word) + "\"",
                    Arrays.stream(Event.values())
                        .map(Event::word)
                        .collect(Collectors.joining(", "))));
  }
}
