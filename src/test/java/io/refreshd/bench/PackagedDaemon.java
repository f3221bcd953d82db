package io.refreshd.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The packaged daemon at work, and what it costs. */
final class PackagedDaemon implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final String START = "ExecStart=/usr/bin/java ";

  private final Process process;
  private final ProcessFigures figures;
  private final double secondsToReady;

  private PackagedDaemon(Process process, double secondsToReady) {
    this.process = process;
    this.figures = new ProcessFigures(process.pid());
    this.secondsToReady = secondsToReady;
  }

  /** Starts one and waits until it says that it is ready. */
  static PackagedDaemon start(BenchWorld world, List<String> flags)
      throws IOException, InterruptedException {
    ProcessBuilder builder = world.refreshd(flags, "run");
    File out = Objects.requireNonNull(builder.redirectOutput().file());
    File err = Objects.requireNonNull(builder.redirectError().file());
    long before = System.nanoTime();
    Process process = builder.start();
    long end = before + PATIENCE.toNanos();
    while (!says(out.toPath(), "ready:")) {
      if (!process.isAlive() || System.nanoTime() > end) {
        process.destroyForcibly();
        throw new IOException(
            "the daemon did not start: "
                + Files.readString(out.toPath())
                + Files.readString(err.toPath()));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return new PackagedDaemon(process, (System.nanoTime() - before) / 1e9);
  }

  private static boolean says(Path out, String text) throws IOException {
    try (Stream<String> lines = Files.lines(out)) {
      return lines.anyMatch(line -> line.contains(text));
    }
  }

  /**
   * The flags that the systemd unit gives the JVM.
   *
   * @param heap the largest heap, instead of the unit's; empty for that one
   */
  static List<String> flags(String heap) throws IOException {
    String start =
        Files.readAllLines(Path.of("config/refreshd.service")).stream()
            .filter(line -> line.startsWith(START))
            .findFirst()
            .orElseThrow();
    String flags = start.substring(START.length(), start.indexOf(" -jar "));
    return Stream.of(flags.replace("%%", "%").split(" "))
        .filter(flag -> !flag.startsWith("-XX:ErrorFile="))
        .map(flag -> heap.isEmpty() || !flag.startsWith("-Xmx") ? flag : "-Xmx" + heap)
        .toList();
  }

  double secondsToReady() {
    return secondsToReady;
  }

  ProcessFigures figures() {
    return figures;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
