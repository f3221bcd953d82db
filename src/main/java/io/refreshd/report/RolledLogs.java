package io.refreshd.report;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The files that were rolled away: {@code rotation.log.1} is the newest, {@code .5} the oldest. */
final class RolledLogs {

  /** How many there are at most. */
  static final int KEPT = 5;

  private final Path log;

  RolledLogs(Path log) {
    this.log = log;
  }

  /** Moves the log away, every rolled file one further, and the oldest out. Its lock is held. */
  void roll() throws IOException {
    for (int number = KEPT; number > 1; number--) {
      move(rolled(number - 1), rolled(number));
    }
    move(log, rolled(1));
  }

  /** How often the log can be rolled before a file is lost. */
  int free() {
    int oldest = KEPT;
    while (oldest > 0 && !Files.exists(rolled(oldest))) {
      oldest--;
    }
    return KEPT - oldest;
  }

  /** How far the newest of them got. */
  LogMark mark() throws IOException {
    Path newest = rolled(1);
    if (!Files.exists(newest)) {
      return LogMark.BEGINNING;
    }
    try (FileChannel file = FileChannel.open(newest, StandardOpenOption.READ)) {
      return LogTail.read(file).mark().orElse(LogMark.BEGINNING);
    }
  }

  /** All that are there, and the log itself last. */
  List<Path> oldestFirst() {
    List<Path> files = new ArrayList<>();
    for (int number = KEPT; number >= 1; number--) {
      files.add(rolled(number));
    }
    files.add(log);
    files.removeIf(file -> !Files.exists(file));
    return files;
  }

  private Path rolled(int number) {
    return log.resolveSibling(log.getFileName() + "." + number);
  }

  private static void move(Path from, Path to) throws IOException {
    if (Files.exists(from)) {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
