package io.refreshd.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.refreshd.sandbox.Sandbox;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a sandbox and holds its answers back until it is told to let them go: by then the
 * sandbox has redeemed the token.
 */
final class GatedServer implements AutoCloseable {

  /** What becomes of answers. */
  enum Gate {
    OPEN,
    CLOSED,
    /** They come, a byte at a time, and do not end. */
    DRIPPING
  }

  private static final int BACKLOG = 1024;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool(GatedServer::thread);
  private final HttpClient client = HttpClient.newHttpClient();
  private final Sandbox sandbox;
  private final AtomicInteger waiting = new AtomicInteger();
  private Gate gate = Gate.OPEN;

  GatedServer(Sandbox sandbox) throws IOException {
    this.sandbox = sandbox;
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    server = HttpServer.create(new InetSocketAddress(loopback, 0), BACKLOG);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  URI authority() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  synchronized void set(Gate next) {
    gate = next;
    notifyAll();
  }

  /** How many answers are held back. */
  int waiting() {
    return waiting.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      HttpResponse<byte[]> answer = forward(exchange);
      waiting.incrementAndGet();
      Gate now = pass();
      waiting.decrementAndGet();
      if (now == Gate.DRIPPING) {
        drip(exchange);
        return;
      }
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Gate pass() throws InterruptedException {
    while (gate == Gate.CLOSED) {
      wait();
    }
    return gate;
  }

  private HttpResponse<byte[]> forward(HttpExchange exchange)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(sandbox.authority().resolve(exchange.getRequestURI()))
            .POST(HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    for (String name : new String[] {"Content-Type", "Authorization"}) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  /** Until nobody reads any more: the time between two bytes is the server's, not the test's. */
  private void drip(HttpExchange exchange) throws IOException, InterruptedException {
    waiting.incrementAndGet();
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream body = exchange.getResponseBody()) {
      while (!Thread.currentThread().isInterrupted()) {
        body.write(' ');
        body.flush();
        TimeUnit.MILLISECONDS.sleep(100);
      }
    } finally {
      waiting.decrementAndGet();
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "gate");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
