package io.refreshd.cli;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.NotAPath;
import io.refreshd.config.References;
import io.refreshd.daemon.Assembly;
import io.refreshd.daemon.CoreDumps;
import io.refreshd.daemon.LogBinding;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.grant.Shown;
import io.refreshd.rotation.GrantRecord;
import io.refreshd.rotation.StoreException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The entry point: {@code refreshd COMMAND}. */
public final class Refreshd {

  /** Something asked for failed. */
  static final int FAILED = 1;

  /** Usage or configuration. */
  static final int USAGE = 2;

  static final String CONFIG_OPTION = "--config";

  /** A broken file may have one on every line; nobody reads them all at once. */
  private static final int PROBLEMS = 200;

  private static final Path DEFAULT_CONFIG = Path.of("/etc/refreshd/refreshd.yaml");

  private final Console console;
  private final Map<String, String> environment;
  private final Path workingDirectory;
  private final Clock clock;

  private final Argument<Path> config =
      Argument.optionOfAllCommands(
          CONFIG_OPTION,
          "FILE",
          Path.class,
          "The configuration (else $$REFRESHD_CONFIG, else /etc/refreshd/refreshd.yaml).");

  Refreshd(Console console, Map<String, String> environment, Path workingDirectory, Clock clock) {
    this.console = console;
    this.environment = Map.copyOf(environment);
    this.workingDirectory = workingDirectory;
    this.clock = clock;
  }

  public static void main(String[] args) {
    LogBinding.use();
    CoreDumps.withoutMemory();
    Map<String, String> environment = System.getenv();
    Refreshd refreshd =
        new Refreshd(
            Console.system(environment),
            environment,
            Path.of("").toAbsolutePath(),
            Clock.systemUTC());
    System.exit(refreshd.execute(args));
  }

  /** Runs one command line and returns its exit code. */
  int execute(String... args) {
    try {
      return withWhatWasLost(commandLine(args).execute(args));
    } catch (OutOfMemoryError e) {
      reportOutOfMemory();
      return FAILED;
    }
  }

  /** A result that could not be written is not there, whatever it took to get it. */
  private int withWhatWasLost(int exit) {
    Optional<String> lost = console.lost();
    lost.ifPresent(why -> console.fail("standard output: " + why));
    return exit == 0 && lost.isPresent() ? FAILED : exit;
  }

  /** All of a large fleet may be too much at once, for a machine or for what it was given. */
  void reportOutOfMemory() {
    long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
    console.fail("this needs more memory than the " + mebibytes + " MiB that Java may take here");
    console.hint("let it take more: REFRESHD_JAVA_OPTS=-Xmx2g; or ask about fewer grants");
  }

  private CommandLine commandLine(String... args) {
    CommandSpec spec =
        Syntax.of(this, "Keeps OAuth refresh tokens of Microsoft Entra ID alive.", config)
            .name("refreshd");
    Commands.add(spec, this, args);
    // an @word is no file of arguments: what stands in such a file would be shown as wrong usage
    return new CommandLine(spec)
        .setExpandAtFiles(false)
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                console.isColoured() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
        .setParameterExceptionHandler(this::wrongUsage)
        .setExecutionExceptionHandler((e, command, parsed) -> report(e));
  }

  Console console() {
    return console;
  }

  Clock clock() {
    return clock;
  }

  Map<String, String> environment() {
    return environment;
  }

  Path workingDirectory() {
    return workingDirectory;
  }

  /**
   * Loads the configuration for a command that only looks on: with the secrets, if this person may
   * read them, else without.
   *
   * @throws ConfigException if it has problems also without them
   */
  Config loadToLookOn() throws ConfigException {
    try {
      return read(References.RESOLVE);
    } catch (ConfigException e) {
      return read(References.LEAVE);
    }
  }

  /**
   * Loads the configuration that this call is about, and says what somebody should see to.
   *
   * @throws ConfigException with every problem of every file
   */
  Config load(References references) throws ConfigException {
    Config config = read(references);
    config.warnings().forEach(warning -> console.warn(warning.toString()));
    return config;
  }

  /**
   * Loads the configuration that this call is about.
   *
   * @throws ConfigException with every problem of every file
   */
  Config read(References references) throws ConfigException {
    return console.during(
        "reading the configuration",
        () -> Assembly.loader(environment, workingDirectory, clock).load(configFile(), references));
  }

  /** The one configured grant of that name. */
  static Grant grant(Config config, String name) {
    GrantName parsed = name(config, name);
    return config.grants().stream()
        .filter(grant -> grant.name().equals(parsed))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    Shown.of(name) + ": no such grant is configured",
                    "configured are: " + names(config)));
  }

  /** A grant's name, whether or not there is such a grant. */
  static GrantName name(Config config, String name) {
    try {
      return GrantName.parse(name);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()), "configured are: " + names(config));
    }
  }

  /** The name of a grant that is configured, or at least stored. */
  GrantName known(Config config, String name) {
    GrantName parsed = name(config, name);
    return findRecord(config, parsed).isPresent() ? parsed : grant(config, name).name();
  }

  /** What the store knows of a grant, whether or not it is configured; empty if nothing. */
  Optional<GrantRecord> findRecord(Config config, GrantName grant) {
    try (Assembly assembly = Assembly.reading(config, clock)) {
      return assembly.store().findRecord(grant);
    }
  }

  /** What is stored and not configured. */
  List<GrantName> unconfigured(Config config) {
    try (Assembly assembly = Assembly.reading(config, clock)) {
      return assembly.unconfigured();
    }
  }

  private Path configFile() {
    Path given = config.orNull();
    if (given != null) {
      return given;
    }
    String named = environment.getOrDefault("REFRESHD_CONFIG", "");
    return named.isEmpty() ? DEFAULT_CONFIG : path("$REFRESHD_CONFIG", named);
  }

  /**
   * What a person gave as a path.
   *
   * @param name of what it was given as
   */
  static Path path(String name, String given) {
    try {
      return Path.of(given);
    } catch (InvalidPathException e) {
      NotAPath why = NotAPath.of(given);
      throw new UsageException(name + ": " + why.words(), "would be " + why.would());
    }
  }

  /** The first configured grants, for a hint. */
  static String names(Config config) {
    String first =
        config.grants().stream()
            .limit(10)
            .map(grant -> grant.name().toString())
            .collect(Collectors.joining(", "));
    return config.grants().size() > 10 ? first + ", …" : first;
  }

  private int wrongUsage(CommandLine.ParameterException e, String[] args) {
    WrongUsage wrong = new WrongUsage(e, args);
    console.fail(wrong.message());
    console.hint(wrong.hint());
    return USAGE;
  }

  /** Names the problems. */
  void report(String subject, ConfigException broken) {
    broken.problems().stream().limit(PROBLEMS).forEach(p -> console.say(p.toString()));
    console.fail(subject + " has " + Count.of(broken.problems().size(), "problem"));
  }

  /**
   * Says what went wrong, in words.
   *
   * @return the exit code for it
   * @throws Exception the same one, if it is a fault of the program
   */
  int report(Exception e) throws Exception {
    if (e instanceof ConfigException broken) {
      report("the configuration", broken);
      if (!Files.exists(configFile())) {
        console.hint("name a file with --config FILE or $REFRESHD_CONFIG");
      }
      return USAGE;
    }
    if (e instanceof UsageException usage) {
      console.fail(String.valueOf(usage.getMessage()));
      console.hint(usage.hint());
      return USAGE;
    }
    if (e instanceof StoreException store) {
      console.fail(String.valueOf(store.getMessage()));
      return FAILED;
    }
    throw e;
  }
}
