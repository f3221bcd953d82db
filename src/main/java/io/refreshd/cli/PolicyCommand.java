package io.refreshd.cli;

import io.refreshd.config.ConfigException;
import io.refreshd.config.PolicyDocument;
import io.refreshd.config.PolicyFiles;
import io.refreshd.config.TokenLifetimePolicy;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(description = "Explains a token lifetime policy: what Entra honours of it, and what not.")
final class PolicyCommand implements Callable<Integer> {

  private final Refreshd refreshd;

  @Parameters(
      paramLabel = "FILE",
      description = "The policy as JSON, bare or as Microsoft Graph returns it.")
  private String file = "";

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  PolicyCommand(Refreshd refreshd) {
    this.refreshd = refreshd;
  }

  @Override
  public Integer call() {
    Console console = refreshd.console();
    try {
      List<TokenLifetimePolicy> policies =
          PolicyFiles.load(refreshd.workingDirectory().resolve(file), file);
      if (json) {
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
