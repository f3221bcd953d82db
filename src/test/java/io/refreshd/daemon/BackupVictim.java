package io.refreshd.daemon;

import io.refreshd.config.Config;
import io.refreshd.config.ConfigException;
import io.refreshd.config.References;
import io.refreshd.rotation.StoreException;
import io.refreshd.store.StopRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A backup or a restore in a process of its own: one that stands still at a step until it is killed
 * or interrupted, or one for which every disk is full.
 */
final class BackupVictim {

  static final String FILE = "b.backup";

  private BackupVictim() {}

  /** Lets it come to a step, and kills it there. */
  static void killAt(Enum<?> step, String command, Path folder) throws Exception {
    endAt(step, command, folder, Process::destroyForcibly);
  }

  /** Lets it come to a step, and ends it there as Ctrl-C does. */
  static void interruptAt(Enum<?> step, String command, Path folder) throws Exception {
    endAt(step, command, folder, Process::destroy);
  }

  private static void endAt(Enum<?> step, String command, Path folder, Consumer<Process> end)
      throws Exception {
    Process process = start(null, command, folder, step.name());
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String said = out.readLine();
      if (!("at " + step).equals(said)) {
        throw new AssertionError("it said: " + said);
      }
      end.accept(process);
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("it does not end");
      }
    } finally {
      process.destroyForcibly();
    }
  }

  /** Lets it run to its end where no file can grow beyond so many KiB; gives what it said. */
  static String runOnFullDisk(long limit, String command, Path folder) throws Exception {
    Process process = start(limit, command, folder, "none");
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  private static Process start(@Nullable Long limit, String command, Path folder, String step)
      throws IOException {
    List<String> java =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                BackupVictim.class.getName(),
                command,
                folder.toString(),
                step));
    if (limit != null) {
      java.addAll(0, List.of("bash", "-c", "ulimit -f " + limit + " && exec \"$@\"", "bash"));
    }
    return new ProcessBuilder(java).redirectErrorStream(true).start();
  }

  /** Reads the configuration as a command does that needs no secret. */
  static Config config(Path folder) throws ConfigException {
    return Assembly.loader(Map.of(), folder, Clock.systemUTC())
        .load(folder.resolve("refreshd.yaml"), References.LEAVE);
  }

  /** Arguments: the command, the folder, the step. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws ConfigException {
    Config config = config(Path.of(args[1]));
    Path file = Path.of(args[1]).resolve(FILE);
    StopRequest stop = new StopRequest();
    try {
      if (args[0].equals("backup")) {
        var unused =
            BackingUp.run(
                config, file, Clock.systemUTC(), step -> stand(step, args[2], stop), stop);
      } else {
        var unused =
            new Restoring(config, file, Clock.systemUTC(), step -> stand(step, args[2], stop), stop)
                .run(true, new RestoreNotes());
      }
      System.out.println("done");
    } catch (StoreException e) {
      System.out.println("failed: " + e.getMessage());
    }
  }

  @SuppressWarnings("SystemOut")
  private static void stand(Enum<?> step, String wanted, StopRequest stop) {
    if (step.name().equals(wanted)) {
      System.out.println("at " + step);
      while (true) {
        stop.obey();
        LockSupport.parkNanos(1_000_000);
      }
    }
  }
}
