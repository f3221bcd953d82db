package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.daemon.Restoring;
import io.refreshd.rotation.BackupLabel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    description =
        "Puts a backup into the place of the store, and says what that means for each grant. Not"
            + " while a daemon runs.")
final class RestoreCommand implements Callable<Integer> {

  private final Refreshd refreshd;

  @Parameters(paramLabel = "FILE", description = "What `refreshd backup` made.")
  private Path file = Path.of("");

  @Option(
      names = "--force",
      description = "Replace the store that is there; it is kept under a dated name.")
  private boolean force;

  @Option(
      names = "--dry-run",
      description = "Verify the backup and say what it would mean; change nothing.")
  private boolean dry;

  RestoreCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  @Override
  public Integer call() throws ConfigException {
    Config config = refreshd.load(References.LEAVE);
    Path backup = refreshd.workingDirectory().resolve(file);
    Restoring restoring = Restoring.of(config, backup, refreshd.clock());
    Console console = refreshd.console();
    RestoreText text = new RestoreText(refreshd.clock().instant());
    Restoring.Report report =
        new Restoring.Report() {
          @Override
          public void backup(BackupLabel label) {
            console.say(backup + ": " + RestoreText.contents(label));
          }

          @Override
          public void grant(Restoring.Restored grant) {
            console.print(text.line(grant));
          }
        };
    Restoring.Result result =
        console.during(
            dry ? "verifying the backup" : "restoring the store",
            () -> dry ? restoring.rehearse(report) : restoring.run(force, report));
    long withheld = result.withheld();
    if (withheld > 0) {
      console.warn(
          Count.of(withheld, "grant")
              + " withheld: presenting a spent token kills every token of its grant, so a person"
              + " decides");
      console.hint("enrol them anew and import the token, or risk it with `refreshd rotate GRANT`");
    }
    if (dry) {
      console.print("the backup is whole; nothing was changed");
    } else {
      if (result.replaced() != null) {
        console.print("kept: " + result.replaced() + " is the store that stood here before");
      }
      console.print("restored: " + config.store());
    }
    return 0;
  }
}
