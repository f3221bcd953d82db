package io.refreshd.entra;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How far a request gets on its way to an endpoint, step by step.
 *
 * @param endpoint where it was to go
 * @param proxy {@code host:port} of the proxy that the JVM's properties name for this endpoint
 *     ({@code https.proxyHost}); {@code null} if the way is direct
 * @param name the addresses of the endpoint's host, or of the proxy, which looks up the endpoint
 * @param connection the address and port that took the connection
 * @param tunnel the status that the proxy answered with; not tried on a direct way
 * @param tls who the server says it is; not tried for {@code http}
 * @param answer what the endpoint answered; any answer proves the way
 */
public record EndpointReport(
    URI endpoint,
    @Nullable String proxy,
    ProbeStep<List<String>> name,
    ProbeStep<String> connection,
    ProbeStep<Integer> tunnel,
    ProbeStep<ServerIdentity> tls,
    ProbeStep<Reply> answer) {

  /**
   * An answer.
   *
   * @param status of HTTP; 405 or 400 is what a token endpoint says to a request without a token
   * @param date of the server's clock; {@code null} if it does not tell
   * @param skew the server's time minus ours; up to a second too little, since a date is cut to the
   *     second; {@code null} likewise
   */
  public record Reply(int status, @Nullable Instant date, @Nullable Duration skew) {}

  /** Whether the endpoint can be reached from here. */
  public boolean isReached() {
    return answer.isPassed();
  }

  /** The step that failed; the steps behind it were not tried. */
  public Optional<ProbeStep<?>> findFailure() {
    return Stream.<ProbeStep<?>>of(name, connection, tunnel, tls, answer)
        .filter(ProbeStep::isFailed)
        .findFirst();
  }
}
