package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.config.TokenLifetimePolicy;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

final class CheckCommand implements Callable<Integer> {

  private final Refreshd refreshd;

  CheckCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  CommandSpec spec() {
    return Syntax.of(this, "Validates the configuration with the loader that `run` uses.");
  }

  @Override
  public Integer call() throws ConfigException {
    Config config = refreshd.read(References.RESOLVE);
    if (!config.warnings().isEmpty()) {
      throw new ConfigException(config.warnings());
    }
    long tenants = config.grants().stream().map(grant -> grant.name().tenant()).distinct().count();
    refreshd
        .console()
        .print(
            config.file()
                + ": "
                + Count.of(config.grants().size(), "grant")
                + " of "
                + Count.of(tenants, "tenant")
                + ", no problem");
    config.policies().forEach(this::explain);
    return 0;
  }

  /** What Entra ignores is no problem of the configuration, but somebody may count on it. */
  private void explain(TokenLifetimePolicy policy) {
    Console console = refreshd.console();
    for (TokenLifetimePolicy.Setting setting : policy.settings()) {
      String line = setting.place() + ": " + PolicyText.line(setting);
      if (setting.property().isHonoured()) {
        console.print(line);
      } else {
        console.warn(line);
      }
    }
  }
}
