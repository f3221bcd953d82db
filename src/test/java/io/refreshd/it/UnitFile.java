package io.refreshd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The systemd unit, as it is shipped. */
final class UnitFile {

  static final Path PATH = Path.of("config/refreshd.service").toAbsolutePath();

  private static final String START = "ExecStart=/usr/bin/java ";

  private UnitFile() {}

  static List<String> lines() throws IOException {
    return Files.readAllLines(PATH);
  }

  /** The flags that it gives the JVM. */
  static List<String> flags() throws IOException {
    String start =
        lines().stream().filter(line -> line.startsWith(START)).findFirst().orElseThrow();
    String flags = start.substring(START.length(), start.indexOf(" -jar "));
    return Arrays.asList(flags.replace("%%", "%").split(" "));
  }
}
