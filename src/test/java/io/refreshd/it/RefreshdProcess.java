package io.refreshd.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.refreshd.cli.MovedClock;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The packaged jar as a real process. Its output goes to files, where a test can search it. */
final class RefreshdProcess implements AutoCloseable {

  private static final Path JAR =
      Path.of(System.getProperty("refreshd.jar", "target/refreshd.jar"));

  /** The shell becomes the JVM, so the process is the same. */
  private static final String LIMITED = "ulimit -c $0; exec \"$@\"";

  private static final List<String> FLAGS = List.of("-XX:TieredStopAtLevel=1");

  private static final Duration PATIENCE = Duration.ofSeconds(100);

  /** A pipe of Linux takes 64 KiB. */
  private static final String FILL_AND_RUN = "head -c 65536 /dev/zero; exec \"$@\"";

  private final Process process;
  private final Path out;
  private final Path err;

  private RefreshdProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** What a finished process said. */
  record Result(int exit, String out, String err) {}

  /**
   * Starts a command.
   *
   * @param folder where it runs, and where its output files are made
   */
  static RefreshdProcess start(Path folder, Map<String, String> environment, String... arguments) {
    return start(folder, FLAGS, "0", environment, arguments);
  }

  /**
   * Starts a command.
   *
   * @param flags of the JVM
   * @param coreLimit the largest core dump that it may leave, as {@code ulimit} takes it
   */
  static RefreshdProcess start(
      Path folder,
      List<String> flags,
      String coreLimit,
      Map<String, String> environment,
      String... arguments) {
    List<String> command = new ArrayList<>(List.of("sh", "-c", LIMITED, coreLimit));
    command.addAll(java(flags, "-jar", JAR.toAbsolutePath().toString()));
    command.addAll(List.of(arguments));
    return start(folder, environment, command, false);
  }

  /**
   * Starts a command whose standard output is a pipe that is full from the beginning, and that
   * nobody reads.
   */
  static RefreshdProcess startUnread(
      Path folder, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(List.of("sh", "-c", FILL_AND_RUN, "sh"));
    command.addAll(java(FLAGS, "-jar", JAR.toAbsolutePath().toString()));
    command.addAll(List.of(arguments));
    return start(folder, environment, command, true);
  }

  /** Starts a command in a process whose clock is off. */
  static RefreshdProcess startOff(
      Duration off, Path folder, Map<String, String> environment, String... arguments) {
    String tests = MovedClock.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    List<String> command = java(FLAGS, "-cp", JAR.toAbsolutePath() + ":" + tests);
    command.addAll(List.of(MovedClock.class.getName(), off.toString()));
    command.addAll(List.of(arguments));
    return start(folder, environment, command, false);
  }

  private static List<String> java(List<String> flags, String... what) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of(what));
    return command;
  }

  private static RefreshdProcess start(
      Path folder, Map<String, String> environment, List<String> command, boolean unread) {
    try {
      Path out = Files.createTempFile(folder, "process-", ".out");
      Path err = Files.createTempFile(folder, "process-", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command).directory(folder.toFile()).redirectError(err.toFile());
      if (!unread) {
        builder.redirectOutput(out.toFile());
      }
      builder.environment().putAll(environment);
      return new RefreshdProcess(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end, with the text on its standard input. */
  static Result run(
      Path folder, Map<String, String> environment, String input, String... arguments) {
    try (RefreshdProcess running = start(folder, environment, arguments)) {
      return running.say(input).await();
    }
  }

  /** Gives it the text as its whole standard input. */
  RefreshdProcess say(String input) {
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The time that it has had of the processors so far. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** Waits for the end. */
  Result await() {
    try {
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("it does not end; it said:\n" + out() + "\n" + err());
      }
      return new Result(process.exitValue(), out(), err());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Waits until the standard output holds the text. */
  RefreshdProcess awaitOutput(String text) {
    await(() -> out().contains(text), () -> "it never said \"" + text + "\"");
    return this;
  }

  /** Waits until something is true of the world, while the process lives. */
  void await(BooleanSupplier condition, java.util.function.Supplier<String> otherwise) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end || (!process.isAlive() && !condition.getAsBoolean())) {
        throw new AssertionError(otherwise.get() + "; it said:\n" + out() + "\n" + err());
      }
      try {
        // another process is waited for here: there is no clock to turn
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** SIGHUP; to a process that has ended it is nothing. */
  void hangUp() {
    assumeHeard("SIGHUP", 1);
    signal("HUP");
  }

  /** SIGINT, as Ctrl-C sends it. */
  void interrupt() {
    assumeHeard("SIGINT", 2);
    signal("INT");
  }

  /** SIGSTOP: it stands still until {@link #resume}, and knows nothing of it. */
  void suspend() {
    signal("STOP");
  }

  /** SIGCONT. */
  void resume() {
    signal("CONT");
  }

  /**
   * Whoever starts the tests by nohup, or in the background of a script, has its processes ignore
   * these signals, and a JVM leaves it so.
   */
  private void assumeHeard(String name, int number) {
    Path status = Path.of("/proc", Long.toString(pid()), "status");
    try (Stream<String> lines = Files.lines(status)) {
      long ignored =
          lines
              .filter(line -> line.startsWith("SigIgn:"))
              .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
              .sum();
      assumeTrue(
          (ignored & (1L << (number - 1))) == 0,
          () -> name + " is ignored here: start the tests without nohup, in the foreground");
    } catch (IOException e) {
      // it has ended, or this is no Linux
    }
  }

  /** Sends a signal; to a process that has ended it is nothing. */
  void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
          .redirectErrorStream(true)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
    await();
  }

  long pid() {
    return process.pid();
  }

  /** How often the standard output says that. */
  long count(String text) {
    return out().lines().filter(line -> line.contains(text)).count();
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
