package io.refreshd.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The packaged daemon at work, and what it costs. */
final class PackagedDaemon implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Process process;
  private final ProcessFigures figures;
  private final double secondsToReady;

  private PackagedDaemon(Process process, double secondsToReady) {
    this.process = process;
    this.figures = new ProcessFigures(process.pid());
    this.secondsToReady = secondsToReady;
  }

  /**
   * Starts one and waits until it says that it is ready.
   *
   * @param javaOptions more flags for the JVM than the launcher's own
   */
  static PackagedDaemon start(BenchWorld world, String javaOptions)
      throws IOException, InterruptedException {
    ProcessBuilder builder = world.refreshd(javaOptions, "run");
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

  double secondsToReady() {
    return secondsToReady;
  }

  ProcessFigures figures() {
    return figures;
  }

  /** Prints whose objects fill its heap, those that nobody needs any more left out. */
  void printClasses(int lines) throws IOException {
    if (lines > 0) {
      String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
      Process asked =
          new ProcessBuilder(jcmd, Long.toString(process.pid()), "GC.class_histogram").start();
      asked.inputReader().lines().skip(1).limit(lines + 2L).forEach(System.out::println);
      asked.destroy();
    }
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
