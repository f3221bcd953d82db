package io.refreshd.cli;

import io.refreshd.config.Durations;
import io.refreshd.daemon.SandboxRun;
import io.refreshd.grant.GrantName;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
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
    }
  }

  private SandboxRun start() throws IOException {
    require("--markets", markets.get(), 1, MOST_MARKETS);
    require("--port", port.get(), 0, 65_535);
    try {
      return SandboxRun.start(
          port.get(),
          refreshd.workingDirectory().resolve(folder.get()),
          markets.get(),
          Durations.parse(rotateEvery.get()),
          Durations.parse(lifetime.get()),
          refreshd.clock());
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()), "for example 90d, 36h, 20s");
    } catch (BindException e) {
      throw new UsageException(
          "--port: nothing can listen on " + port.get() + " (" + e.getMessage() + ")",
          "name another one, or none for any that is free");
    }
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
    console.print("  export REFRESHD_CONFIG=" + shown);
    console.print("  refreshd import " + first + " < " + token);
    console.print("  refreshd run");
  }
}
