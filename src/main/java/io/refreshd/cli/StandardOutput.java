package io.refreshd.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Where results go. It remembers the first trouble, of which a print stream tells nobody. */
final class StandardOutput extends FilterOutputStream {

  private static final Path OUTPUT = Path.of("/proc/self/fd/1");

  private final BooleanSupplier hasReader;
  private @Nullable IOException trouble;

  /**
   * Goes there.
   *
   * @param hasReader whether a process reads it at the other end
   */
  StandardOutput(OutputStream out, BooleanSupplier hasReader) {
    super(out);
    this.hasReader = hasReader;
  }

  /** That of this process. */
  static StandardOutput ofThisProcess() {
    return new StandardOutput(
        new FileOutputStream(FileDescriptor.out), StandardOutput::isPipeOrSocket);
  }

  private static boolean isPipeOrSocket() {
    try {
      String target = Files.readSymbolicLink(OUTPUT).toString();
      return target.startsWith("pipe:") || target.startsWith("socket:");
    } catch (IOException e) {
      return false; // nobody knows
    }
  }

  /**
   * What kept a result from being written, in words; empty if nothing did. That the reader has gone
   * ({@code refreshd log | head}) is its own affair, and nothing else can happen to a pipe; the
   * system says so in the words of its language.
   */
  synchronized Optional<String> trouble() {
    return Optional.ofNullable(trouble)
        .map(e -> String.valueOf(e.getMessage()))
        .filter(words -> !words.toLowerCase(Locale.ROOT).contains("broken pipe"))
        .filter(words -> !hasReader.getAsBoolean());
  }

  @Override
  public synchronized void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) throws IOException {
    try {
      out.write(bytes, from, length);
    } catch (IOException e) {
      throw remembered(e);
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      throw remembered(e);
    }
  }

  private IOException remembered(IOException e) {
    if (trouble == null) {
      trouble = e;
    }
    return e;
  }
}
