package io.refreshd.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/** The command line, in a process whose clock is off by the first argument. */
public final class MovedClock {

  private MovedClock() {}

  public static void main(String[] arguments) {
    Map<String, String> environment = System.getenv();
    Refreshd refreshd =
        new Refreshd(
            Console.system(environment),
            environment,
            Path.of("").toAbsolutePath(),
            Clock.offset(Clock.systemUTC(), Duration.parse(arguments[0])));
    System.exit(refreshd.execute(Arrays.copyOfRange(arguments, 1, arguments.length)));
  }
}
