package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Endpoints that fail on the way: what is made of it, whether the token was carried, how soon. */
@Timeout(60)
class TroubleTest {

  private static final Duration EXCHANGE = Duration.ofMillis(900);
  private static final WireLimits SHORT =
      new WireLimits(
          Duration.ofMillis(800), EXCHANGE, 64 * 1024, 100, 8 * 1024, Duration.ofSeconds(20));

  private final EntraTokenRedeemer patient =
      new EntraTokenRedeemer(new MutableClock(), WireLimits.DEFAULTS, null);
  private final EntraTokenRedeemer hasty = new EntraTokenRedeemer(new MutableClock(), SHORT, null);

  @AfterEach
  void close() {
    patient.close();
    hasty.close();
  }

  @Test
  void aServerThatDripsIsGivenUpAtTheDeadline() throws IOException {
    RawServer.Behaviour drip =
        connection -> {
          RawServer.readRequest(connection);
          RawServer.write(connection, head(60_000));
          for (int i = 0; i < 60_000; i++) {
            RawServer.write(connection, " ");
            Thread.sleep(20);
          }
        };
    try (RawServer server = new RawServer(drip)) {
      Refused refused = lost(hasty, server.endpoint());

      assertThat(refused.message())
          .isEqualTo("the answer (200) was not whole: given up after 900 ms");
      assertThat(refused.exchange().httpStatus()).isEqualTo(200);
      assertThat(refused.exchange().took()).isBetween(EXCHANGE, EXCHANGE.plusSeconds(5));
    }
  }

  @Test
  void aServerThatDripsItsHeadersIsGivenUpAtTheDeadline() throws IOException {
    RawServer.Behaviour drip =
        connection -> {
          RawServer.readRequest(connection);
          RawServer.write(connection, "HTTP/1.1 200 OK\r\n");
          for (int i = 0; i < 90; i++) {
            RawServer.write(connection, "X-" + i + ": y\r\n");
            Thread.sleep(50);
          }
        };
    try (RawServer server = new RawServer(drip)) {
      Refused refused = lost(hasty, server.endpoint());

      assertThat(refused.message())
          .startsWith("no answer of 127.0.0.1")
          .endsWith(": given up after 900 ms");
      assertThat(refused.exchange().httpStatus()).isNull();
      assertThat(refused.exchange().took()).isBetween(EXCHANGE, EXCHANGE.plusSeconds(3));
    }
  }

  @Test
  void aServerThatSaysNothingIsGivenUpAtTheDeadline() throws IOException {
    try (RawServer server = new RawServer(connection -> Thread.sleep(30_000))) {
      Refused refused = lost(hasty, server.endpoint());

      assertThat(refused.message()).contains("127.0.0.1:" + server.port());
      assertThat(refused.exchange().took()).isLessThan(EXCHANGE.plusSeconds(5));
    }
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 200 OK\\r\\nContent-Length: 500\\r\\n\\r\\n{\"refresh_token\":\"x\" | the answer (200) broke off before its end",
        "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n20\\r\\n{\"refresh | the answer (200) broke off before its end",
        "HTTP/1.1 200 OK\\r\\n\\r\\n{\"refresh_token\":\"x | the answer is not JSON (200, no type, 19 characters)",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n | the answer is not JSON (200, no type, 0 characters)",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\n\\r\\n[1] | the answer is not JSON (200, no type, 3 characters)",
        "HTTP/1.1 204 No Content\\r\\n\\r\\n | the answer is not JSON (204",
        "HTTP/1.1 200 OK\\r\\nContent-Type: text/html; charset=x\\r\\n\\r\\n<html>Sign in</html> | the answer is not JSON (200, text/html, 20 characters): a proxy or a sign-in page?",
        "HTTP/1.1 502 Bad\\r\\nContent-Type: text/html\\r\\n\\r\\n<html/> | the answer is not JSON (502, text/html",
        "HTTP/1.1 404 No\\r\\nContent-Length: 16\\r\\n\\r\\n{\"message\":\"no\"} | the answer (404, 16 characters) is JSON, but not a token endpoint's",
        "HTTP/1.1 502 No\\r\\nContent-Length: 2\\r\\n\\r\\n{} | the answer (502, 2 characters) is JSON, but not a token endpoint's",
        "HTTP/1.1 302 Found\\r\\nLocation: https://sso.test/login?token=x\\r\\nContent-Length: 0\\r\\n\\r\\n | the answer is a redirect (302 to sso.test): a proxy or a sign-in page?",
        "HTTP/1.1 307 Found\\r\\nLocation: ::odd\\r\\nContent-Length: 0\\r\\n\\r\\n | the answer is a redirect (307): a proxy",
        "garbage\\r\\n\\r\\ngarbage | is not valid HTTP",
        "HTTP/9.9 200 OK\\r\\n\\r\\n | is not valid HTTP",
        "HTTP/1.1 200 OK\\r\\nContent-Length: many\\r\\n\\r\\n{} | is not valid HTTP",
        "HTTP/1.1 20 | is not valid HTTP",
        "'' | closed the connection without an answer",
      })
  void anAnswerThatIsNoneIsUnreachable(String raw, String message) throws IOException {
    String answer = raw.replace("\\r\\n", "\r\n");
    try (RawServer server = RawServer.saying(answer)) {
      assertThat(lost(patient, server.endpoint()).message()).contains(message);
    }
  }

