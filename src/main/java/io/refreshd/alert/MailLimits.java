package io.refreshd.alert;

import java.time.Duration;

/**
 * How far a mail server may go before we give up on it.
 *
 * <p>Some scan a mail before they take it, and are to be waited for (RFC 5321 section 4.5.3.2.6
 * asks for ten minutes): who gives up sends the same mail again and again. It has to end before
 * somebody else takes the delivery for abandoned, after two minutes.
 *
 * @param connect for the connection to each of its addresses
 * @param reply for each of its replies, and for its TLS handshake
 * @param whole for all of it, however slowly it talks
 */
record MailLimits(Duration connect, Duration reply, Duration whole) {

  static final MailLimits DEFAULTS =
      new MailLimits(Duration.ofSeconds(10), Duration.ofSeconds(80), Duration.ofSeconds(90));
}
