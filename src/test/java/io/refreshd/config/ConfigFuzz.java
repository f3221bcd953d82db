package io.refreshd.config;

import io.refreshd.fuzz.Require;
import io.refreshd.fuzz.Scratch;
import io.refreshd.grant.Client.Certificate;
import io.refreshd.grant.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes a configuration as up to three texts with form feeds between them: the main file, {@code
 * more.yaml}, which it may include, and {@code policy.json}, which it may name.
 */
public final class ConfigFuzz {

  private static final Path FOLDER = Scratch.folder();
  private static final List<String> NAMES = List.of("refreshd.yaml", "more.yaml", "policy.json");
  private static final Surroundings SURROUNDINGS =
      new Surroundings(Map.of("SECRET", "hunter2-hunter2"), FOLDER);

  private ConfigFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    int start = 0;
    for (String name : NAMES) {
      int end = name.equals("policy.json") ? input.length : formFeed(input, start);
      Scratch.write(FOLDER.resolve(name), Arrays.copyOfRange(input, start, end));
      start = Math.min(end + 1, input.length);
    }
    load(References.RESOLVE);
    load(References.LEAVE);
    try {
      Require.that(
          !PolicyFiles.load(FOLDER.resolve("policy.json"), "policy.json").isEmpty(), "no policy");
    } catch (ConfigException e) {
      check(e);
    }
  }

  private static void load(References references) {
    try {
      Config config =
          new ConfigLoader(SURROUNDINGS, new Weekly(), ConfigFuzz::certificate)
              .load(Path.of("refreshd.yaml"), references);
      Require.that(!config.grants().isEmpty(), "a configuration of nothing");
      Require.that(!config.toString().contains("hunter2"), "it tells a secret");
    } catch (ConfigException e) {
      check(e);
    }
  }

  private static void check(ConfigException e) {
    Require.that(!e.problems().isEmpty(), "a problem that has no name");
    for (Problem problem : e.problems()) {
      Require.line(problem.toString(), 10_000);
      Require.that(!problem.toString().contains("hunter2"), "it tells a secret");
      Require.that(
          (problem.line() == 0) == (problem.column() == 0) && problem.line() >= 0,
          "a place that is none: " + problem.line() + ":" + problem.column());
    }
  }

  private static int formFeed(byte[] input, int from) {
    int at = from;
    while (at < input.length && input[at] != '\f') {
      at++;
    }
    return at;
  }

  private static Certificate certificate(
      Path file, @Nullable Secret password, Consumer<String> problem, Consumer<String> warning) {
    return new Certificate(file, password);
  }

  /** Knows one expression. */
  private static final class Weekly implements CronSyntax {

    @Override
    public Optional<String> problem(String expression) {
      return expression.equals("0 0 3 ? * SUN")
          ? Optional.empty()
          : Optional.of("is not a cron expression; would be like \"0 0 3 ? * SUN\"");
    }

    @Override
    public Duration longestGap(String expression) {
      return Duration.ofDays(7);
    }
  }
}
