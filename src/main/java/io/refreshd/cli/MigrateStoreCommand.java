package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.daemon.Assembly;
import io.refreshd.daemon.StoreMigration;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

final class MigrateStoreCommand implements Callable<Integer> {

  private final Refreshd refreshd;

  private final Argument<Path> from =
      Argument.word(0, "FROM", Path.class, "The configuration file whose store is copied.");

  private final Argument<Path> to =
      Argument.word(1, "TO", Path.class, "The configuration file whose store is filled.");

  MigrateStoreCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  CommandSpec spec() {
    return Syntax.of(
        this,
        "Copies a store into an empty one, SQLite to PostgreSQL or back. Stop every daemon first;"
            + " the old store stays as it is.",
        from,
        to);
  }

  @Override
  public Integer call() throws ConfigException {
    Config source = load(from.get());
    Config target = load(to.get());
    Console console = refreshd.console();
    StoreMigration copied =
        console.during(
            "copying the store",
            () ->
                StoreMigration.run(
                    source,
                    target,
                    refreshd.clock(),
                    rows -> console.tellSoFar(Count.of(rows, "row"))));
    console.print(
        target.store()
            + ": has "
            + Count.of(copied.grants(), "grant")
            + " and "
            + copied.entries()
            + " log entries from "
            + source.store()
            + (copied.wasThere()
                ? " already, and nothing else; nothing was copied"
                : " now; read back and compared"));
    if (!copied.proof().faults().isEmpty()) {
      console.warn("the rotation log was not whole, and is copied as it was: refreshd log verify");
    }
    console.hint(
        "go on with "
            + to.get()
            + "; never run a daemon on "
            + source.store()
            + " again, its tokens grow stale");
    return 0;
  }

  private Config load(Path file) throws ConfigException {
    return Assembly.loader(refreshd.environment(), refreshd.workingDirectory(), refreshd.clock())
        .load(file, References.LEAVE);
  }
}
