package io.refreshd.cli;

import io.refreshd.config.Durations;
import io.refreshd.config.Schedules;
import io.refreshd.daemon.SandboxRun;
import io.refreshd.grant.GrantName;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Model.CommandSpec;

final class SandboxCommand implements Callable<Integer> {

  /** Each is a tenant with a client and two grants, in memory and in files. */
  private static final int MOST_MARKETS = 1_000;

  private final Refreshd refreshd;

  private final Argument<Integer> port =
      Argument.option("--port", "N", Integer.class, 0, "Where to listen (any free port).");

  private final Argument<Path> folder =
      Argument.option(
          "--folder",
          "DIR",
          Path.class,
          Path.of("refreshd-sandbox"),
          "Is made for the configuration and first tokens (${DEFAULT-VALUE}).");

  private final Argument<Integer> markets =
      Argument.option("--markets", "N", Integer.class, 12, "Two grants each (${DEFAULT-VALUE}).");

  private final Argument<String> lifetime =
      Argument.option(
          "--lifetime",
          "D",
          String.class,
          "90d",
          "What a refresh token is good for (${DEFAULT-VALUE}).");

  private final Argument<String> rotateEvery =
      Argument.option(
          "--rotate-every",
          "D",
          String.class,
          "7d",
          "What the configuration says (${DEFAULT-VALUE}).");

  SandboxCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  CommandSpec spec() {
    return Syntax.of(
        this,
        "A local stand-in for the Entra token endpoint, with grants to try things out on. Runs"
            + " until stopped; what it issued ends with it.",
        port,
        folder,
        markets,
        lifetime,
        rotateEvery);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (SandboxRun run = start()) {
      // the JVM ends by the signal; there is nothing to save
      describe(run);
      new CountDownLatch(1).await();
      return 0;
    } catch (FileAlreadyExistsException e) {
      throw new UsageException(
          folder.get() + ": is there already, and its tokens are not this sandbox's",
          "remove it, or name another --folder");
    } catch (FileSystemException e) {
      throw new UsageException(
          folder.get() + ": cannot be made: " + why(e),
          "name a --folder in one that is there and that you may write to");
    }
  }

  private static String why(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return "the folder around it does not exist";
    }
    if (e instanceof AccessDeniedException) {
      return "the folder around it may not be written to";
    }
    String reason = e.getReason();
    return reason == null ? e.getClass().getSimpleName() : reason.toLowerCase(Locale.ROOT);
  }

  private SandboxRun start() throws IOException {
    require("--markets", markets.get(), 1, MOST_MARKETS);
    require("--port", port.get(), 0, 65_535);
    if (folder.get().toString().isEmpty()) {
      throw new UsageException("--folder: is empty", "name a folder that is to be made");
    }
    Duration life = duration("--lifetime", lifetime.get());
    Duration interval = duration("--rotate-every", rotateEvery.get());
    Schedules.problem(interval, life)
        .ifPresent(
            words -> {
              throw new UsageException("--" + words, "or name a longer --lifetime");
            });
    try {
      return SandboxRun.start(
          port.get(),
          refreshd.workingDirectory().resolve(folder.get()),
          markets.get(),
          interval,
          life,
          refreshd.clock());
    } catch (BindException e) {
      throw new UsageException(
          "--port: nothing can listen on " + port.get() + " (" + e.getMessage() + ")",
          "name another one, or none for any that is free");
    }
  }

  /** By the rules of the configuration that is made of it. */
  private static Duration duration(String option, String given) {
    Duration duration;
    try {
      duration = Durations.parse(given);
    } catch (IllegalArgumentException e) {
      throw new UsageException(option + ": " + e.getMessage(), "for example 90d, 36h, 20s");
    }
    if (duration.isZero()) {
      throw new UsageException(option + ": " + given + " is too short", "1s or more");
    }
    return duration;
  }

  private static void require(String option, int given, int least, int most) {
    if (given < least || given > most) {
      throw new UsageException(option + ": " + given + " is out of range", least + " to " + most);
    }
  }

  private void describe(SandboxRun run) {
    Console console = refreshd.console();
    GrantName first = run.grants().get(0);
    Path shown = refreshd.workingDirectory().relativize(run.config());
    Path token = refreshd.workingDirectory().relativize(run.token(first));
    console.print(
        "listening on " + run.authority() + ", " + Count.of(run.grants().size(), "grant"));
    console.print("try:");
    console.print("  export REFRESHD_CONFIG=" + ShellWord.of(shown.toString()));
    console.print("  refreshd import " + first + " < " + ShellWord.of(token.toString()));
    console.print("  refreshd run");
  }
}
