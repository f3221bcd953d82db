package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.daemon.Restoring;
import io.refreshd.rotation.BackupLabel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

final class RestoreCommand implements Callable<Integer> {

  private final Refreshd refreshd;

  private final Argument<Path> file =
      Argument.word(0, "FILE", Path.class, "What `refreshd backup` made.");

  private final Flag force =
      new Flag("--force", "Replace the store that is there; it is kept under a dated name.");

  private final Flag dry =
      new Flag("--dry-run", "Verify the backup and say what it would mean; change nothing.");

  RestoreCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  CommandSpec spec() {
    return Syntax.of(
        this,
        "Puts a backup into the place of the store, and says what that means for each grant. Not"
            + " while a daemon runs.",
        file,
        force,
        dry);
  }

  @Override
  public Integer call() throws ConfigException {
    Config config = refreshd.load(References.LEAVE);
    Path backup = refreshd.workingDirectory().resolve(file.get());
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
            dry.isGiven() ? "verifying the backup" : "restoring the store",
            () ->
                dry.isGiven()
                    ? restoring.rehearse(report)
                    : restoring.run(force.isGiven(), report));
    long withheld = result.withheld();
    if (withheld > 0) {
      console.warn(
          Count.of(withheld, "grant")
              + " withheld: presenting a spent token kills every token of its grant, so a person"
              + " decides");
      console.hint("enrol them anew and import the token, or risk it with `refreshd rotate GRANT`");
    }
    if (dry.isGiven()) {
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
