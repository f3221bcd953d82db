package io.refreshd.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** What a command took that has run to its end. */
record CommandCost(double seconds, double cpuSeconds, double mostResidentMib) {

  private static final long LOOK_MILLIS = 20;

  /** Runs it; no other child of this process may end meanwhile. */
  static CommandCost of(ProcessBuilder command) throws IOException, InterruptedException {
    ProcessFigures own = new ProcessFigures(ProcessHandle.current().pid());
    double cpu = own.childrensCpuMillis();
    long before = System.nanoTime();
    Process process = command.start();
    double resident = mostResidentMib(process);
    int exit = process.waitFor();
    double seconds = (System.nanoTime() - before) / 1e9;
    if (exit != 0) {
      File said = command.redirectError().file();
      File out = said == null ? Objects.requireNonNull(command.redirectOutput().file()) : said;
      throw new IOException(
          command.command() + " ended with " + exit + ": " + Files.readString(out.toPath()));
    }
    return new CommandCost(seconds, (own.childrensCpuMillis() - cpu) / 1e3, resident);
  }

  /** As it was seen last: what a process has had at most only grows, and goes with it. */
  private static double mostResidentMib(Process process) throws InterruptedException {
    ProcessFigures figures = new ProcessFigures(process.pid());
    double most = 0;
    while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      try {
        most = Math.max(most, figures.mostResidentMib());
      } catch (IOException e) {
        break; // it has ended meanwhile
      }
    }
    return most;
  }
}
