package io.refreshd.fault.network;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Stands on the loopback address between a client and a token endpoint, knows at which byte of
 * which message it is, and does harm there until it is told to stop. It counts what reaches it.
 */
final class FaultProxy implements AutoCloseable {

  /** What it does: the fault, where, and how it frames answers. */
  record Harm(Position position, Fault fault, Framing framing) {
    static final Harm NONE = new Harm(Position.AFTER_ANSWER, Fault.NONE);

    Harm(Position position, Fault fault) {
      this(position, fault, Framing.LENGTH);
    }

    boolean isAt(boolean request) {
      return fault != Fault.NONE && position.isOfRequest() == request;
    }
  }

  private static final int BACKLOG = 50;

  private final URI server;
  private final @Nullable SSLContext tls;
  private final ServerSocket listener;
  private final ExecutorService threads;
  private final Set<Line> lines = ConcurrentHashMap.newKeySet();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile Harm harm;

  /**
   * @param server what it passes requests on to, by http
   * @param tls what it speaks to clients; {@code null} for http
   */
  FaultProxy(URI server, @Nullable SSLContext tls, Harm harm, ExecutorService threads)
      throws IOException {
    this("127.0.0.1", server, tls, harm, threads);
  }

  /**
   * @param address that it listens on, one of the loopback's
   */
  FaultProxy(
      String address, URI server, @Nullable SSLContext tls, Harm harm, ExecutorService threads)
      throws IOException {
    this.server = server;
    this.tls = tls;
    this.harm = harm;
    this.threads = threads;
    this.listener = new ServerSocket(0, BACKLOG, InetAddress.getByName(address));
    threads.execute(this::accept);
  }

  /** The server, as it is seen through here. */
  URI uri() {
    String scheme = tls == null ? "http" : "https";
    String host = listener.getInetAddress().getHostAddress();
    return URI.create(scheme + "://" + host + ":" + listener.getLocalPort());
  }

  /** From now on it does this. */
  void turnTo(Harm next) {
    harm = next;
  }

  /** How many requests it has seen at least a byte of. */
  int requests() {
    return requests.get();
  }

  int connections() {
    return connections.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket raw = listener.accept();
        connections.incrementAndGet();
        threads.execute(() -> serve(raw));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket raw) {
    try (raw;
        Line line = new Line(raw, tls)) {
      lines.add(line);
      boolean goesOn = true;
      while (goesOn) {
        goesOn = exchange(line);
      }
      lines.remove(line);
    } catch (IOException e) {
      // the client has hung up, as it may
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One request and its answer, and the harm on the way; whether there may be another one. */
  private boolean exchange(Line line) throws IOException, InterruptedException {
    if (harm.isAt(true) && harm.position() == Position.BEFORE_REQUEST) {
      return line.suffer(harm.fault(), "") && passOn(line);
    }
    return passOn(line);
  }

  private boolean passOn(Line line) throws IOException, InterruptedException {
    StringBuilder request = new StringBuilder(line.read(1));
    if (request.isEmpty()) {
      return false;
    }
    requests.incrementAndGet();
    Harm now = harm; // it may have been turned on while this waited for a request
    if (now.isAt(true) && now.position() != Position.BEFORE_REQUEST) {
      boolean reached = read(line, request, now.position());
      if (!reached || !line.suffer(now.fault(), "")) {
        return false;
      }
    }
    if (!read(line, request, Position.AFTER_REQUEST)) {
      return false;
    }
    return answer(line, ask(request.toString()), now);
  }

  private boolean answer(Line line, String plain, Harm now)
      throws IOException, InterruptedException {
    String answer = now.framing().frame(new Message(plain));
    if (!now.isAt(false)) {
      line.write(answer);
      return now.framing() != Framing.CLOSE;
    }
    int at = now.position().in(new Message(answer));
    String spoilt = now.fault().spoil(answer, at);
    if (!spoilt.equals(answer)) {
      line.write(spoilt); // in one piece: what comes too much is there with the answer
      return now.framing() != Framing.CLOSE;
    }
    line.write(answer.substring(0, at));
    if (!line.suffer(now.fault(), answer.substring(at))) {
      return false;
    }
    line.write(answer.substring(at));
    return now.framing() != Framing.CLOSE;
  }

  /** Reads on up to that position, and no further; {@code false} if the client ends before it. */
  private boolean read(Line line, StringBuilder request, Position until) throws IOException {
    int end = until.in(new Message(request.toString()));
    while (end == Message.UNKNOWN || request.length() < end) {
      boolean whole = until == Position.AFTER_REQUEST;
      int most = end == Message.UNKNOWN ? (whole ? 4096 : 1) : end - request.length();
      String some = line.read(most);
      if (some.isEmpty()) {
        return false;
      }
      end = until.in(new Message(request.append(some).toString()));
    }
    return true;
  }

  private String ask(String request) throws IOException {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      StringBuilder answer = new StringBuilder();
      int end = Message.UNKNOWN;
      while (end == Message.UNKNOWN || answer.length() < end) {
        byte[] some = new byte[4096];
        int count = socket.getInputStream().read(some);
        if (count < 0) {
          throw new IOException("the server closed the connection");
        }
        end = new Message(answer.append(new String(some, 0, count, ISO_8859_1)).toString()).end();
      }
      return answer.toString();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Line line : lines) {
      line.close();
    }
  }
}
