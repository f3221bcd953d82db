package io.refreshd.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;

/** Every kill and every fault, written down as it comes: a count alone explains nothing. */
final class Journal {

  private final Path file;
  private final Clock clock;

  Journal(Path file, Clock clock) throws IOException {
    this.file = file;
    this.clock = clock;
    Files.createDirectories(file.toAbsolutePath().getParent());
  }

  synchronized void note(String words) throws IOException {
    Files.writeString(
        file,
        clock.instant() + " " + words + System.lineSeparator(),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
