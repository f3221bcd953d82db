package io.refreshd.report;

import io.refreshd.fuzz.Require;
import io.refreshd.fuzz.Scratch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Takes the bytes of a rotation log file, which is then opened to be gone on with. */
public final class LogFileFuzz {

  private static final Path FILE = Scratch.folder().resolve("rotation.log");

  private LogFileFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Scratch.write(FILE, input);
    try (LockedLog log = LockedLog.open(FILE)) {
      LogMark mark = log.mark();
      Require.that(mark.seq() >= 0 && log.size() <= input.length, "more than there was");
    } catch (IOException e) {
      Require.line(String.valueOf(e.getMessage()), 300);
      Require.that(Arrays.equals(bytes(), input), "not a rotation log, and changed");
      return;
    }
    byte[] left = bytes();
    Require.that(
        Arrays.equals(left, Arrays.copyOf(input, left.length)), "something else than there was");
    Require.that(left.length == 0 || left[left.length - 1] == '\n', "half a line is left");
  }

  private static byte[] bytes() {
    try {
      return Files.readAllBytes(FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
