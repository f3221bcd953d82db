package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.refreshd.bench.SelfSigned;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The way to an endpoint, with one thing wrong at a time. */
class EndpointProbeTest {

  private static final WireLimits PATIENCE =
      new WireLimits(
          Duration.ofSeconds(5), Duration.ofSeconds(10), 65_536, 100, 8_192, Duration.ofSeconds(1));

  private final MutableClock clock = new MutableClock();

  @TempDir static Path folder = Path.of("");
  private static SelfSigned certificate = new SelfSigned(Path.of(""));

  @BeforeAll
  static void make() {
    certificate = SelfSigned.in(folder);
  }

  @Test
  void aTrustedEndpointIsReached() throws IOException {
    try (Served server = Served.with(certificate)) {
      EndpointReport report = probe(Clock.systemUTC(), server.uri("localhost"), certificate);

      assertThat(report.isReached()).isTrue();
      assertThat(report.findFailure()).isEmpty();
      assertThat(report.proxy()).isNull();
      assertThat(report.name().found()).contains("127.0.0.1");
      assertThat(report.connection().found()).endsWith(":" + server.port());
      assertThat(report.tunnel()).isEqualTo(ProbeStep.notTried());
      ServerIdentity identity = found(report.tls());
      assertThat(identity.protocol()).isEqualTo("TLSv1.3");
      assertThat(identity.subject()).isEqualTo("CN=localhost");
      assertThat(identity.issuer()).isEqualTo("CN=localhost");
      assertThat(identity.lastIssuer()).isEqualTo("CN=localhost");
      assertThat(identity.notAfter()).isAfter(Instant.now(Clock.systemUTC()));
      EndpointReport.Reply reply = found(report.answer());
      assertThat(reply.status()).isEqualTo(405);
      assertThat(reply.skew()).isBetween(Duration.ofSeconds(-2), Duration.ofSeconds(2));
      assertThat(report.answer().took()).isPositive();
      assertThat(server.asked()).startsWith("GET /11111111-2222-3333-4444-555555555555/oauth2");
    }
  }

  /** A proxy that opens TLS looks just like this. */
  @Test
  void anIssuerThatNobodyKnowsIsNamed() throws IOException {
    try (Served server = Served.with(certificate)) {
      EndpointReport report = probe(Clock.systemUTC(), server.uri("localhost"), null);

      assertFailed(report, report.tls(), ProbeTrouble.UNTRUSTED_ISSUER);
      assertThat(report.tls().why())
          .isEqualTo(
              "this JVM does not trust the issuer of the server's certificate, CN=localhost");
      ServerIdentity identity = found(report.tls());
      assertThat(identity.protocol()).isNull();
      assertThat(identity.suspicion())
          .isEqualTo(
              "the certificates end at an issuer that does not come with Java: CN=localhost");
      assertThat(report.answer()).isEqualTo(ProbeStep.notTried());
      assertThat(server.asked()).isEmpty();
    }
  }

  /** Whoever sits in between chooses the names that a person reads on the terminal. */
  @Test
  void aNameInACertificateCannotMoveTheCursor() throws IOException {
    String name = "CN=a\\1B[2Jb\\0Ac\\07,O=" + "x".repeat(500);
    SelfSigned odd = SelfSigned.in(folder, "odd", "-keyalg", "EC", "-dname", name);
    for (boolean trusted : new boolean[] {false, true}) {
      try (Served server = Served.with(odd)) {
        String uri = server.uri(trusted ? "127.0.0.2" : "localhost");
        ProbeStep<ServerIdentity> tls = probe(Clock.systemUTC(), uri, trusted ? odd : null).tls();

        assertThat(tls.why() + tls.found())
            .contains("CN=a [2Jb c")
            .doesNotContainPattern("\\p{Cntrl}")
            .doesNotContain("x".repeat(300));
      }
    }
  }

