package io.refreshd.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A token endpoint in a process of its own, so that its work is not counted with its client's. It
 * answers every POST, on any path, with a v2 success of 3.4 KB and a new refresh token, and keeps
 * connections open. It ends when its standard input does, so it cannot outlive who started it. What
 * it could do at most, {@link EndpointCeiling} tells.
 */
public final class LoopbackEndpoint implements AutoCloseable {

  private final Process process;
  private final String base;

  private LoopbackEndpoint(Process process, String base) {
    this.process = process;
    this.base = base;
  }

  /**
   * Starts one from this program's own class path.
   *
   * @param tls speaks https as this certificate; {@code null} for http
   * @param latencyMillis waited before each answer
   */
  public static LoopbackEndpoint start(@Nullable SelfSigned tls, int latencyMillis)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(LoopbackEndpoint.class.getName(), Integer.toString(latencyMillis)));
    if (tls != null) {
      command.add(tls.keystore().toString());
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String port = output.readLine();
    if (port == null) {
      throw new IOException("the endpoint did not start");
    }
    return new LoopbackEndpoint(process, (tls == null ? "http" : "https") + "://localhost:" + port);
  }

  /** {@code http://localhost:PORT}, without a slash at its end. */
  public URI base() {
    return URI.create(base);
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** The process itself: {@code LATENCY_MILLIS [KEYSTORE]}; prints its port. */
  public static void main(String[] args) throws IOException {
    int latency = Integer.parseInt(args[0]);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    ServerSocket server =
        args.length == 1
            ? new ServerSocket(0, 200, loopback)
            : new SelfSigned(Path.of(args[1]))
                .sslContext()
                .getServerSocketFactory()
                .createServerSocket(0, 200, loopback);
    Thread accepting = new Thread(() -> accept(server, latency), "accept");
    accepting.setDaemon(true);
    accepting.start();
    System.out.println(server.getLocalPort());
    System.out.flush();
    while (System.in.read() >= 0) {
      // until whoever started this lets go
    }
  }

  private static void accept(ServerSocket server, int latency) {
    // threads are used again: some clients make a connection for each request
    ExecutorService connections =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "connection");
              thread.setDaemon(true);
              return thread;
            });
    AtomicLong count = new AtomicLong();
    EndpointAnswer answer = new EndpointAnswer();
    while (true) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        connections.execute(() -> serve(socket, answer, count, latency));
      } catch (IOException e) {
        System.err.println("accept: " + e);
        return;
      }
    }
  }

  private static void serve(
      Socket socket, EndpointAnswer answer, AtomicLong count, int latencyMillis) {
    try (socket;
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream()) {
      RequestReader requests = new RequestReader(in);
      byte[] answered = answer.bytes();
      while (requests.skipOne()) {
        if (latencyMillis > 0) {
          Thread.sleep(latencyMillis);
        }
        answer.number(answered, count.incrementAndGet());
        out.write(answered);
      }
    } catch (IOException e) {
      // the client went away, as clients do
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
