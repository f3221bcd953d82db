package io.refreshd.sandbox;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request to a token endpoint.
 *
 * @param route which endpoint
 * @param form its parameters; of one that came twice, the last
 * @param correlationId the client's {@code client-request-id}, else a new one
 * @param traceId the server's own
 */
record TokenRequest(Route route, Map<String, String> form, String correlationId, String traceId) {

  private static final String BASIC = "Basic ";

  /**
   * Reads a form; empty if it cannot be decoded. The client's name and secret in an {@code
   * Authorization: Basic} header count as if they stood in it (RFC 6749 section 2.3.1).
   */
  static Optional<TokenRequest> parse(
      Route route, String body, @Nullable String authorization, @Nullable String requestId) {
    try {
      Map<String, String> form = form(body);
      if (authorization != null && authorization.startsWith(BASIC)) {
        putClient(form, authorization.substring(BASIC.length()));
      }
      return Optional.of(of(route, form, requestId));
    } catch (IllegalArgumentException undecodable) {
      return Optional.empty();
    }
  }

  /** A request of which nothing but the head was read. */
  static TokenRequest unread(Route route, @Nullable String requestId) {
    return of(route, Map.of(), requestId);
  }

  private static TokenRequest of(
      Route route, Map<String, String> form, @Nullable String requestId) {
    String traceId = UUID.randomUUID().toString();
    String correlationId = requestId == null ? UUID.randomUUID().toString() : requestId;
    return new TokenRequest(route, Map.copyOf(form), correlationId, traceId);
  }

  /** A parameter; empty if it is absent or empty, which is the same (RFC 6749 section 3.2). */
  Optional<String> find(String name) {
    return Optional.ofNullable(form.get(name)).filter(value -> !value.isEmpty());
  }

  /** A parameter that must be there. */
  String get(String name) {
    return find(name).orElseThrow(() -> Refusals.missing(name));
  }

  Route.Kind kind() {
    return route.kind();
  }

  /** The scopes asked for. */
  List<String> scopes() {
    return find("scope").map(scopes -> Arrays.asList(scopes.split(" +", -1))).orElse(List.of());
  }

  private static Map<String, String> form(String body) {
    Map<String, String> form = new HashMap<>();
    for (String pair : body.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        form.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return form;
  }

  private static void putClient(Map<String, String> form, String credentials) {
    String text = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
    int colon = text.indexOf(':');
    if (colon >= 0) {
      form.put("client_id", decoded(text.substring(0, colon)));
      form.put("client_secret", decoded(text.substring(colon + 1)));
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
