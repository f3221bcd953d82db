package io.refreshd.bench;

import java.io.BufferedInputStream;
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
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A token endpoint in a process of its own, so that its work is not counted with its client's. It
 * answers every POST, on any path, with a v2 success of 3.4 KB and a new refresh token, and keeps
 * connections open. It ends when its standard input does, so it cannot outlive who started it.
 */
public final class LoopbackEndpoint implements AutoCloseable {

  private static final int REFRESH_TOKEN = 1_200;
  private static final int PADDING = 1_560;

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
    Answers answers = new Answers();
    Thread accepting = new Thread(() -> accept(server, answers, latency), "accept");
    accepting.setDaemon(true);
    accepting.start();
    System.out.println(server.getLocalPort());
    System.out.flush();
    while (System.in.read() >= 0) {
      // until whoever started this lets go
    }
  }

  private static void accept(ServerSocket server, Answers answers, int latency) {
    while (true) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        Thread thread = new Thread(() -> serve(socket, answers, latency), "connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        System.err.println("accept: " + e);
        return;
      }
    }
  }

  private static void serve(Socket socket, Answers answers, int latency) {
    try (socket;
        InputStream in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
        OutputStream out = socket.getOutputStream()) {
      for (int length = head(in); length >= 0; length = head(in)) {
        in.skipNBytes(length);
        if (latency > 0) {
          Thread.sleep(latency);
        }
        out.write(answers.next());
      }
    } catch (IOException e) {
      // the client went away, as clients do
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Reads a request's head.
   *
   * @return the length of its body; negative at the end of the connection
   */
  private static int head(InputStream in) throws IOException {
    int length = -1;
    StringBuilder line = new StringBuilder(80);
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c != '\n') {
        line.append((char) c);
        continue;
      }
      if (line.length() <= 1) {
        return Math.max(0, length);
      }
      if (line.length() > 15 && line.substring(0, 15).equalsIgnoreCase("content-length:")) {
        length = Integer.parseInt(line.substring(15).strip());
      }
      line.setLength(0);
    }
    return -1;
  }

  /** Successes, each with another refresh token. */
  private static final class Answers {
    private final AtomicLong count = new AtomicLong();
    private final String before;
    private final String token;
    private final String after;

    Answers() {
      Random random = new Random(1);
      this.token = text(random, REFRESH_TOKEN - 20);
      this.before =
          "{\"token_type\":\"Bearer\",\"scope\":\"https://api.partnercenter.microsoft.com/"
              + "user_impersonation openid profile offline_access\",\"expires_in\":3599,"
              + "\"ext_expires_in\":3599,\"access_token\":\""
              + accessToken(random)
              + "\",\"refresh_token\":\"";
      this.after = "\",\"foci\":\"\"}";
    }

    byte[] next() {
      String number = Long.toString(1_000_000_000_000_000_000L + count.incrementAndGet());
      String body = before + token + "." + number + after;
      String head =
          "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
              + "Cache-Control: no-store, no-cache\r\nPragma: no-cache\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n";
      return (head + body).getBytes(StandardCharsets.US_ASCII);
    }

    private static String accessToken(Random random) {
      String claims =
          "{\"aud\":\"https://api.partnercenter.microsoft.com\",\"amr\":[\"pwd\",\"mfa\"],"
              + "\"tid\":\"11111111-2222-3333-4444-555555555555\","
              + "\"oid\":\"66666666-7777-8888-9999-000000000000\",\"sub\":\"s\",\"x\":\""
              + text(random, PADDING - 700)
              + "\"}";
      Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
      String header = base64.encodeToString("{\"alg\":\"RS256\"}".getBytes(StandardCharsets.UTF_8));
      String payload = base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
      return header + "." + payload + "." + text(random, 342);
    }

    private static String text(Random random, int length) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return Base64.getUrlEncoder().encodeToString(bytes).substring(0, length);
    }
  }
}
