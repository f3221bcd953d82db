package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.daemon.BackingUp;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    description =
        "Makes a sealed backup of the store, safe beside a running daemon. The key is not in it.")
final class BackupCommand implements Callable<Integer> {

  private final Refreshd refreshd;

  @Parameters(
      paramLabel = "FILE",
      description = "Where to; replaces an older backup, nothing else.")
  private Path file = Path.of("");

  BackupCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  @Override
  public Integer call() throws ConfigException {
    Config config = refreshd.load(References.LEAVE);
    Path target = refreshd.workingDirectory().resolve(file);
    Console console = refreshd.console();
    BackingUp.Result made =
        console.during(
            "making a backup of the store", () -> BackingUp.run(config, target, refreshd.clock()));
    made.held()
        .forEach(
            grant ->
                console.warn(
                    grant
                        + ": its newest token waits in the spool for the store; it is in the backup"
                        + " too"));
    console.print(target + ": " + RestoreText.contents(made.label()));
    console.hint(
        "keep the key file "
            + config.key()
            + " apart from it; without that key the backup cannot be read");
    return 0;
  }
}
