package io.refreshd.entra;

import io.refreshd.grant.Client.Certificate;
import io.refreshd.grant.Client.ClientSecret;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.Entry.Refusal;
import io.refreshd.rotation.Reach;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.TokenRedeemer;
import io.refreshd.rotation.Told;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
  private final RequestTemplates requests;
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
    this.requests = new RequestTemplates(new Msal(certificates));
    this.reader = new AnswerReader(clock);
  }

  @Override
  public Redemption redeem(Grant grant, RefreshToken token) {
    return redeem(grant, token, Instant.MAX);
  }

  @Override
  public Redemption redeem(Grant grant, RefreshToken token, Instant before) {
    Scrubber scrubber = scrubber(grant, token);
    BuiltRequest built;
    try {
      built = build(grant);
    } catch (UnusableCertificate | IllegalStateException e) {
      return notBuilt(
          e, new Sent(clock.instant(), Duration.ZERO, null, scrubber, grant.refreshTokens()));
    }
    String correlationId = UUID.randomUUID().toString();
    WireRequest request = request(grant, token, built, correlationId);
    Instant sentAt = clock.instant();
    long start = System.nanoTime();
    Exchanged exchanged = wire.post(request, () -> !clock.instant().isBefore(before));
    request.form().wipe();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    Redemption redemption =
        reader.read(
            exchanged, new Sent(sentAt, took, correlationId, scrubber, grant.refreshTokens()));
    exchanged.wipe();
    return redemption;
  }

  /** Reads certificates anew at their next use. */
  public void forgetCertificates() {
    certificates.forget();
  }

  /**
   * Ends all redemptions in flight; each of them returns at once, as unreachable. So does a later
   * one.
   */
  @Override
  public void close() {
    wire.close();
  }

  private BuiltRequest build(Grant grant) throws UnusableCertificate {
    if (grant.endpoint() instanceof TokenEndpoint.Plain
        && grant.client().credential() instanceof Certificate) {
      throw new IllegalStateException(
          "a client certificate works at Entra's own endpoints only; give this client a secret");
    }
    return requests.request(grant);
  }

  private static WireRequest request(
      Grant grant, RefreshToken token, BuiltRequest built, String correlationId) {
    Map<String, String> headers = new HashMap<>(built.headers());
    headers.put("client-request-id", correlationId);
    return new WireRequest(
        grant.endpoint().uri(),
        headers,
        TokenForm.of(grant.endpoint(), token, built.form()),
        grant.isSingleUse());
  }

  private static Refused notBuilt(Exception why, Sent sent) {
    String problem =
        why instanceof UnusableCertificate
            ? "the client certificate cannot be used: " + why.getMessage()
            : String.valueOf(why.getMessage());
    return new Refused(
        new Refusal(RefusalKind.CONFIGURATION, null, null, null),
        why instanceof UnusableCertificate ? Reach.CREDENTIAL : Reach.GRANT,
        Told.NOTHING,
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
