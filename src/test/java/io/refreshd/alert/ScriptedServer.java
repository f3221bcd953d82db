package io.refreshd.alert;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that does to each connection what a test wants, in HTTP, SMTP or neither. */
final class ScriptedServer implements AutoCloseable {

  /** What it does to a connection. */
  @FunctionalInterface
  interface Behaviour {
    void to(Socket connection) throws IOException, InterruptedException;
  }

  private final ServerSocket server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  ScriptedServer(Behaviour behaviour) {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(() -> accept(behaviour));
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept(Behaviour behaviour) {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
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

  /** Reads up to the empty line that ends the head of an HTTP request. */
  static void readHead(Socket connection) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append(character(connection.getInputStream()));
    }
  }

  /** Reads one line, without its end. */
  static String readLine(Socket connection) throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.indexOf("\r\n") < 0) {
      line.append(character(connection.getInputStream()));
    }
    return line.toString().strip();
  }

  private static char character(InputStream in) throws IOException {
    int c = in.read();
    if (c < 0) {
      throw new IOException("the client hung up");
    }
    return (char) c;
  }

  static void write(Socket connection, String text) throws IOException {
    connection.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    connection.getOutputStream().flush();
  }

  /** Writes a text again and again, for ever, with pauses that no time-out of a socket notices. */
  static void drip(Socket connection, String text) throws IOException, InterruptedException {
    while (true) {
      write(connection, text);
      Thread.sleep(50);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
