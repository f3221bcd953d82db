package io.refreshd.cli;

import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.daemon.Daemon;
import io.refreshd.daemon.LogBinding;
import io.refreshd.daemon.Logs;
import io.refreshd.daemon.SandboxRun;
import io.refreshd.grant.GrantName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/**
 * Does once what the daemon and the commands do, with a sandbox, so that the JVM can write down
 * which classes they need. The launcher starts it: {@code refreshd --make-archive}.
 */
final class TrainingRun {

  private static final Duration WEEK = Duration.ofDays(7);
  private static final Duration LIFETIME = Duration.ofDays(90);

  private final SandboxRun sandbox;
  private final Path folder;

  private TrainingRun(SandboxRun sandbox, Path folder) {
    this.sandbox = sandbox;
    this.folder = folder;
  }

  /**
   * Trains.
   *
   * @param args an empty folder
   */
  public static void main(String[] args) throws Exception {
    LogBinding.use();
    Path folder = Path.of(args[0]).toAbsolutePath();
    try (SandboxRun sandbox =
        SandboxRun.start(0, folder.resolve("sandbox"), 1, WEEK, LIFETIME, Clock.systemUTC())) {
      new TrainingRun(sandbox, folder).train();
    }
    System.exit(0);
  }

  private void train() throws IOException, ConfigException {
    for (GrantName grant : sandbox.grants()) {
      run(Files.readString(sandbox.token(grant)), "import", grant.toString());
    }
    run("", "check");
    daemon();
    run("", "rotate");
    run("", "status");
    run("", "status", "--json");
    run("", "log");
    run("", "doctor", "--help");
  }

  private void run(String input, String... arguments) {
    int exit = refreshd(input).execute(arguments);
    if (exit != 0) {
      throw new IllegalStateException(String.join(" ", arguments) + " ended with " + exit);
    }
  }

  private void daemon() throws ConfigException {
    Refreshd refreshd = refreshd("");
    Logs.toStandardOutput(refreshd.environment(), false);
    try (Daemon daemon =
        Daemon.create(
            () -> refreshd.load(References.RESOLVE), refreshd.environment(), refreshd.clock())) {
      daemon.start();
    }
  }

  private Refreshd refreshd(String input) {
    Map<String, String> environment =
        Map.of("REFRESHD_CONFIG", sandbox.config().toString(), "LANG", "C.UTF-8");
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    Console console = new Console(nowhere, nowhere, in, false, environment);
    return new Refreshd(console, environment, folder, Clock.systemUTC());
  }
}
