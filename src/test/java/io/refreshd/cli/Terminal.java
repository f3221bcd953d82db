package io.refreshd.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs command lines in this JVM, and keeps what they say. Not a terminal: a pipe. */
final class Terminal {

  private final Path folder;
  private final Clock clock;
  private final Map<String, String> environment = new HashMap<>(Map.of("LANG", "C.UTF-8"));

  Terminal(Path folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** What a command line came to. */
  record Result(int exit, String out, String err) {
    List<String> lines() {
      return out.lines().toList();
    }
  }

  Terminal with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Result run(String... arguments) {
    return runWith("", arguments);
  }

  Result runWith(String input, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    return runWith(input, out, out, arguments);
  }

  /** As {@code refreshd … | head -n 1}; its result is all that was to be written, read or not. */
  Result runForAHead(String... arguments) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    return runWith("", all, new LeavingReader(all), arguments);
  }

  /** A pipe whose reader goes after the first line. */
  private static final class LeavingReader extends FilterOutputStream {

    LeavingReader(ByteArrayOutputStream all) {
      super(all);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      boolean isGone = ((ByteArrayOutputStream) out).size() > 0;
      out.write(bytes, from, length);
      if (isGone) {
        throw new IOException("Broken pipe");
      }
    }
  }

  /** As {@code refreshd … > /dev/full}. */
  Result runForAFullDisk(String... arguments) {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    return runWith("", new ByteArrayOutputStream(), full, arguments);
  }

  private Result runWith(
      String input, ByteArrayOutputStream out, OutputStream pipe, String... arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            pipe,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            false,
            environment);
    int exit = new Refreshd(console, environment, folder, clock).execute(arguments);
    return new Result(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
