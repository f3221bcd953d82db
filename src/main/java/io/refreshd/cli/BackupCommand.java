package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.daemon.BackingUp;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

final class BackupCommand implements Callable<Integer> {

  private final Refreshd refreshd;

  private final Argument<Path> file =
      Argument.word(0, "FILE", Path.class, "Where to; replaces an older backup, nothing else.");

  BackupCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  CommandSpec spec() {
    return Syntax.of(
        this,
        "Makes a sealed backup of the store, safe beside a running daemon. The key is not in it.",
        file);
  }

  @Override
  public Integer call() throws ConfigException {
    Config config = refreshd.load(References.LEAVE);
    Path target = refreshd.workingDirectory().resolve(file.get());
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
