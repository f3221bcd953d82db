package io.refreshd.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where results go. It remembers the first trouble, of which a print stream tells nobody. */
final class StandardOutput extends FilterOutputStream {

  private @Nullable IOException trouble;

  StandardOutput(OutputStream out) {
    super(out);
  }

  /**
   * What kept a result from being written, in words; empty if nothing did. That the reader has gone
   * ({@code refreshd log | head}) is its own affair.
   */
  synchronized Optional<String> trouble() {
    return Optional.ofNullable(trouble)
        .map(e -> String.valueOf(e.getMessage()))
        .filter(words -> !words.toLowerCase(Locale.ROOT).contains("broken pipe"));
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
