package io.refreshd.entra;

import io.refreshd.entra.EndpointReport.Reply;
import io.refreshd.grant.TokenEndpoint;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/**
 * Goes the way to an endpoint step by step, without a token, and reports how far it got: for a
 * person who asks why nothing is redeemed. It goes by the same proxy and the same trust as a
 * redemption, and ends within the same limits.
 */
public final class EndpointProbe {

  private final Clock clock;
  private final WireLimits limits;
  private final @Nullable KeyStore trust;

  /** With the limits of the daemon and the trust of the JVM. */
  public EndpointProbe(Clock clock) {
    this(clock, WireLimits.DEFAULTS, null);
  }

  /**
   * @param trust for TLS; {@code null} for the trust of the JVM
   */
  public EndpointProbe(Clock clock, WireLimits limits, @Nullable KeyStore trust) {
    this.clock = clock;
    this.limits = limits;
    this.trust = trust;
  }

  /** Whatever happens on the way is in the report, never an exception. */
  public EndpointReport probe(TokenEndpoint endpoint) {
    URI uri = endpoint.uri();
    HttpHost target = ProbeRequests.target(uri);
    boolean secure = target.getSchemeName().equals("https");
    // in the clear only loopback addresses are asked, which no proxy leads to
    HttpHost proxy = secure ? ProbeRequests.findProxy(target) : null;
    HttpHost next = proxy == null ? target : proxy;
    RecordingTrust recording = RecordingTrust.of(trust);
    try (ProbeConnection wire = new ProbeConnection(limits)) {
      ProbeStep<List<InetAddress>> name =
          ProbeStep.passed(next, Duration.ZERO).then(host -> lookUp(host.getHostName()));
      ProbeStep<String> connection = name.then(addresses -> wire.open(next, addresses));
      ProbeStep<Integer> tunnel =
          proxy == null ? ProbeStep.notTried() : connection.then(peer -> tunnel(wire, target));
      ProbeStep<?> carrier = proxy == null ? connection : tunnel;
      ProbeStep<ServerIdentity> tls =
          secure
              ? carrier.then(peer -> wire.secure(target, recording, clock.instant()))
              : ProbeStep.notTried();
      ProbeStep<Reply> answer = (secure ? tls : carrier).then(peer -> ask(wire, uri, target));
      return new EndpointReport(
          uri,
          proxy == null ? null : proxy.toHostString(),
          name.map(EndpointProbe::texts),
          connection,
          tunnel,
          withWhatWasShown(tls, target, recording.shown()),
          answer);
    }
  }

  private List<InetAddress> lookUp(String host) throws ProbeFailure {
    try (NameLookup names = new NameLookup(limits.connect())) {
      return Arrays.asList(names.resolve(host));
    } catch (UnknownHostException e) {
      throw ProbeFailure.ofName(host, e);
    }
  }

  private static int tunnel(ProbeConnection wire, HttpHost target) throws ProbeFailure {
    int status = wire.exchange(ProbeRequests.connect(target), "the proxy").getCode();
    if (status / 100 == 2) {
      return status;
    }
    String to = target.toHostString();
    throw new ProbeFailure(
        ProbeTrouble.PROXY, "the proxy does not open the way to " + to + " (" + status + ")");
  }

  private Reply ask(ProbeConnection wire, URI uri, HttpHost target) throws ProbeFailure {
    Instant before = clock.instant();
    ClassicHttpResponse head = wire.exchange(ProbeRequests.get(uri, target), target.toHostString());
    Instant after = clock.instant();
    Header date = head.getFirstHeader("Date");
    Instant theirs = HttpDate.parse(date == null ? null : date.getValue(), after);
    if (theirs == null) {
      return new Reply(head.getCode(), null, null);
    }
    Instant ours = before.plus(Duration.between(before, after).dividedBy(2));
    return new Reply(head.getCode(), theirs, Duration.between(ours, theirs));
  }

  private static List<String> texts(List<InetAddress> addresses) {
    return addresses.stream().map(InetAddress::getHostAddress).toList();
  }

  private static ProbeStep<ServerIdentity> withWhatWasShown(
      ProbeStep<ServerIdentity> tls, HttpHost target, List<X509Certificate> shown) {
    return tls.isFailed() && !shown.isEmpty()
        ? tls.finding(ServerIdentity.of(target.getHostName(), shown, null))
        : tls;
  }
}
