package io.refreshd.config;

import static org.junit.jupiter.api.Assertions.fail;

import io.refreshd.grant.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A working directory with configuration files, and a loader that runs in it. */
final class ConfigFolder {

  static final String MAIN = "refreshd.yaml";

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();

  ConfigFolder(Path folder) {
    this.folder = folder;
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  ConfigFolder file(String name, String text) {
    try {
      Files.createDirectories(path(name).getParent());
      Files.writeString(path(name), text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ConfigFolder environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Config load() throws ConfigException {
    return load(References.RESOLVE);
  }

  Config load(References references) throws ConfigException {
    return load(Path.of(MAIN), references);
  }

  Config load(Path file, References references) throws ConfigException {
    return new ConfigLoader(
            new Surroundings(environment, folder), new KnownCrons(), ConfigFolder::certificate)
        .load(file, references);
  }

  /** The problems, each as it is printed. */
  List<String> problems() {
    return problems(References.RESOLVE);
  }

  List<String> problems(References references) {
    try {
      return fail("loaded: " + load(references));
    } catch (ConfigException e) {
      return e.problems().stream().map(Problem::toString).toList();
    }
  }

  private static Optional<String> certificate(Path file, @Nullable Secret password) {
    if (!Files.exists(file)) {
      return Optional.of(file.getFileName() + " does not exist; would be a PEM or PFX file");
    }
    return file.toString().endsWith(".pfx") && password == null
        ? Optional.of("needs its password; would have client-certificate-password")
        : Optional.empty();
  }

  /** Knows "weekly" and "monthly" by heart. */
  private static final class KnownCrons implements CronSyntax {
    private static final Map<String, Duration> GAPS =
        Map.of("0 0 3 ? * SUN", Duration.ofDays(7), "0 0 3 1 * ?", Duration.ofDays(31));

    @Override
    public Optional<String> problem(String expression) {
      return GAPS.containsKey(expression)
          ? Optional.empty()
          : Optional.of("is not a cron expression; would be like \"0 0 3 ? * SUN\"");
    }

    @Override
    public Duration longestGap(String expression) {
      return GAPS.getOrDefault(expression, Duration.ZERO);
    }
  }
}
