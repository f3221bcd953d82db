package io.refreshd.entra;

import io.refreshd.grant.Client.Certificate;
import io.refreshd.grant.Client.ClientSecret;
import io.refreshd.grant.Client.Credential;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.Entry.Refusal;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.TokenRedeemer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Redeems at Entra's v1 and v2 endpoints and at those of plain OAuth servers. msal4j builds and
 * authenticates the request; the wire and the reading of the answer are ours, because msal4j loses
 * refresh tokens in unusual answers and most of what an error says.
 */
public final class EntraTokenRedeemer implements TokenRedeemer, AutoCloseable {

  private final Clock clock;
  private final Wire wire;
  private final ClientCertificates certificates;
  private final Msal msal;
  private final AnswerReader reader;

  /** With the limits and the trust of the daemon. */
  public EntraTokenRedeemer(Clock clock) {
    this(clock, WireLimits.DEFAULTS, null);
  }

  /**
   * @param trust for TLS; {@code null} for the trust of the JVM
   */
  public EntraTokenRedeemer(Clock clock, WireLimits limits, @Nullable SSLContext trust) {
    this.clock = clock;
    this.wire = new Wire(limits, trust);
    this.certificates = new ClientCertificates(clock);
    this.msal = new Msal(certificates);
    this.reader = new AnswerReader(clock);
  }

  @Override
  public Redemption redeem(Grant grant, RefreshToken token) {
    Instant sentAt = clock.instant();
    long start = System.nanoTime();
    Courier courier = new Courier(wire, grant, token);
    String problem = send(grant, courier);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    Sent sent = new Sent(sentAt, took, courier.correlationId(), scrubber(grant, token));
    Exchanged exchanged = courier.exchanged();
    return exchanged == null ? notBuilt(problem, sent) : reader.read(exchanged, sent);
  }

  /** Ends all redemptions in flight; each of them returns at once, as unreachable. */
  public void abortAll() {
    wire.abortAll();
  }

  /** Reads certificates anew at their next use. */
  public void forgetCertificates() {
    certificates.forget();
  }

  /** Ends what is in flight; a later redemption is an outcome, too. */
  @Override
  public void close() {
    wire.close();
  }

  /**
   * @return why nothing was sent, if nothing was
   */
  private String send(Grant grant, Courier courier) {
    Credential credential = grant.client().credential();
    if (grant.endpoint() instanceof TokenEndpoint.Plain && credential instanceof Certificate) {
      return "a client certificate works at Entra's own endpoints only; give this client a secret";
    }
    try {
      msal.send(grant, courier);
      return "msal4j did not send the request";
    } catch (UnusableCertificate e) {
      return "the client certificate cannot be used: " + e.getMessage();
    } catch (RuntimeException e) {
      // the usual end: the courier signals that it has delivered; else msal4j could not build
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return "msal4j could not build the request: " + cause;
    }
  }

  private static Refused notBuilt(String problem, Sent sent) {
    return new Refused(
        new Refusal(RefusalKind.CONFIGURATION, null, null, null),
        false,
        false,
        Text.line(sent.scrubber().clean(problem), Wording.LONGEST),
        null,
        sent.exchange());
  }

  private static Scrubber scrubber(Grant grant, RefreshToken token) {
    return grant.client().credential() instanceof ClientSecret client
        ? new Scrubber(List.of(token.reveal(), client.secret().reveal()))
        : new Scrubber(List.of(token.reveal()));
  }
}
