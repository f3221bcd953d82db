package io.refreshd.config;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** Loads a configuration: all of it is right, or every problem of every file is named. */
public final class ConfigLoader {

  private final Surroundings surroundings;
  private final CronSyntax cron;
  private final CertificateCheck certificates;

  /**
   * Makes a loader.
   *
   * @param surroundings environment and working directory
   * @param cron tells good cron expressions from bad ones
   * @param certificates tells usable certificates from others; asked with {@link
   *     References#RESOLVE} only
   */
  public ConfigLoader(Surroundings surroundings, CronSyntax cron, CertificateCheck certificates) {
    this.surroundings = surroundings;
    this.cron = cron;
    this.certificates = certificates;
  }

  /**
   * Loads the file and what it includes.
   *
   * @param file the main file; a relative path starts at the working directory
   * @param references whether to read the secrets
   * @throws ConfigException with every problem
   */
  public Config load(Path file, References references) throws ConfigException {
    Problems problems = new Problems();
    Documents documents = new Documents(problems);
    Path absolute = surroundings.workingDirectory().resolve(file);
    Optional<Fields> top = documents.read(new SourceFile(absolute, file.toString()), Level.TOP);
    Optional<Config> config =
        top.map(fields -> new Reading(references, problems).read(fields, absolute, documents));
    problems.throwIfAny();
    return config.orElseThrow();
  }

  /** One load. */
  private final class Reading {

    private final Problems problems;
    private final SecretReferences secrets;
    private final PolicyFiles policies;
    private final Alerts alerts;
    private final GrantReader grants;

    Reading(References references, Problems problems) {
      this.problems = problems;
      secrets = new SecretReferences(surroundings);
      policies = new PolicyFiles(references, problems);
      alerts = new Alerts(references, secrets);
      grants =
          new GrantReader(
              new Clients(references, secrets, certificates), new Schedules(cron), policies);
    }

    Config read(Fields top, Path file, Documents documents) {
      Storage storage = Storage.read(top, surroundings, secrets);
      AlertSettings settings = alerts.read(top);
      Fields defaults = Storage.section(top, Keys.DEFAULTS_SECTION, Level.DEFAULTS);
      grants.check(defaults);
      Tenants tenants = new Tenants(grants, defaults);
      tenants.read(top);
      documents.readIncluded(top, included -> readIncluded(included, tenants));
      requireTenants(top, tenants);
      return new Config(
          file,
          documents.files(),
          storage.store(),
          storage.key(),
          storage.log(),
          count(top, Keys.CONCURRENCY),
          count(top, Keys.TENANT_CONCURRENCY),
          settings,
          policies.policies(),
          SharedClients.marked(tenants.grants()),
          problems.warnings());
    }
  }

  private static void readIncluded(Fields file, Tenants tenants) {
    tenants.read(file);
    if (!file.has(Keys.TENANTS)) {
      file.missing(Keys.TENANTS);
    }
  }

  private static void requireTenants(Fields top, Tenants tenants) {
    boolean unasked = !top.has(Keys.TENANTS) && !top.has(Keys.INCLUDE);
    if (unasked || (tenants.grants().isEmpty() && top.problems().isEmpty())) {
      top.missing(Keys.TENANTS);
    }
  }

  private static int count(Fields top, Key<Integer> key) {
    Integer given = top.value(key);
    return Objects.requireNonNull(given == null ? key.standardValue() : given);
  }
}
