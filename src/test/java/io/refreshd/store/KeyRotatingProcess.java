package io.refreshd.store;

import io.refreshd.store.SealingKeyRotation.Step;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A process of its own that gives a store a new key, and stands still at a step to be killed. */
final class KeyRotatingProcess implements AutoCloseable {

  private static final String BEGUN = "begun";
  private static final String REACHED = "reached";
  private static final String DONE = "done";

  private final Process process;
  private final BufferedReader out;

  private KeyRotatingProcess(Process process) {
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts one, and waits until it is at work.
   *
   * @param step where it stands still; {@code null} for nowhere
   * @param nth the how-manieth time that the step is reached
   */
  static KeyRotatingProcess start(SqliteLocation store, @Nullable Step step, int nth)
      throws IOException {
    KeyRotatingProcess started =
        new KeyRotatingProcess(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    KeyRotatingProcess.class.getName(),
                    store.file().toString(),
                    store.keyFile().toString(),
                    step == null ? "" : step.name(),
                    String.valueOf(nth))
                .redirectErrorStream(true)
                .start());
    started.await(BEGUN);
    return started;
  }

  void awaitStep() throws IOException {
    await(REACHED);
  }

  /** Waits for the end. */
  int awaitEnd() throws IOException, InterruptedException {
    await(DONE);
    return process.waitFor();
  }

  private void await(String word) throws IOException {
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.equals(word)) {
        return;
      }
      said.append(line).append('\n');
    }
    throw new AssertionError("it never said \"" + word + "\", but:\n" + said);
  }

  /** SIGKILL; returns when it is dead. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] args) {
    SqliteLocation location = new SqliteLocation(Path.of(args[0]), Path.of(args[1]));
    int[] left = {Integer.parseInt(args[3])};
    try (OpenStore store = TokenStores.openToWrite(location, "cli-1", 1, Clock.systemUTC())) {
      SealingKeyRotation rotation = store.sealingKeyRotation();
      say(BEGUN);
      rotation.run(
          (step, resealed) -> {
            if (step.name().equals(args[2]) && --left[0] == 0) {
              say(REACHED);
              standStill();
            }
          });
    }
    say(DONE);
  }

  private static void say(String word) {
    System.out.println(word);
    System.out.flush();
  }

  private static void standStill() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nothing but the kill ends this process", e);
    }
  }
}
