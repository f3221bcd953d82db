package io.refreshd.alert;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.common.Slf4jNotifier;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.refreshd.bench.SelfSigned;
import io.refreshd.grant.Secret;
import io.refreshd.rotation.Alerter.UndeliveredException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.AbstractStringAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks that take an alert, refuse it, or do neither. */
@Timeout(60)
class WebhookChannelTest {

  private static final String PATH = "/services/T0123/B456/s3cretPathSegment?sig=s3cretQuery&v=1";
  private static final Secret TOKEN = Secret.of("s3cretToken");
  private static final WebhookLimits SHORT =
      new WebhookLimits(Duration.ofMillis(700), Duration.ofMillis(800), 64 * 1024);

  private static final WireMockServer SERVER =
      new WireMockServer(
          options()
              .bindAddress("127.0.0.1")
              .dynamicPort()
              .dynamicHttpsPort()
              .notifier(new Slf4jNotifier(false)));

  @BeforeAll
  static void start() {
    SERVER.start();
  }

  @AfterAll
  static void stop() {
    SERVER.stop();
  }

  @BeforeEach
  void forget() {
    SERVER.resetAll();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204})
  void whatIsTwoHundredIsDelivered(int status) throws UndeliveredException {
    answers(aResponse().withStatus(status));

    deliver(Format.TEAMS, TOKEN);

    LoggedRequest request = SERVER.getAllServeEvents().get(0).getRequest();
    assertThat(request.getUrl()).isEqualTo(PATH);
    assertThat(request.getHeader("Authorization")).isEqualTo("Bearer s3cretToken");
    assertThat(request.getHeader("Content-Type")).startsWith("application/json");
    assertThat(Golden.json(request.getBodyAsString()))
        .isEqualTo(Golden.json(Format.TEAMS.body(Alerts.secret())));
  }

  @Test
  void withoutATokenThereIsNoAuthorization() throws UndeliveredException {
    answers(aResponse());

    deliver(Format.GENERIC, null);

    assertThat(SERVER.getAllServeEvents().get(0).getRequest().containsHeader("Authorization"))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "400, check that the format is the one that this URL takes",
    "401, check the token",
    "403, check the token",
    "404, check the URL",
    "410, check the URL"
  })
  void aRefusalIsQuotedWithAHint(int status, String hint) {
    answers(aResponse().withStatus(status).withBody("\n no_such_thing\nmore"));

    assertUndelivered(TOKEN)
        .isEqualTo(host() + " answered " + status + " \"no_such_thing\": " + hint);
    assertThat(SERVER.getAllServeEvents()).hasSize(1);
  }

  @Test
  void aRefusalWithoutATokenDoesNotSpeakOfOne() {
    answers(aResponse().withStatus(403));

    assertUndelivered(null).isEqualTo(host() + " answered 403: check the URL; or it wants a token");
  }

  @Test
  void aServersTroubleIsNotRetried() {
    answers(aResponse().withStatus(503).withHeader("Retry-After", "120"));

    assertUndelivered(TOKEN).isEqualTo(host() + " answered 503: try again in 120 s");
    assertThat(SERVER.getAllServeEvents()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"30 | in 30 s", "Sun, 22 Nov 2026 11:00:00 GMT | at Sun, 22 Nov 2026 11:00:00 GMT"})
  void tooManyRequestsSaysWhen(String wait, String said) {
    answers(aResponse().withStatus(429).withHeader("Retry-After", wait));

    assertUndelivered(TOKEN)
        .isEqualTo(host() + " answered 429: too many requests, try again " + said);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void redirectsAreNotFollowed(int status) {
    answers(aResponse().withStatus(status).withHeader("Location", host() + "/elsewhere"));

    assertUndelivered(TOKEN)
        .isEqualTo(host() + " answered " + status + ": redirects are not followed, check the URL");
    assertThat(SERVER.getAllServeEvents()).hasSize(1);
  }

  @Test
  void whatAServerSendsBackOfOurSecretsIsNotShown() {
    answers(
        aResponse()
            .withStatus(404)
            .withBody("Cannot POST " + PATH + " for Bearer s3cretToken\u0007\u202e, sorry"));

    assertUndelivered(TOKEN)
        .contains("Cannot POST /[…]/T0123/B456/[…]?sig=[…]&v=1 for Bearer […] , sorry")
        .doesNotContain("s3cret");
  }

  @Test
  void aHugeAnswerIsReadOnlyAsFarAsAllowed() {
    String huge = "x".repeat(8_000_000);
    answers(aResponse().withStatus(500).withBody(huge));

    assertUndelivered(TOKEN).hasSizeLessThan(300).startsWith(host() + " answered 500 \"xxxx");
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECTION_RESET_BY_PEER, it reset the connection",
    "EMPTY_RESPONSE, it closed the connection without an answer",
    "RANDOM_DATA_THEN_CLOSE, it closed the connection without an answer"
  })
  void anExchangeThatBreaksIsUndelivered(Fault fault, String why) {
    answers(aResponse().withFault(fault));

    assertUndelivered(TOKEN).isEqualTo(host() + ": " + why);
    assertThat(SERVER.getAllServeEvents()).hasSize(1);
  }

  @Test
  void anAnswerThatBreaksOffStillTellsItsStatus() throws IOException {
    ScriptedServer.Behaviour breaksOff =
        connection -> {
          ScriptedServer.readHead(connection);
          ScriptedServer.write(connection, "HTTP/1.1 500 No\r\nContent-Length: 99\r\n\r\nouch");
        };
    try (ScriptedServer server = new ScriptedServer(breaksOff);
        WebhookChannel channel = channel(server.port(), WebhookLimits.DEFAULTS)) {
      assertThatThrownBy(() -> channel.deliver(Alerts.secret()))
          .hasMessage("http://127.0.0.1:" + server.port() + " answered 500 \"ouch\"");
    }
  }

  @Test
  void headersThatDripAreGivenUpInTime() throws IOException {
    assertGivenUp(
        connection -> {
          ScriptedServer.write(connection, "HTTP/1.1 200 OK\r\n");
          ScriptedServer.drip(connection, "X-Y: z\r\n");
        });
  }

  @Test
  void anAnswerThatDripsIsGivenUpInTime() throws IOException {
    assertGivenUp(
        connection -> {
          ScriptedServer.readHead(connection);
          ScriptedServer.write(connection, "HTTP/1.1 500 No\r\nContent-Length: 99999\r\n\r\n");
          ScriptedServer.drip(connection, "x");
        });
  }

  private static void assertGivenUp(ScriptedServer.Behaviour behaviour) throws IOException {
    try (ScriptedServer server = new ScriptedServer(behaviour);
        WebhookChannel channel = channel(server.port(), SHORT)) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> channel.deliver(Alerts.secret()))
          .isInstanceOf(UndeliveredException.class)
          .hasMessage("http://127.0.0.1:" + server.port() + ": given up after 800 ms");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void anAnswerThatIsTwoHundredNeedNotEnd() throws IOException, UndeliveredException {
    ScriptedServer.Behaviour endless =
        connection -> {
          ScriptedServer.readHead(connection);
          ScriptedServer.write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n");
          ScriptedServer.drip(connection, "x");
        };
    try (ScriptedServer server = new ScriptedServer(endless);
        WebhookChannel channel = channel(server.port(), WebhookLimits.DEFAULTS)) {
      long start = System.nanoTime();
      channel.deliver(Alerts.secret());
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void whoeverClosesTheChannelNeedNotWait() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    ScriptedServer.Behaviour silent =
        connection -> {
          ScriptedServer.readHead(connection);
          asked.countDown();
          new CountDownLatch(1).await();
        };
    try (ScriptedServer server = new ScriptedServer(silent);
        WebhookChannel channel = channel(server.port(), WebhookLimits.DEFAULTS)) {
      FutureTask<Void> delivery =
          new FutureTask<>(
              () -> {
                channel.deliver(Alerts.secret());
                return null;
              });
      new Thread(delivery).start();
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

      channel.close();

      assertThatThrownBy(() -> delivery.get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(UndeliveredException.class)
          .hasMessageEndingWith("given up, refreshd is stopping");
      assertThatThrownBy(() -> channel.deliver(Alerts.secret()))
          .isInstanceOf(UndeliveredException.class)
          .hasMessageEndingWith("given up, refreshd is stopping");
    }
  }

  @Test
  void nobodyThereIsSaidSo() throws IOException {
    int port;
    try (ScriptedServer server = new ScriptedServer(connection -> {})) {
      port = server.port();
    }
    try (WebhookChannel channel = channel(port, SHORT)) {
      assertThatThrownBy(() -> channel.deliver(Alerts.secret()))
          .hasMessage("http://127.0.0.1:" + port + ": connection refused");
    }
  }

  @Test
  void aHostThatDoesNotExistIsSaidSo() {
    try (WebhookChannel channel =
        new WebhookChannel("ops", URI.create("https://nowhere.invalid/x"), Format.GENERIC, TOKEN)) {
      assertThatThrownBy(() -> channel.deliver(Alerts.secret()))
          .hasMessage("https://nowhere.invalid: the host's name cannot be looked up");
    }
  }

  @Test
  void anUntrustedServerIsNeverSentTheAlert() {
    answers(aResponse());
    try (WebhookChannel channel =
        new WebhookChannel("ops", https("127.0.0.1"), Format.GENERIC, TOKEN)) {
      assertThatThrownBy(() -> channel.deliver(Alerts.secret()))
          .hasMessageStartingWith(
              "https://127.0.0.1:" + SERVER.httpsPort() + ": the TLS handshake failed");
    }
    assertThat(SERVER.getAllServeEvents()).isEmpty();
  }

  @Test
  void aTrustedServerIsSentTheAlert(@TempDir Path folder) throws Exception {
    SSLContext context = SelfSigned.in(folder).sslContext();
    WireMockServer server =
        new WireMockServer(
            options()
                .bindAddress("127.0.0.1")
                .httpDisabled(true)
                .dynamicHttpsPort()
                .keystorePath(folder.resolve("localhost.p12").toString())
                .keystoreType("PKCS12")
                .keystorePassword(SelfSigned.PASSWORD)
                .keyManagerPassword(SelfSigned.PASSWORD)
                .notifier(new Slf4jNotifier(false)));
    server.start();
    server.stubFor(post(anyUrl()).willReturn(aResponse()));
    URI url = URI.create("https://localhost:" + server.httpsPort() + "/x");
    try (WebhookChannel channel =
        new WebhookChannel("ops", url, Format.GENERIC, TOKEN, WebhookLimits.DEFAULTS, context)) {
      channel.deliver(Alerts.secret());
      assertThat(server.getAllServeEvents()).hasSize(1);
    } finally {
      server.stop();
    }
  }

  private static void answers(ResponseDefinitionBuilder answer) {
    SERVER.stubFor(post(anyUrl()).willReturn(answer));
  }

  private static String host() {
    return "http://127.0.0.1:" + SERVER.port();
  }

  private static URI https(String host) {
    return URI.create("https://" + host + ":" + SERVER.httpsPort() + "/x");
  }

  private static WebhookChannel channel(int port, WebhookLimits limits) {
    URI url = URI.create("http://127.0.0.1:" + port + PATH);
    return new WebhookChannel("ops", url, Format.GENERIC, TOKEN, limits, null);
  }

  private static void deliver(Format format, @Nullable Secret token) throws UndeliveredException {
    try (WebhookChannel channel =
        new WebhookChannel("ops", URI.create(host() + PATH), format, token)) {
      channel.deliver(Alerts.secret());
    }
  }

  private static AbstractStringAssert<?> assertUndelivered(@Nullable Secret token) {
    try {
      deliver(Format.GENERIC, token);
    } catch (UndeliveredException e) {
      assertThat(e).hasNoCause();
      return assertThat(e.getMessage());
    }
    throw new AssertionError("it was delivered");
  }
}
