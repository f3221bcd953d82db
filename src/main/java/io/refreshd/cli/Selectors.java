package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.Selector;
import io.refreshd.grant.Shown;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The grants that a command is about: {@code SELECTOR…}. */
final class Selectors {

  private final Argument<List<String>> words =
      Argument.words("SELECTOR", "tenant, tenant/grant or a glob; all grants if none is named.");

  Argument<List<String>> words() {
    return words;
  }

  /** Empty if none is named. */
  List<Selector> parsed() {
    return words.get().stream().map(Selector::parse).toList();
  }

  /**
   * The configured grants that are meant; all if none is named.
   *
   * @param unconfigured what is stored besides; asked only where nothing configured is meant
   * @throws UsageException if one matches no configured grant
   */
  List<Grant> select(Config config, Supplier<List<GrantName>> unconfigured) {
    List<GrantName> configured = config.grants().stream().map(Grant::name).toList();
    for (Selector selector : parsed()) {
      if (configured.stream().noneMatch(selector::matches)) {
        unconfigured.get().stream()
            .filter(selector::matches)
            .findFirst()
            .ifPresent(Selectors::refuse);
        throw unknown(selector, config);
      }
    }
    Predicate<GrantName> isMeant = meant();
    return config.grants().stream().filter(grant -> isMeant.test(grant.name())).toList();
  }

  /**
   * Makes sure that each of them means something.
   *
   * @param grants all that are {@link #meant}, configured or only stored
   * @throws UsageException if one matches none
   */
  void requireMatches(Supplier<Stream<GrantName>> grants, Config config) {
    for (Selector selector : parsed()) {
      if (grants.get().noneMatch(selector::matches)) {
        throw unknown(selector, config);
      }
    }
  }

  /** Which grants are meant; all if none is named. */
  Predicate<GrantName> meant() {
    List<Selector> selectors = parsed();
    return grant -> selectors.isEmpty() || selectors.stream().anyMatch(s -> s.matches(grant));
  }

  private static void refuse(GrantName grant) {
    throw new UsageException(
        grant + ": its token is stored, but no configuration says how to redeem it",
        "put it into the YAML again, or remove it for good: refreshd forget " + grant);
  }

  /** One that no configured grant matches; empty if there is none. */
  Optional<Selector> findUnknown(Config config) {
    return parsed().stream()
        .filter(selector -> config.grants().stream().map(Grant::name).noneMatch(selector::matches))
        .findFirst();
  }

  static String unknown(Selector selector) {
    return "no configured grant matches \"" + Shown.of(selector.toString()) + "\"";
  }

  private static UsageException unknown(Selector selector, Config config) {
    return new UsageException(unknown(selector), "configured are: " + Refreshd.names(config));
  }
}
