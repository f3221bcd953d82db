package io.refreshd.bench;

import io.refreshd.testing.PostgresServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a bench runs on. */
final class Machine {

  private Machine() {}

  /** When, on what, and how busy it was with other things before. */
  static String described() {
    return String.format(
        Locale.ROOT,
        "%s, %d processors (%s), JDK %s, load average %.1f",
        Clock.systemUTC().instant().truncatedTo(ChronoUnit.MINUTES),
        Runtime.getRuntime().availableProcessors(),
        model(),
        Runtime.version(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  /** Whether a program is on the path. */
  static boolean has(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(":"))
        .filter(folder -> !folder.isEmpty())
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Why there can be no PostgreSQL here, if so. */
  static Optional<String> missingPostgres() {
    try {
      PostgresServer.url();
      return Optional.empty();
    } catch (RuntimeException e) { // as a test is aborted that cannot have one
      return Optional.ofNullable(e.getMessage());
    }
  }

  /** Of these kinds of stores the ones that there can be here; says which is skipped, and why. */
  static List<String> stores(List<String> wanted) {
    Optional<String> missing = wanted.contains("postgresql") ? missingPostgres() : Optional.empty();
    missing.ifPresent(why -> System.out.println("postgresql is skipped; missing here: " + why));
    return missing.isEmpty()
        ? wanted
        : wanted.stream().filter(store -> !store.equals("postgresql")).toList();
  }

  private static String model() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown model");
    } catch (IOException e) {
      return "unknown model";
    }
  }
}