  @Test
  void aFloodOfHeadersIsCutOff() throws IOException {
    String flood = "HTTP/1.1 200 OK\r\n" + "X-Flood: 1\r\n".repeat(100_000);
    try (RawServer server = RawServer.saying(flood)) {
      assertThat(lost(patient, server.endpoint()).message()).contains("too many or too long");
    }
  }

  @Test
  void anEndlessHeaderIsCutOff() throws IOException {
    try (RawServer server = RawServer.saying("HTTP/1.1 200 OK\r\nX: " + "y".repeat(5_000_000))) {
      assertThat(lost(patient, server.endpoint()).message()).contains("too many or too long");
    }
  }

  @Test
  void aLargeBodyIsCutOff() throws IOException {
    String body = "{\"x\":\"" + "y".repeat(10_000_000) + "\",\"refresh_token\":\"next\"}";
    try (RawServer server = RawServer.saying(head(body.length()) + body)) {
      assertThat(lost(patient, server.endpoint()).message())
          .isEqualTo("the answer (200) is larger than 65,536 bytes");
    }
  }

  @Test
  void aBodyAtTheLimitIsRead() throws IOException {
    String body = "{\"refresh_token\":\"next\",\"x\":\"";
    body += "y".repeat(65_536 - body.length() - 2) + "\"}";
    try (RawServer server = RawServer.saying(head(body.length()) + body)) {
      assertThat(redeem(patient, server.endpoint())).isInstanceOf(Redeemed.class);
    }
  }

