package io.refreshd.cli;

import io.refreshd.config.ConfigException;
import io.refreshd.config.PolicyDocument;
import io.refreshd.config.PolicyFiles;
import io.refreshd.config.TokenLifetimePolicy;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

final class PolicyCommand implements Callable<Integer> {

  private final Refreshd refreshd;

  private final Argument<String> file =
      Argument.word(
          0, "FILE", String.class, "The policy as JSON, bare or as Microsoft Graph returns it.");

  private final Flag json = new Flag("--json", "Print one JSON document.");

  PolicyCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  CommandSpec spec() {
    return Syntax.of(
        this,
        "Explains a token lifetime policy: what Entra honours of it, and what not.",
        file,
        json);
  }

  @Override
  public Integer call() {
    Console console = refreshd.console();
    try {
      List<TokenLifetimePolicy> policies =
          PolicyFiles.load(
              refreshd.workingDirectory().resolve(Refreshd.path("FILE", file.get())), file.get());
      if (json.isGiven()) {
        console.print(PolicyDocument.of(policies));
      } else {
        policies.forEach(policy -> PolicyText.lines(policy).forEach(console::print));
      }
      return 0;
    } catch (ConfigException e) {
      refreshd.report("the policy", e);
      return Refreshd.USAGE;
    }
  }
}
