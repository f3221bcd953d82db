package io.refreshd.config;

import io.refreshd.grant.Grant;
import java.nio.file.Path;
import java.util.List;

/**
 * A configuration without problems. All paths are absolute.
 *
 * @param file the main file
 * @param files all files that were read, the main file first
 * @param store where the tokens are kept
 * @param key the file of the sealing key
 * @param log the rolling rotation log
 * @param concurrency redemptions in flight, at most
 * @param tenantConcurrency of one tenant, at most
 * @param alerts when people are told, and how
 * @param policies the token lifetime policies that are named, each once; none if references were
 *     left alone
 * @param grants in the order of the files
 * @param warnings what is wrong with it today, and keeps none of it from being used
 */
public record Config(
    Path file,
    List<Path> files,
    StoreSettings store,
    Path key,
    Path log,
    int concurrency,
    int tenantConcurrency,
    AlertSettings alerts,
    List<TokenLifetimePolicy> policies,
    List<Grant> grants,
    List<Problem> warnings) {

  public Config {
    files = List.copyOf(files);
    policies = List.copyOf(policies);
    grants = List.copyOf(grants);
    warnings = List.copyOf(warnings);
  }
}
