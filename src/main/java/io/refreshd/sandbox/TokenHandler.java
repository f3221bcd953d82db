package io.refreshd.sandbox;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The wire: reads a request, within bounds, and sends the answer. */
final class TokenHandler implements HttpHandler {

  private static final int BODY_LIMIT = 64 << 10;
  private static final int NO_BODY = -1;

  private final TokenIssuer issuer;
  private final Clock clock;

  TokenHandler(TokenIssuer issuer, Clock clock) {
    this.issuer = issuer;
    this.clock = clock;
  }

  /** A connection whose exchange is closed before an answer was begun is closed. */
  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Optional<Route> route = Route.find(exchange.getRequestURI().getPath());
      if (route.isEmpty()) {
        send(exchange, Answer.text(404, "there is no token endpoint here"));
        return;
      }
      byte[] body = exchange.getRequestBody().readNBytes(BODY_LIMIT + 1);
      if (body.length > BODY_LIMIT) {
        send(exchange, Answer.text(413, "the body is longer than " + BODY_LIMIT + " bytes"));
        return;
      }
      Answer answer = answer(exchange, route.get(), new String(body, StandardCharsets.UTF_8));
      if (!answer.isNothing()) {
        send(exchange, answer);
      }
    }
  }

  private Answer answer(HttpExchange exchange, Route route, String body) {
    Headers head = exchange.getRequestHeaders();
    String requestId = head.getFirst("client-request-id");
    TokenRequest unread = TokenRequest.unread(route, requestId);
    if (!exchange.getRequestMethod().equals("POST")) {
      exchange.getResponseHeaders().set("Allow", "POST");
      Refusal refusal = Refusals.wrongVerb(exchange.getRequestMethod());
      return ErrorAnswer.of(unread, refusal, clock.instant());
    }
    Optional<TokenRequest> request =
        TokenRequest.parse(route, body, head.getFirst("Authorization"), requestId);
    if (request.isEmpty()) {
      return ErrorAnswer.of(unread, Refusals.malformed(), clock.instant());
    }
    identify(exchange, request.get(), requestId);
    return issuer.answer(request.get());
  }

  private static void identify(
      HttpExchange exchange, TokenRequest request, @Nullable String requestId) {
    Headers head = exchange.getResponseHeaders();
    head.set("x-ms-request-id", request.traceId());
    head.set("x-ms-ests-server", "sandbox");
    if (requestId != null
        && "true".equals(exchange.getRequestHeaders().getFirst("return-client-request-id"))) {
      head.set("client-request-id", requestId);
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    Headers head = exchange.getResponseHeaders();
    head.set("Content-Type", answer.type());
    head.set("Cache-Control", "no-store, no-cache");
    head.set("Pragma", "no-cache");
    answer.headers().forEach(head::set);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(answer.status(), NO_BODY);
    } else {
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
