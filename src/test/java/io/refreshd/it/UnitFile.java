package io.refreshd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The systemd unit, as it is shipped. */
final class UnitFile {

  static final Path PATH = Path.of("config/refreshd.service").toAbsolutePath();

  private UnitFile() {}

  static List<String> lines() throws IOException {
    return Files.readAllLines(PATH);
  }
}
