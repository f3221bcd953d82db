package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.daemon.Assembly;
import io.refreshd.grant.GrantName;
import io.refreshd.rotation.GrantRecord;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

final class ForgetCommand implements Callable<Integer> {

  private final Refreshd refreshd;

  private final Argument<String> name =
      Argument.word(0, "GRANT", String.class, "tenant/grant, stored but not configured.");

  private final Flag yes = new Flag("--yes", "Do not ask.");

  ForgetCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  CommandSpec spec() {
    return Syntax.of(
        this,
        "Removes a grant that is no longer configured, with its tokens, from the store. Its"
            + " rotation log stays.",
        name,
        yes);
  }

  @Override
  public Integer call() throws ConfigException, InterruptedException {
    Config config = refreshd.load(References.LEAVE);
    GrantName grant = Refreshd.name(config, name.get());
    refuseConfigured(config, grant);
    Optional<GrantRecord> record = refreshd.findRecord(config, grant);
    if (record.isEmpty()) {
      refreshd.console().fail(grant + ": no such grant is stored, so there is nothing to forget");
      return Refreshd.FAILED;
    }
    refreshd.console().say(describe(record.get()));
    if (!yes.isGiven() && !isConfirmed(grant)) {
      refreshd.console().fail(grant + ": kept");
      return Refreshd.FAILED;
    }
    return forget(config, grant);
  }

  private int forget(Config config, GrantName grant) throws InterruptedException {
    try (Assembly assembly = Assembly.writing(config, refreshd.clock())) {
      if (!assembly.forget(grant)) {
        refreshd.console().fail(grant + ": somebody else has removed it in the meantime");
        return Refreshd.FAILED;
      }
      refreshd.console().print(grant + ": forgotten");
      return 0;
    }
  }

  private static void refuseConfigured(Config config, GrantName grant) {
    if (config.grants().stream().anyMatch(configured -> configured.name().equals(grant))) {
      throw new UsageException(
          grant + ": is configured, so its token is still needed",
          "remove it from the YAML and reload the daemon first");
    }
  }

  private static String describe(GrantRecord record) {
    return record.name()
        + ": generation "
        + record.generation()
        + ", issued "
        + known(record.issuedAt())
        + ", expires "
        + known(record.expiresAt())
        + "; its refresh tokens will be destroyed";
  }

  private static String known(@Nullable Instant instant) {
    return instant == null ? "at an unknown time" : instant.toString();
  }

  private boolean isConfirmed(GrantName grant) {
    if (!refreshd.console().isTerminal()) {
      throw new UsageException(
          grant + ": there is no terminal to ask for a yes at", "add --yes to forget all the same");
    }
    return "yes".equals(refreshd.console().ask("this cannot be undone. type yes to forget it: "));
  }
}
