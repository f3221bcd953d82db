package io.refreshd.sandbox;

import java.time.Duration;
import java.util.Map;

/**
 * What is sent back.
 *
 * @param status of the answer; 0 if the connection is to close without one
 * @param type of the body
 * @param headers besides those that every answer has
 * @param body the text
 */
record Answer(int status, String type, Map<String, String> headers, String body) {

  /** The connection closes. */
  static final Answer NOTHING = new Answer(0, "", Map.of(), "");

  static Answer json(int status, String body) {
    return new Answer(status, "application/json; charset=utf-8", Map.of(), body);
  }

  /** 429 as Entra was seen to send it: not JSON. */
  static Answer throttled(Duration retryAfter) {
    return new Answer(
        429,
        "text/plain; charset=utf-8",
        Map.of("Retry-After", String.valueOf(retryAfter.toSeconds())),
        "Too Many Requests");
  }

  static Answer outage() {
    return new Answer(
        503,
        "text/html; charset=utf-8",
        Map.of(),
        """
        <!DOCTYPE html>
        <html><head><title>Service Unavailable</title></head>
        <body><h2>Our services aren't available right now</h2></body></html>
        """);
  }

  static Answer text(int status, String body) {
    return new Answer(status, "text/plain; charset=utf-8", Map.of(), body);
  }

  boolean isNothing() {
    return status == 0;
  }
}
