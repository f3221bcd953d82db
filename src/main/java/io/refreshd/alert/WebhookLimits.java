package io.refreshd.alert;

import java.time.Duration;

/**
 * How far a webhook may go before we give up on it.
 *
 * @param connect for the connection, and again for its TLS handshake
 * @param whole for all of it, however slowly the answer drips
 * @param bodyBytes how much of an answer is read
 */
record WebhookLimits(Duration connect, Duration whole, int bodyBytes) {

  static final WebhookLimits DEFAULTS =
      new WebhookLimits(Duration.ofSeconds(10), Duration.ofSeconds(30), 64 * 1024);
}
