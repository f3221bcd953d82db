package io.refreshd.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A daemon as a real process, to be killed. */
final class Victim implements AutoCloseable {

  /** For another process to do what it has to do: machines are slow, and shared. */
  static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final String ARCHIVE = "classes.jsa";
  private static final String PACKAGED_ARCHIVE = "packaged.jsa";
  private static final String USED = "-XX:SharedArchiveFile=";
  private static final String MADE = "-XX:ArchiveClassesAtExit=";

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> said = new CopyOnWriteArrayList<>();

  private Victim(Path folder, String archive, List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xlog:disable",
                archive));
    command.addAll(arguments);
    process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    Thread reader = new Thread(this::read, "victim-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /** One that is let live, and leaves its classes behind so that the next ones start faster. */
  static Victim first(Path jar, Path config) throws IOException {
    return parts(MADE + shared(config, ARCHIVE), Step.NEVER, 1, jar, config);
  }

  /** The daemon's parts, out of the packaged jar, with a failpoint. */
  static Victim at(Step step, int nth, Path jar, Path config) throws IOException {
    return parts(USED + shared(config, ARCHIVE), step, nth, jar, config);
  }

  private static Victim parts(String archive, Step step, int nth, Path jar, Path config)
      throws IOException {
    return new Victim(
        config.resolveSibling(""),
        archive,
        List.of(
            "-cp",
            jar.toAbsolutePath() + ":" + TestClasses.at(shared(config, "crash-classes.jar")),
            CrashingDaemon.class.getName(),
            config.toString(),
            step.name(),
            Integer.toString(nth)));
  }

  /** The packaged daemon, as operators run it; it leaves its classes behind as well. */
  static Victim firstPackaged(Path jar, Path config) throws IOException {
    return packaged(MADE + shared(config, PACKAGED_ARCHIVE), jar, config);
  }

  /** The packaged daemon, as operators run it. */
  static Victim packaged(Path jar, Path config) throws IOException {
    Path archive = shared(config, PACKAGED_ARCHIVE);
    return packaged(Files.exists(archive) ? USED + archive : "-Xshare:auto", jar, config);
  }

  private static Victim packaged(String archive, Path jar, Path config) throws IOException {
    return new Victim(
        config.resolveSibling(""),
        archive,
        List.of("-jar", jar.toAbsolutePath().toString(), "--config", config.toString(), "run"));
  }

  /** A file that all fleets use: it is beside their folders. */
  private static Path shared(Path config, String name) {
    return config.toAbsolutePath().resolveSibling("").resolveSibling(name);
  }

  private void read() {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        said.add(line);
        lines.add(line);
      }
    } catch (IOException e) {
      said.add(e.toString());
    }
  }

  /**
   * Waits for a line.
   *
   * @return what follows the text in it
   */
  String await(String text) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      String line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (line == null) {
        throw new AssertionError("it never said \"" + text + "\", but:\n" + said());
      }
      if (line.contains(text)) {
        return line.substring(line.indexOf(text) + text.length()).strip();
      }
    }
  }

  /** Lets it rotate. */
  void go() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** SIGKILL; returns when it is dead. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Lets it end by itself. */
  void letGo() throws IOException, InterruptedException {
    process.getOutputStream().close();
    awaitEnd(0);
  }

  /** SIGTERM; returns when it has ended by itself. */
  void stop() throws InterruptedException {
    process.destroy();
    awaitEnd(143);
  }

  private void awaitEnd(int code) throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != code) {
      throw new AssertionError("it did not end well; it said:\n" + said());
    }
  }

  String said() {
    return String.join("\n", said);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
