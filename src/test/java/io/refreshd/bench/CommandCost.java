package io.refreshd.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Objects;

/** What a command took that has run to its end. */
record CommandCost(double seconds, double cpuSeconds) {

  /** Runs it; no other child of this process may end meanwhile. */
  static CommandCost of(ProcessBuilder command) throws IOException, InterruptedException {
    ProcessFigures own = new ProcessFigures(ProcessHandle.current().pid());
    double cpu = own.childrensCpuMillis();
    long before = System.nanoTime();
    int exit = command.start().waitFor();
    double seconds = (System.nanoTime() - before) / 1e9;
    if (exit != 0) {
      File said = command.redirectError().file();
      File out = said == null ? Objects.requireNonNull(command.redirectOutput().file()) : said;
      throw new IOException(
          command.command() + " ended with " + exit + ": " + Files.readString(out.toPath()));
    }
    return new CommandCost(seconds, (own.childrensCpuMillis() - cpu) / 1e3);
  }
}
