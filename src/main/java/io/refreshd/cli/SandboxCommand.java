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
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    description =
        "A local stand-in for the Entra token endpoint, with grants to try things out on. Runs"
            + " until stopped; what it issued ends with it.")
final class SandboxCommand implements Callable<Integer> {

  /** Each is a tenant with a client and two grants, in memory and in files. */
  private static final int MOST_MARKETS = 1_000;

  private final Refreshd refreshd;

  @Option(names = "--port", paramLabel = "N", description = "Where to listen (any free port).")
  private int port;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Is made for the configuration and first tokens (${DEFAULT-VALUE}).")
  private Path folder = Path.of("refreshd-sandbox");

  @Option(
      names = "--markets",
      paramLabel = "N",
      description = "Two grants each (${DEFAULT-VALUE}).")
  private int markets = 12;

  @Option(
      names = "--lifetime",
      paramLabel = "D",
      description = "What a refresh token is good for (${DEFAULT-VALUE}).")
  private String lifetime = "90d";

  @Option(
      names = "--rotate-every",
      paramLabel = "D",
      description = "What the configuration says (${DEFAULT-VALUE}).")
  private String rotateEvery = "7d";

  SandboxCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
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
          folder + ": is there already, and its tokens are not this sandbox's",
          "remove it, or name another --folder");
    }
  }

  private SandboxRun start() throws IOException {
    require("--markets", markets, 1, MOST_MARKETS);
    require("--port", port, 0, 65_535);
    try {
      return SandboxRun.start(
          port,
          refreshd.workingDirectory().resolve(folder),
          markets,
          Durations.parse(rotateEvery),
          Durations.parse(lifetime),
          refreshd.clock());
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()), "for example 90d, 36h, 20s");
    } catch (BindException e) {
      throw new UsageException(
          "--port: nothing can listen on " + port + " (" + e.getMessage() + ")",
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
