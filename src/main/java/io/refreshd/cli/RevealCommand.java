package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.daemon.Assembly;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.StoredGrant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

final class RevealCommand implements Callable<Integer> {

  private final Refreshd refreshd;

  private final Argument<String> name =
      Argument.word(0, "GRANT", String.class, "tenant/grant, configured or only stored.");

  private final Flag yes = new Flag("--yes", "Do not ask.");

  RevealCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  CommandSpec spec() {
    return Syntax.of(
        this, "Break glass: prints the refresh token. The rotation log records it.", name, yes);
  }

  @Override
  public Integer call() throws ConfigException {
    Config config = refreshd.load(References.LEAVE);
    GrantName grant = refreshd.known(config, name.get());
    if (!yes.isGiven() && !isConfirmed(grant)) {
      refreshd.console().fail(grant + ": not revealed");
      return Refreshd.FAILED;
    }
    try (Assembly assembly = Assembly.writing(config, refreshd.clock())) {
      StoredGrant stored = assembly.store().find(grant).orElse(null);
      if (stored == null) {
        refreshd.console().fail(grant + ": no token yet, so there is nothing to reveal");
        return Refreshd.FAILED;
      }
      // first the record, then the token: what was shown is never unrecorded
      assembly.recordRevealed(stored);
      refreshd.console().print(stored.current().token().reveal());
      return 0;
    }
  }

  private boolean isConfirmed(GrantName grant) {
    if (!refreshd.console().isTerminal()) {
      throw new UsageException(
          grant + ": there is no terminal to ask for a yes at", "add --yes to reveal all the same");
    }
    return "yes"
        .equals(
            refreshd
                .console()
                .ask("this prints the refresh token of " + grant + ". type yes to go on: "));
  }
}