  @Test
  void aCertificateForAnotherNameIsNamed() throws IOException {
    try (Served server = Served.with(certificate)) {
      EndpointReport report = probe(Clock.systemUTC(), server.uri("127.0.0.2"), certificate);

      assertFailed(report, report.tls(), ProbeTrouble.WRONG_NAME);
      assertThat(report.tls().why())
          .isEqualTo("the server's certificate is not for 127.0.0.2, but for CN=localhost");
      assertThat(server.asked()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"-30d, EXPIRED, has expired on", "+30d, NOT_YET_VALID, is not valid before"})
  void aCertificateOutOfItsTimeIsNamed(String start, ProbeTrouble trouble, String why)
      throws IOException {
    SelfSigned untimely =
        SelfSigned.in(
            folder, trouble.word(), "-keyalg", "EC", "-startdate", start, "-validity", "10");
    try (Served server = Served.with(untimely)) {
      EndpointReport report = probe(Clock.systemUTC(), server.uri("localhost"), null);

      assertFailed(report, report.tls(), trouble);
      assertThat(report.tls().why()).contains(why);
    }
  }

  @Test
  void aServerThatSpeaksNoTlsIsTold() throws IOException {
    try (RawServer server = new RawServer(c -> RawServer.write(c, "HTTP/1.1 400 No\r\n\r\n"))) {
      EndpointReport report = probe("https://127.0.0.1:" + server.port());

      assertFailed(report, report.tls(), ProbeTrouble.TLS_PROTOCOL);
      assertThat(report.tls().found()).isNull();
    }
  }

  @Test
  void aClosedPortIsTold() throws IOException {
    int port;
    try (RawServer closed = RawServer.saying("")) {
      port = closed.port();
    }
    EndpointReport report = probe("https://127.0.0.1:" + port);

    assertFailed(report, report.connection(), ProbeTrouble.REFUSED);
    assertThat(report.connection().why()).endsWith(" refused the connection");
    assertThat(report.tls()).isEqualTo(ProbeStep.notTried());
    assertThat(report.isReached()).isFalse();
  }

  @Test
  void anUnknownNameIsTold() {
    EndpointReport report = probe("https://login.example.invalid");

    assertFailed(report, report.name(), ProbeTrouble.UNKNOWN_NAME);
    assertThat(report.name().why()).endsWith("login.example.invalid");
    assertThat(report.connection()).isEqualTo(ProbeStep.notTried());
  }

  @ParameterizedTest
  @CsvSource({
    "'Sun, 01 Mar 2026 12:05:00 GMT', PT5M",
    "'Sun, 01 Mar 2026 11:55:00 GMT', PT-5M",
    "'Sun, 01 Mar 2026 12:00:00 GMT', PT0S",
    "'Sunday, 01-Mar-26 13:00:00 GMT', PT1H",
    "whenever,",
  })
  void aClockThatIsWrongShowsInTheDate(String date, @Nullable Duration skew) throws IOException {
    try (RawServer server =
        RawServer.saying("HTTP/1.1 405 No\r\nDate: " + date + "\r\nContent-Length: 0\r\n\r\n")) {
      EndpointReport report = probe("http://127.0.0.1:" + server.port());

      assertThat(report.isReached()).isTrue();
      assertThat(report.tls()).isEqualTo(ProbeStep.notTried());
      assertThat(found(report.answer()).skew()).isEqualTo(skew);
    }
  }

  @Test
  void anAnswerThatIsNoHttpIsTold() throws IOException {
    try (RawServer server = RawServer.saying("hello\r\n\r\n")) {
      EndpointReport report = probe("http://127.0.0.1:" + server.port());

      assertFailed(report, report.answer(), ProbeTrouble.NO_ANSWER);
    }
  }

  @Test
  void whoeverDripsIsLeftInTime() throws IOException {
    WireLimits impatient =
        new WireLimits(
            Duration.ofSeconds(5), Duration.ofMillis(300), 64, 100, 99, Duration.ofSeconds(1));
    RawServer.Behaviour dripping =
        connection -> {
          RawServer.write(connection, "HTTP/1.1 200 OK\r\n");
          connection.getInputStream().readAllBytes();
        };
    try (RawServer server = new RawServer(dripping)) {
      EndpointReport report =
          new EndpointProbe(clock, impatient, null)
              .probe(endpoint("http://127.0.0.1:" + server.port()));

      assertFailed(report, report.answer(), ProbeTrouble.TIMED_OUT);
      assertThat(report.answer().why()).isEqualTo("given up after 300 ms");
    }
  }

  @Test
  void aHandshakeThatNobodyAnswersEndsInTime() throws IOException {
    WireLimits impatient =
        new WireLimits(
            Duration.ofMillis(200), Duration.ofSeconds(9), 64, 100, 99, Duration.ofSeconds(1));
    RawServer.Behaviour silent = connection -> connection.getInputStream().readAllBytes();
    try (RawServer server = new RawServer(silent)) {
      EndpointReport report =
          new EndpointProbe(clock, impatient, null)
              .probe(endpoint("https://127.0.0.1:" + server.port()));

      assertFailed(report, report.tls(), ProbeTrouble.TIMED_OUT);
    }
  }

  @Test
  void aProxyLeadsToWhomeverItLikes() throws IOException {
    try (Served server = Served.with(certificate);
        RawServer proxy = new RawServer(connection -> tunnel(connection, server.port()))) {
      EndpointReport report =
          byProxy(
              proxy.port(),
              () -> probe(Clock.systemUTC(), "https://login.example.invalid", certificate));

      assertThat(report.proxy()).isEqualTo("127.0.0.1:" + proxy.port());
      assertThat(report.tunnel().found()).isEqualTo(200);
      // the proxy led us to a server of another name
      assertFailed(report, report.tls(), ProbeTrouble.WRONG_NAME);
    }
  }

  @Test
  void aProxyThatRefusesIsTold() throws IOException {
    try (RawServer proxy =
        RawServer.saying("HTTP/1.1 407 Authentication\r\nContent-Length: 0\r\n\r\n")) {
      EndpointReport report = byProxy(proxy.port(), () -> probe("https://login.example.invalid"));

      assertFailed(report, report.tunnel(), ProbeTrouble.PROXY);
      assertThat(report.tunnel().why())
          .isEqualTo("the proxy does not open the way to login.example.invalid:443 (407)");
      assertThat(report.name().found()).containsExactly("127.0.0.1");
    }
  }

  private static <T> T found(ProbeStep<T> step) {
    T found = step.found();
    if (found == null) {
      throw new AssertionError("nothing was found: " + step);
    }
    return found;
  }

  private static void assertFailed(EndpointReport report, ProbeStep<?> step, ProbeTrouble trouble) {
    assertThat(step.trouble()).as(step.toString()).isEqualTo(trouble);
    assertThat(report.findFailure()).containsSame(step);
    assertThat(step.why()).isNotBlank();
    assertThat(report.isReached()).isFalse();
  }

  private EndpointReport probe(String authority) {
    return new EndpointProbe(clock, PATIENCE, null).probe(endpoint(authority));
  }

  private static EndpointReport probe(Clock clock, String authority, @Nullable SelfSigned trust) {
    KeyStore store = trust == null ? null : trust.keyStore();
    return new EndpointProbe(clock, PATIENCE, store).probe(endpoint(authority));
  }

  private static TokenEndpoint endpoint(String authority) {
    return new TokenEndpoint.V2(URI.create(authority), Endpoint.TENANT, List.of("x"));
  }

  private static EndpointReport byProxy(int port, Supplier<EndpointReport> probe) {
    System.setProperty("https.proxyHost", "127.0.0.1");
    System.setProperty("https.proxyPort", Integer.toString(port));
    try {
      return probe.get();
    } finally {
      System.clearProperty("https.proxyHost");
      System.clearProperty("https.proxyPort");
    }
  }

  /** A proxy that opens the way to one port, whatever it is asked for. */
  private static void tunnel(Socket client, int port) throws IOException {
    RawServer.readRequest(client);
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      RawServer.write(client, "HTTP/1.1 200 Connection established\r\n\r\n");
      Thread back =
          new Thread(
              () -> {
                try {
                  server.getInputStream().transferTo(client.getOutputStream());
                } catch (IOException e) {
                  // one of them has hung up
                }
              });
      back.start();
      client.getInputStream().transferTo(server.getOutputStream());
    }
  }

  /** An https server that takes nothing but POST. */
  private static final class Served implements AutoCloseable {
    private final HttpsServer server;
    private volatile String asked = "";

    private Served(HttpsServer server) {
      this.server = server;
      server.createContext(
          "/",
          exchange -> {
            asked = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            exchange.sendResponseHeaders(405, -1);
          });
      server.start();
    }

    static Served with(SelfSigned certificate) throws IOException {
      InetSocketAddress any = new InetSocketAddress(0);
      HttpsServer server = HttpsServer.create(any, 0);
      server.setHttpsConfigurator(new HttpsConfigurator(certificate.sslContext()));
      return new Served(server);
    }

    int port() {
      return server.getAddress().getPort();
    }

    String uri(String host) {
      return "https://" + host + ":" + port();
    }

    String asked() {
      return asked;
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
