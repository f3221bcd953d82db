package io.refreshd.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process that rotates tokens when it is told to, and that is measured from outside: its time by
 * the wall clock, its CPU and that of the children it has waited for by {@code /proc}. It says
 * {@code ready}; a line {@code IN_FLIGHT MILLIS} makes it rotate for so long, and it answers how
 * many it did. It ends when its standard input does.
 */
final class MeasuredProcess implements AutoCloseable {

  private static final long WARM_UP_STEP_MILLIS = 500;

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter orders;
  private final String what;
  private final ProcessFigures figures;

  private MeasuredProcess(Process process, String what) {
    this.process = process;
    this.what = what;
    this.figures = new ProcessFigures(process.pid());
    this.answers = process.inputReader();
    this.orders = process.outputWriter();
  }

  /** A round: how many rotations, in how much time, with how much CPU. */
  record Figures(int rotations, double seconds, double cpuMillis) {}

  /** Starts a program, with more in its environment, and waits until it is ready. */
  static MeasuredProcess start(List<String> command, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    Process process = builder.start();
    MeasuredProcess started = new MeasuredProcess(process, String.join(" ", command));
    String said = started.answers.readLine();
    if (!"ready".equals(said)) {
      process.destroyForcibly();
      throw new IOException("not ready but \"" + said + "\": " + shortened(started.what));
    }
    return started;
  }

  /**
   * Starts a main class in a JVM.
   *
   * @param flags beside its default ones
   * @param environment beside this process's own
   */
  static MeasuredProcess startJava(
      List<String> flags,
      Map<String, String> environment,
      String classPath,
      Class<?> main,
      String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    return start(command, environment);
  }

  /** Lets it rotate for so long. */
  Figures round(int inFlight, long millis) throws IOException {
    double cpu = figures.cpuMillis();
    long wall = System.nanoTime();
    int count = rotate(inFlight, millis);
    double seconds = (System.nanoTime() - wall) / 1e9;
    return new Figures(count, seconds, figures.cpuMillis() - cpu);
  }

  /** Lets it rotate until it has done so many, or for at most so long. */
  void warmUp(int inFlight, int rotations, long millis) throws IOException {
    long end = System.nanoTime() + millis * 1_000_000;
    for (int done = 0; done < rotations && System.nanoTime() < end; ) {
      done += rotate(inFlight, WARM_UP_STEP_MILLIS);
    }
  }

  private int rotate(int inFlight, long millis) throws IOException {
    orders.write(inFlight + " " + millis + "\n");
    orders.flush();
    @Nullable String answer = answers.readLine();
    if (answer == null || !answer.matches("[1-9][0-9]*")) {
      throw new IOException("no count but \"" + answer + "\": " + shortened(what));
    }
    return Integer.parseInt(answer);
  }

  private static String shortened(String command) {
    return command.length() < 200 ? command : "…" + command.substring(command.length() - 200);
  }

  @Override
  public void close() throws IOException {
    orders.close();
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
