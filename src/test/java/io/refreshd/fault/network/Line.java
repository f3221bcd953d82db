package io.refreshd.fault.network;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One connection of a client to the proxy: bytes in, bytes out, and the ways to end it badly. */
final class Line implements AutoCloseable {

  private static final int MOMENT_MS = 30;
  private static final int DRIP_MS = 15;

  private final Socket raw;
  private final Socket socket;

  /**
   * @param tls {@code null} for plain http
   */
  Line(Socket raw, @Nullable SSLContext tls) throws IOException {
    this.raw = raw;
    raw.setTcpNoDelay(true);
    if (tls == null) {
      this.socket = raw;
      return;
    }
    SSLSocket secured =
        (SSLSocket) tls.getSocketFactory().createSocket(raw, "localhost", raw.getPort(), true);
    secured.setUseClientMode(false);
    secured.startHandshake();
    this.socket = secured;
  }

  /** What is there of the next bytes, at least one; nothing at the end. */
  String read(int most) throws IOException {
    byte[] bytes = new byte[most];
    int count = socket.getInputStream().read(bytes);
    return count < 0 ? "" : new String(bytes, 0, count, ISO_8859_1);
  }

  void write(String bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(bytes.getBytes(ISO_8859_1));
    out.flush();
  }

  /**
   * Does the harm.
   *
   * @param rest what would still have to be written
   * @return whether it goes on after that
   */
  boolean suffer(Fault fault, String rest) throws IOException, InterruptedException {
    switch (fault) {
      case CUT -> socket.shutdownOutput();
      case TRUNCATE -> raw.shutdownOutput();
      case RESET -> reset();
      case DRIP -> drip(rest);
      case DELAY -> Thread.sleep(MOMENT_MS);
      case SILENCE, NONE, GARBAGE, DUPLICATE -> {}
    }
    return switch (fault) {
      case RESET -> false;
      case CUT, TRUNCATE, SILENCE, DRIP -> isThere();
      case DELAY, NONE, GARBAGE, DUPLICATE -> true;
    };
  }

  private void reset() throws IOException {
    raw.setSoLinger(true, 0);
    raw.close();
  }

  private void drip(String rest) throws IOException, InterruptedException {
    for (int i = 0; i < rest.length() - 1; i++) {
      write(rest.substring(i, i + 1));
      Thread.sleep(DRIP_MS);
    }
  }

  /** Waits until the client closes: to close with unread bytes would be a reset. */
  private boolean isThere() throws IOException {
    InputStream in = raw.getInputStream();
    while (in.read() >= 0) {
      // whatever it still says
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    raw.close();
  }
}
