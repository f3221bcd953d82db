package io.refreshd.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads past the requests of one connection, with as few looks at each byte as that needs. */
final class RequestReader {

  private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

  private final InputStream in;
  private final byte[] buffer = new byte[16 * 1024];
  private int from;
  private int to;

  RequestReader(InputStream in) {
    this.in = in;
  }

  /**
   * Reads past a request.
   *
   * @return whether there was one: not at the end of the connection
   */
  boolean skipOne() throws IOException {
    long length = 0;
    for (int line = line(); line >= 0; line = line()) {
      if (line == 0) {
        return skip(length);
      }
      length = startsWithLength(from - line) ? number(from - line + LENGTH.length) : length;
    }
    return false;
  }

  /**
   * Moves behind the next line.
   *
   * @return its length with its end; 0 for an empty one, negative at the end of the connection
   */
  private int line() throws IOException {
    int at = from;
    while (true) {
      while (at < to) {
        if (buffer[at++] == '\n') {
          int length = at - from;
          from = at;
          return length <= 2 ? 0 : length;
        }
      }
      at -= from;
      if (!fill()) {
        return -1;
      }
    }
  }

  private boolean fill() throws IOException {
    System.arraycopy(buffer, from, buffer, 0, to - from);
    to -= from;
    from = 0;
    if (to == buffer.length) {
      throw new IOException("a line of a request is longer than " + buffer.length + " bytes");
    }
    int read = in.read(buffer, to, buffer.length - to);
    to += Math.max(0, read);
    return read > 0;
  }

  private boolean skip(long length) throws IOException {
    long buffered = Math.min(length, to - from);
    from += (int) buffered;
    in.skipNBytes(length - buffered);
    return true;
  }

  private boolean startsWithLength(int start) {
    for (int i = 0; i < LENGTH.length; i++) {
      if (Character.toLowerCase(buffer[start + i]) != LENGTH[i]) {
        return false;
      }
    }
    return true;
  }

  private long number(int start) {
    long number = 0;
    for (int i = start; buffer[i] != '\r' && buffer[i] != '\n'; i++) {
      if (buffer[i] != ' ') {
        number = number * 10 + buffer[i] - '0';
      }
    }
    return number;
  }
}
