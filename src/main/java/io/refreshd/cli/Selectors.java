package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.grant.Grant;
import io.refreshd.grant.Selector;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The grants that a command is about: {@code SELECTOR…}. */
final class Selectors {

  @Parameters(
      arity = "0..*",
      paramLabel = "SELECTOR",
      description = "tenant, tenant/grant or a glob; all grants if none is named.")
  private List<String> texts = new ArrayList<>();

  /** Empty if none is named. */
  List<Selector> parsed() {
    return texts.stream().map(Selector::parse).toList();
  }

  /**
   * The configured grants that are meant; all if none is named.
   *
   * @throws UsageException if one matches no configured grant
   */
  List<Grant> select(Config config) {
    List<Selector> selectors = parsed();
    for (Selector selector : selectors) {
      if (config.grants().stream().noneMatch(grant -> selector.matches(grant.name()))) {
        throw new UsageException(
            "no configured grant matches \"" + selector + "\"",
            "configured are: " + Refreshd.names(config));
      }
    }
    return config.grants().stream()
        .filter(grant -> selectors.isEmpty() || isMeant(grant, selectors))
        .toList();
  }

  private static boolean isMeant(Grant grant, List<Selector> selectors) {
    return selectors.stream().anyMatch(selector -> selector.matches(grant.name()));
  }
}
