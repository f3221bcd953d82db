package io.refreshd.sandbox;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A refusal as JSON. */
final class ErrorAnswer {

  private ErrorAnswer() {}

  static Answer of(TokenRequest request, Refusal refusal, Instant now) {
    return request.kind() == Route.Kind.PLAIN
        ? plain(refusal)
        : Answer.json(refusal.status(), Json.object(entra(request, refusal, now)));
  }

  private static Map<String, @Nullable Object> entra(
      TokenRequest request, Refusal refusal, Instant now) {
    String stamp = Times.stamp(now);
    Map<String, @Nullable Object> error = new LinkedHashMap<>();
    error.put("error", refusal.error());
    error.put(
        "error_description",
        "AADSTS"
            + refusal.code()
            + ": "
            + refusal.text()
            + " Trace ID: "
            + request.traceId()
            + " Correlation ID: "
            + request.correlationId()
            + " Timestamp: "
            + stamp);
    error.put("error_codes", List.of(refusal.code()));
    error.put("timestamp", stamp);
    error.put("trace_id", request.traceId());
    error.put("correlation_id", request.correlationId());
    error.put("error_uri", "https://login.microsoftonline.com/error?code=" + refusal.code());
    error.put("suberror", refusal.suberror());
    error.put("claims", refusal.claims());
    return error;
  }

  /** RFC 6749 section 5.2, which knows no other answer to a client that is not registered. */
  private static Answer plain(Refusal refusal) {
    boolean client = refusal.error().equals("unauthorized_client");
    Map<String, @Nullable Object> error = new LinkedHashMap<>();
    error.put("error", client ? "invalid_client" : refusal.error());
    error.put("error_description", refusal.text());
    return Answer.json(client ? 401 : refusal.status(), Json.object(error));
  }
}
