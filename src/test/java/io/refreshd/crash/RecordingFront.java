package io.refreshd.crash;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Stands before the token endpoint of a server that cannot be asked what it did, and remembers what
 * went through. It sends on one request after the other, and every request to its end, whether or
 * not somebody still waits for the answer.
 */
final class RecordingFront implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REFRESH_TOKEN = "refresh_token";

  private final URI endpoint;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  /** By account: how its last consent was used. */
  private final Map<String, TokenServer.Chain> chains = new HashMap<>();

  /** From each refresh token to the account whose it is. */
  private final Map<String, String> owners = new HashMap<>();

  private boolean refusing;

  RecordingFront(URI endpoint) throws IOException {
    this.endpoint = endpoint;
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    server = HttpServer.create(new InetSocketAddress(loopback, 0), 100);
    server.createContext("/token", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  synchronized void refuse(boolean all) {
    refusing = all;
  }

  /** A person signed in: the account has a new chain. */
  synchronized void begin(String account, String token) {
    chains.put(account, new TokenServer.Chain(token, null, 0, 0));
    owners.put(token, account);
  }

  synchronized TokenServer.Chain chain(String account) {
    return Objects.requireNonNull(chains.get(account));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      HttpResponse<String> answer = sendOn(form);
      byte[] body =
          (answer == null ? "{\"error\": \"temporarily_unavailable\"}" : answer.body())
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer == null ? 503 : answer.statusCode(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** Gives the server's answer; {@code null} while all are refused. */
  private synchronized @Nullable HttpResponse<String> sendOn(String form) throws IOException {
    if (refusing) {
      return null;
    }
    HttpRequest request =
        HttpRequest.newBuilder(endpoint)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    try {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      remember(presented(form), answer);
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String presented(String form) {
    for (String field : form.split("&", -1)) {
      if (field.startsWith(REFRESH_TOKEN + "=")) {
        return URLDecoder.decode(
            field.substring(REFRESH_TOKEN.length() + 1), StandardCharsets.UTF_8);
      }
    }
    return "";
  }

  private void remember(String presented, HttpResponse<String> answer) {
    String account = owners.get(presented);
    TokenServer.Chain chain = account == null ? null : chains.get(account);
    if (account == null || chain == null) {
      return;
    }
    JsonNode issued = JSON.readTree(answer.body()).get(REFRESH_TOKEN);
    if (answer.statusCode() != 200 || issued == null) {
      chains.put(account, chain.refused());
      return;
    }
    chains.put(account, chain.issued(issued.asString()));
    owners.put(issued.asString(), account);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