  @Test
  void aThrottledAnswerIsThrottledEvenIfItsBodyBreaksOff() throws IOException {
    String raw = "HTTP/1.1 429 No\r\nRetry-After: 9\r\nContent-Length: 99\r\n\r\nToo";
    try (RawServer server = RawServer.saying(raw)) {
      Refused refused = (Refused) redeem(patient, server.endpoint());

      assertThat(refused.kind()).isEqualTo(RefusalKind.THROTTLED);
      assertThat(refused.answered()).isTrue();
      assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(9));
    }
  }

  @Test
  void aResetAfterTheRequestMayHaveSpentTheToken() throws IOException {
    RawServer.Behaviour reset =
        connection -> {
          RawServer.readRequest(connection);
          connection.setSoLinger(true, 0);
        };
    try (RawServer server = new RawServer(reset)) {
      assertThat(lost(patient, server.endpoint()).message())
          .containsAnyOf("reset the connection", "closed the connection");
    }
  }

  @Test
  void aRefusedConnectionCarriedNothing() throws IOException {
    int port;
    try (RawServer closed = RawServer.saying("")) {
      port = closed.port();
    }
    TokenEndpoint endpoint = plain("http://127.0.0.1:" + port + "/token");

    assertThat(unconnected(patient, endpoint).message())
        .isEqualTo("no connection to 127.0.0.1:" + port + ": connection refused");
  }

  @Test
  void anUnknownHostCarriedNothing() {
    assertThat(unconnected(patient, plain("https://no-such-host.invalid/token")).message())
        .isEqualTo(
            "no connection to no-such-host.invalid:443: the host's name cannot be looked up");
  }

  @Test
  void aSilentTlsServerCarriedNothing() throws IOException {
    try (RawServer server = new RawServer(connection -> Thread.sleep(30_000))) {
      Refused refused = unconnected(hasty, plain("https://127.0.0.1:" + server.port() + "/token"));

      assertThat(refused.message()).contains("no connection to 127.0.0.1");
      assertThat(refused.exchange().took()).isLessThan(EXCHANGE.plusSeconds(5));
    }
  }

  @Test
  void aServerThatSpeaksNoTlsCarriedNothing() throws IOException {
    try (RawServer server = RawServer.saying("HTTP/1.1 400 Bad Request\r\n\r\n")) {
      assertThat(
              unconnected(hasty, plain("https://127.0.0.1:" + server.port() + "/token")).message())
          .contains("no connection to 127.0.0.1");
    }
  }

  @Test
  void closeEndsWhatIsInFlight() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    RawServer.Behaviour silent =
        connection -> {
          RawServer.readRequest(connection);
          arrived.countDown();
          Thread.sleep(60_000);
        };
    try (RawServer server = new RawServer(silent)) {
      CompletableFuture<Redemption> redemption =
          CompletableFuture.supplyAsync(() -> redeem(patient, server.endpoint()));
      assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();

      patient.close();

      Refused refused = (Refused) redemption.get(10, TimeUnit.SECONDS);
      assertThat(refused.carried()).isTrue();
      assertThat(refused.answered()).isFalse();
      assertThat(refused.message()).contains("given up, refreshd is stopping");
    }
  }

  /** A stop does not wait for a handshake's own limit. */
  @Test
  void closeEndsAHandshakeThatHangs() throws Exception {
    Duration never = Duration.ofDays(1);
    CountDownLatch arrived = new CountDownLatch(1);
    RawServer.Behaviour silent =
        connection -> {
          if (connection.getInputStream().read() >= 0) {
            arrived.countDown();
          }
          Thread.sleep(60_000);
        };
    try (RawServer server = new RawServer(silent);
        EntraTokenRedeemer waiting =
            new EntraTokenRedeemer(
                new MutableClock(),
                new WireLimits(never, never, 64 * 1024, 100, 8 * 1024, never),
                null)) {
      TokenEndpoint endpoint = plain("https://127.0.0.1:" + server.port() + "/token");
      CompletableFuture<Redemption> redemption =
          CompletableFuture.supplyAsync(() -> redeem(waiting, endpoint));
      assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();

      waiting.close();

      Refused refused = (Refused) redemption.get(30, TimeUnit.SECONDS);
      assertThat(refused.carried()).isFalse();
      assertThat(refused.message()).contains("given up, refreshd is stopping");
    }
  }

  @Test
  void afterCloseARedemptionIsAnOutcomeThatCarriedNothing() throws IOException {
    try (RawServer server = RawServer.saying(head(2) + "{}")) {
      patient.close();

      unconnected(patient, server.endpoint());
      assertThat(server.connections()).isZero();
    }
  }

  /** The process stood still while it connected. */
  @Test
  void aRequestThatComesTooLateIsNotSent() throws Exception {
    CompletableFuture<Boolean> isSent = new CompletableFuture<>();
    RawServer.Behaviour listening =
        connection -> {
          try {
            isSent.complete(connection.getInputStream().read() >= 0);
          } catch (SocketException e) {
            isSent.complete(false); // it was reset
          }
        };
    MutableClock clock = new MutableClock();
    Instant before = clock.instant().plusSeconds(60);
    try (RawServer server = new RawServer(listening);
        EntraTokenRedeemer late = new EntraTokenRedeemer(clock)) {
      clock.advance(Duration.ofSeconds(60));

      Refused refused =
          (Refused)
              late.redeem(
                  Grants.named("a/b").endpoint(server.endpoint()).singleUse().build(),
                  Endpoint.TOKEN,
                  before);

      assertThat(isSent.get(20, TimeUnit.SECONDS)).isFalse();
      assertThat(refused.kind()).isEqualTo(RefusalKind.TRANSIENT);
      assertThat(refused.carried()).isFalse();
      assertThat(refused.message())
          .startsWith("nothing was sent to 127.0.0.1:")
          .endsWith(
              ": this process stood still before, or its clock was set, and another one may have"
                  + " the grant since");
    }
  }

  @Test
  void connectionsAreKeptForReusableTokensOnly() throws IOException {
    RawServer.Behaviour keepsOpen =
        connection -> {
          while (true) {
            RawServer.readRequest(connection);
            RawServer.write(connection, head(Endpoint.SUCCESS.length()) + Endpoint.SUCCESS);
          }
        };
    try (RawServer server = new RawServer(keepsOpen)) {
      for (int i = 0; i < 5; i++) {
        assertThat(redeem(patient, server.endpoint())).isInstanceOf(Redeemed.class);
      }
      assertThat(server.connections()).isEqualTo(1);

      for (int i = 0; i < 5; i++) {
        assertThat(
                patient.redeem(
                    Grants.named("a/b").endpoint(server.endpoint()).singleUse().build(),
                    Endpoint.TOKEN))
            .isInstanceOf(Redeemed.class);
      }
      assertThat(server.connections()).isEqualTo(6);
    }
  }

  /** A refused token must not be presented twice on the wire's own account. */
  @ParameterizedTest
  @CsvSource({"503", "500", "429", "401", "408"})
  void nothingIsSentTwice(int status) {
    Endpoint.answers(
        Endpoint.json(status, "{\"error\":\"x\"}")
            .withHeader("Retry-After", "1")
            .withHeader("WWW-Authenticate", "Basic realm=\"x\""));

    redeem(patient, Endpoint.v1());

    assertThat(Endpoint.requests()).isEqualTo(1);
  }

  /** Sent, and not answered usably. */
  private static Refused lost(EntraTokenRedeemer redeemer, TokenEndpoint endpoint) {
    Refused refused = (Refused) redeem(redeemer, endpoint);
    assertThat(refused.kind()).isEqualTo(RefusalKind.TRANSIENT);
    assertThat(refused.answered()).isFalse();
    assertThat(refused.carried()).isTrue();
    return refused;
  }

  /** Never sent. */
  private static Refused unconnected(EntraTokenRedeemer redeemer, TokenEndpoint endpoint) {
    Refused refused = (Refused) redeem(redeemer, endpoint);
    assertThat(refused.kind()).isEqualTo(RefusalKind.TRANSIENT);
    assertThat(refused.answered()).isFalse();
    assertThat(refused.carried()).isFalse();
    assertThat(refused.exchange().httpStatus()).isNull();
    return refused;
  }

  private static Redemption redeem(EntraTokenRedeemer redeemer, TokenEndpoint endpoint) {
    return redeemer.redeem(Grants.named("a/b").endpoint(endpoint).build(), Endpoint.TOKEN);
  }

  private static TokenEndpoint plain(String uri) {
    return new TokenEndpoint.Plain(URI.create(uri), List.of());
  }

  private static String head(int length) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }
}
