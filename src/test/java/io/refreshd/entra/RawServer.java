package io.refreshd.entra;

import io.refreshd.grant.TokenEndpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that does to each connection what a test wants, HTTP or not. */
final class RawServer implements AutoCloseable {

  /** What it does to a connection. */
  @FunctionalInterface
  interface Behaviour {
    void to(Socket connection) throws IOException, InterruptedException;
  }

  private final ServerSocket server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger connections = new AtomicInteger();

  RawServer(Behaviour behaviour) {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(() -> accept(behaviour));
  }

  /** Reads the request, writes the text, and closes. */
  static RawServer saying(String text) {
    return new RawServer(
        connection -> {
          readRequest(connection);
          write(connection, text);
        });
  }

  int port() {
    return server.getLocalPort();
  }

  TokenEndpoint endpoint() {
    return new TokenEndpoint.V2(
        URI.create("http://127.0.0.1:" + port()), Endpoint.TENANT, List.of("https://api.test/x"));
  }

  /** How many connections it was asked for. */
  int connections() {
    return connections.get();
  }

  private void accept(Behaviour behaviour) {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
        connections.incrementAndGet();
        threads.execute(() -> serve(connection, behaviour));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private static void serve(Socket connection, Behaviour behaviour) {
    try (connection) {
      behaviour.to(connection);
    } catch (IOException | InterruptedException e) {
      // the client has given up on us, as it should
    }
  }

  /** Reads one request, head and body. */
  static String readRequest(Socket connection) throws IOException {
    InputStream in = connection.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        throw new IOException("no request");
      }
      head.append((char) c);
    }
    int length =
        head.toString()
            .lines()
            .filter(line -> line.startsWith("Content-Length: "))
            .mapToInt(line -> Integer.parseInt(line.substring(16).strip()))
            .findFirst()
            .orElse(0);
    return head + new String(in.readNBytes(length), StandardCharsets.US_ASCII);
  }

  static void write(Socket connection, String text) throws IOException {
    write(connection, text.getBytes(StandardCharsets.UTF_8));
  }

  static void write(Socket connection, byte[] bytes) throws IOException {
    OutputStream out = connection.getOutputStream();
    out.write(bytes);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
