package io.refreshd.config;

import static org.junit.jupiter.api.Assertions.fail;

import io.refreshd.grant.Client.Certificate;
import io.refreshd.grant.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A working directory with configuration files, and a loader that runs in it. */
final class ConfigFolder {

  static final String MAIN = "refreshd.yaml";

  static final Instant CERTIFICATE_END = Instant.parse("2026-12-31T00:00:00Z");

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private int inspections;

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

  /** A file that may be executed. */
  ConfigFolder program(String name) {
    file(name, "#!/bin/sh\n");
    if (!path(name).toFile().setExecutable(true)) {
      throw new AssertionError(name + " cannot be made executable");
    }
    return this;
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
            new Surroundings(environment, folder), new KnownCrons(), this::certificate)
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

  /** The thumbprint is the file's text, and it ends with the year. */
  private Certificate certificate(
      Path file, @Nullable Secret password, Consumer<String> problem, Consumer<String> warning) {
    inspections++;
    if (!Files.exists(file)) {
      problem.accept(file.getFileName() + " does not exist; would be a PEM or PFX file");
      return new Certificate(file, password);
    }
    if (file.toString().endsWith(".pfx") && password == null) {
      problem.accept("needs its password; would have client-certificate-password");
    }
    if (text(file).equals("over")) {
      warning.accept(file.getFileName() + " expired");
    }
    return new Certificate(file, password, text(file), CERTIFICATE_END);
  }

  /** How often a certificate's file was looked into. */
  int inspections() {
    return inspections;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
