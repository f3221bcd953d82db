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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(description = "Shows the rotation log: every attempt and event.")
final class LogCommand implements Callable<Integer> {

  private static final long FOLLOW_MILLIS = 300;

  private final Refreshd refreshd;

  @Mixin private Selectors selectors = new Selectors();

  @Option(names = "--since", paramLabel = "T", description = "An instant, or a duration back (7d).")
  private @Nullable String since;

  @Option(names = "--until", paramLabel = "T", description = "An instant, or a duration back (1h).")
  private @Nullable String until;

  @Option(names = "--event", paramLabel = "E", description = "Only this event, e.g. rotated.")
  private @Nullable String event;

  @Option(names = "--failed", description = "Only failed attempts.")
  private boolean failed;

  @Option(names = "--limit", paramLabel = "N", description = "Only the newest N.")
  private @Nullable Integer limit;

  @Option(names = "--follow", description = "Go on with new entries, until interrupted.")
  private boolean follow;

  @Option(names = "--json", description = "Print one JSON object per line.")
  private boolean json;

  LogCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
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
        entry -> printout.line(json ? Assembly.json(entry) : text.line(entry));
    long seen = store.read(query, print);
    while (follow && !console.isReaderGone()) {
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
    if (limit != null && limit < 1) {
      throw new UsageException("--limit: " + limit + " is not a number of entries", "1 or more");
    }
    return new LogQuery(
        0,
        selectors.parsed(),
        TimeArgument.parse("--since", since, refreshd.clock()),
        TimeArgument.parse("--until", until, refreshd.clock()),
        event == null ? null : event(event),
        failed,
        limit == null ? 0 : limit);
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
