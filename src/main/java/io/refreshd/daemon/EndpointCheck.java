package io.refreshd.daemon;

import io.refreshd.entra.EndpointProbe;
import io.refreshd.entra.EndpointReport;
import io.refreshd.entra.ProbeStep;
import io.refreshd.entra.ProbeTrouble;
import io.refreshd.entra.ServerIdentity;
import io.refreshd.grant.Grant;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.Finding;
import io.refreshd.rotation.Level;
import io.refreshd.rotation.SkewWatch;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Goes the way to each endpoint's host, without a token, and says where it ends. */
final class EndpointCheck {

  private static final int AT_ONCE = 8;

  private final Clock clock;
  private final Map<String, String> environment;

  EndpointCheck(Clock clock, Map<String, String> environment) {
    this.clock = clock;
    this.environment = environment;
  }

  /** One or more for each host that these grants are redeemed at. */
  List<Finding> findings(List<Grant> grants) throws InterruptedException {
    Map<String, TokenEndpoint> hosts = new TreeMap<>();
    grants.forEach(grant -> hosts.putIfAbsent(host(grant.endpoint()), grant.endpoint()));
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      EndpointProbe probe = new EndpointProbe(clock);
      List<Future<EndpointReport>> reports = new ArrayList<>();
      hosts.values().forEach(one -> reports.add(threads.submit(() -> probe.probe(one))));
      List<Finding> findings = new ArrayList<>();
      for (Future<EndpointReport> report : reports) {
        findings.addAll(findings(report.get()));
      }
      return findings;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a probe reports everything, and throws nothing", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private List<Finding> findings(EndpointReport report) {
    String host = report.endpoint().getAuthority();
    List<Finding> findings = new ArrayList<>();
    Optional<ProbeStep<?>> failure = report.findFailure();
    if (failure.isPresent()) {
      findings.add(failed(host, report, failure.get()));
    } else {
      findings.add(Finding.ok(host, "reached" + way(report)));
    }
    ServerIdentity identity = report.tls().found();
    if (identity != null && identity.suspicion() != null) {
      findings.add(
          new Finding(
              Level.WARNING,
              host,
              "somebody may open TLS on the way: " + identity.suspicion(),
              "ask whoever runs the network; refresh tokens go this way"));
    }
    skew(report).ifPresent(findings::add);
    return findings;
  }

  private static String way(EndpointReport report) {
    ServerIdentity identity = report.tls().found();
    return (report.proxy() == null ? "" : " through the proxy " + report.proxy())
        + (identity == null ? "" : ", " + identity.protocol() + ", issued by " + identity.issuer())
        + ", in "
        + report
            .connection()
            .took()
            .plus(report.tls().took())
            .plus(report.answer().took())
            .toMillis()
        + " ms";
  }

  private static Optional<Finding> skew(EndpointReport report) {
    EndpointReport.Reply reply = report.answer().found();
    Duration skew = reply == null ? null : reply.skew();
    if (skew == null || skew.abs().compareTo(SkewWatch.TOLERATED) < 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Finding(
            Level.WARNING,
            report.endpoint().getAuthority(),
            "this machine's clock is "
                + skew.abs().toSeconds()
                + " s "
                + (skew.isNegative() ? "ahead of" : "behind")
                + " the server's",
            "check the time service: timedatectl, chronyc tracking"));
  }

  private Finding failed(String host, EndpointReport report, ProbeStep<?> step) {
    String next = step.trouble() == null ? "" : next(step.trouble(), report);
    String proxy = ignoredProxy(report);
    return new Finding(
        Level.CRITICAL,
        host,
        "cannot be reached: " + step.why(),
        proxy == null ? next : next + "; " + proxy);
  }

  private static String next(ProbeTrouble trouble, EndpointReport report) {
    return switch (trouble) {
      case UNKNOWN_NAME ->
          "check authority or token-endpoint for a slip, and this machine's name service:"
              + " resolvectl query "
              + report.endpoint().getHost();
      case REFUSED, UNREACHABLE, TIMED_OUT, NO_ANSWER ->
          "check the network and its firewall: curl -v " + report.endpoint();
      case PROXY -> "check the proxy " + report.proxy() + " and whether it lets this host through";
      case UNTRUSTED_ISSUER ->
          "if a proxy of yours opens TLS, add its issuer to Java's trust (keytool -importcert"
              + " -cacerts); if not, somebody stands between you and the server";
      case WRONG_NAME -> "check authority or token-endpoint: another server answers there";
      case EXPIRED, NOT_YET_VALID ->
          "check this machine's clock first (timedatectl), then ask whoever runs the server";
      case TLS_PROTOCOL -> "check the port, and whether TLS 1.2 or newer is spoken there";
    };
  }

  /** A proxy that other programs use, and the JVM does not. */
  private @Nullable String ignoredProxy(EndpointReport report) {
    String proxy = environment.getOrDefault("HTTPS_PROXY", environment.get("https_proxy"));
    return proxy == null || report.proxy() != null
        ? null
        : "$HTTPS_PROXY is set, but Java goes by -Dhttps.proxyHost and -Dhttps.proxyPort"
            + " (REFRESHD_JAVA_OPTS)";
  }

  private static String host(TokenEndpoint endpoint) {
    return endpoint.uri().getScheme() + "://" + endpoint.uri().getAuthority();
  }
}
