package io.refreshd.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Lets system calls of a running process fail on some files, as strace can; ends with close. */
final class FailingCalls implements AutoCloseable {

  private final Process strace;

  private FailingCalls(Process strace) {
    this.strace = strace;
  }

  static boolean isPossible() {
    try {
      Process trial =
          new ProcessBuilder("strace", "-e", "inject=fdatasync:error=EIO", "true")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return trial.waitFor(1, TimeUnit.MINUTES) && trial.exitValue() == 0;
    } catch (IOException notThere) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Returns when it is in effect. */
  static FailingCalls of(
      RefreshdProcess process, String calls, String error, Path output, Path... files) {
    List<String> command =
        new ArrayList<>(List.of("strace", "-f", "-p", Long.toString(process.pid()), "-e"));
    command.addAll(List.of("trace=" + calls, "-e", "inject=" + calls + ":error=" + error));
    for (Path file : files) {
      command.addAll(List.of("-P", file.toString()));
    }
    try {
      Process strace =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      process.await(() -> read(output).contains(" attached"), () -> "strace did not attach");
      return new FailingCalls(strace);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path output) {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    strace.destroy();
    try {
      strace.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
