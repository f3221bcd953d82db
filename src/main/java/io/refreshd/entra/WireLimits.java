package io.refreshd.entra;

import io.refreshd.rotation.TokenRedeemer;
import java.time.Duration;

/**
 * How far an endpoint may go before we give up on it.
 *
 * @param connect for the look-up of the name, and again for the connection, and for its TLS
 *     handshake
 * @param exchange for all of it: connecting, sending, and the whole answer, however slowly it drips
 * @param bodyBytes the largest body of an answer
 * @param headerLines the most headers of an answer
 * @param lineBytes the longest header
 * @param idle how long a connection is kept for the next request; its buffers hold the tokens of
 *     the last, until it is closed, within twice that
 */
public record WireLimits(
    Duration connect,
    Duration exchange,
    int bodyBytes,
    int headerLines,
    int lineBytes,
    Duration idle) {

  /** What the daemon uses. Entra's answers are of 2 to 6 KiB and carry about 20 headers. */
  public static final WireLimits DEFAULTS =
      new WireLimits(
          Duration.ofSeconds(10),
          TokenRedeemer.EXCHANGE_LIMIT,
          64 * 1024,
          100,
          8 * 1024,
          Duration.ofSeconds(5));
}
