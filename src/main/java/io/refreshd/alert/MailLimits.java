package io.refreshd.alert;

import java.time.Duration;

/**
 * How far a mail server may go before we give up on it.
 *
 * @param connect for the connection to each of its addresses
 * @param reply for each of its replies, and for its TLS handshake
 * @param whole for all of it, however slowly it talks
 */
record MailLimits(Duration connect, Duration reply, Duration whole) {

  static final MailLimits DEFAULTS =
      new MailLimits(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(60));
}
