package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that means harm: what it can make us believe, and what it can make us spend. */
@Timeout(300)
class HostileAnswerTest {

  private static final Duration LONG = Duration.ofMinutes(2);

  /** Far more than the largest answer needs, and far less than what the servers here would send. */
  private static final long MOST_MEMORY = 8 << 20;

  /** The text that took minutes takes milliseconds now; a slow machine may have a second. */
  private static final Duration MOST_CPU = Duration.ofSeconds(5);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final EntraTokenRedeemer redeemer =
      new EntraTokenRedeemer(
          new MutableClock(), new WireLimits(LONG, LONG, 64 * 1024, 100, 8 * 1024, LONG), null);

  /** Classes that are loaded once are no server's doing. */
  @BeforeAll
  static void warmUp() throws IOException {
    HostileAnswerTest first = new HostileAnswerTest();
    var unused = first.answered(json(Endpoint.SUCCESS));
    first.close();
  }

  @AfterEach
  void close() {
    redeemer.close();
  }

  /** {@code BODY} is a good answer's body, {@code N} its length, {@code SIZE} that of a chunk. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 100 Continue||HTTP/1.1 103 Early Hints|Link: x||HTTP/1.1 200 OK|Content-Length: N||BODY",
        "HTTP/1.0 200 OK||BODY",
        "HTTP/1.1 200|Content-Length: N||BODY",
        "||HTTP/1.1 200 OK|Content-Length: N||BODY",
        "HTTP/1.1 200 OK|X: a| b|Content-Length: N||BODY",
        "HTTP/1.1 200 OK|Content-Length: 5|Transfer-Encoding: chunked||SIZE|BODY|0||",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||SIZE;name=value|BODY|0|Trailer: x||",
        "HTTP/1.1 206 Partial|Content-Length: N||BODY"
      })
  void oddFramingThatIsClearIsUnderstood(String answer) throws IOException {
    assertThat(answered(filled(answer))).isInstanceOf(Redeemed.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "HTTP/1.1 101 Switching Protocols|Upgrade: h2c||BODY; is not valid HTTP",
        "HTTP/2 200 OK|Content-Length: N||BODY; is not valid HTTP",
        "HTTP/2.0 200 OK|Content-Length: N||BODY; is not valid HTTP",
        "HTTP/1.1 99 OK|Content-Length: N||BODY; is not valid HTTP",
        "HTTP/1.1 -200 OK|Content-Length: N||BODY; is not valid HTTP",
        "HTTP/1.1 99999999999 OK|Content-Length: N||BODY; is not valid HTTP",
        "garbage|HTTP/1.1 200 OK|Content-Length: N||BODY; is not valid HTTP",
        "HTTP/1.1 999 OK|Content-Length: N||BODY; not a token endpoint's",
        "HTTP/1.1 200 OK|Content-Length: -5||BODY; is not valid HTTP",
        "HTTP/1.1 200 OK|Content-Length: 9223372036854775807||BODY; broke off before its end",
        "HTTP/1.1 200 OK|Content-Length: 99999999999999999999||BODY; is not valid HTTP",
        "HTTP/1.1 200 OK|Content-Length: many||BODY; is not valid HTTP",
        "HTTP/1.1 200 OK|Content-Length: 10|Content-Length: N||BODY; is not valid HTTP",
        "HTTP/1.1 200 OK|Content-Length: 10, 10||BODY; is not valid HTTP",
        "HTTP/1.1 200 OK|Transfer-Encoding: gzip, chunked||SIZE|BODY|0||; is not valid HTTP",
        "HTTP/1.1 200 OK|Transfer-Encoding: odd||BODY; is not valid HTTP",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||-5|BODY|0||; broke off before its end",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||FFFFFFFFFFFFFFFF|BODY|0||; broke off before",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||7FFFFFFF|BODY; broke off before its end",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||xyz|BODY|0||; broke off before its end",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||SIZEBODY0||; broke off before its end",
        "HTTP/1.1 200 OK|no colon|Content-Length: N||BODY; is not valid HTTP",
        "HTTP/1.1 204 No Content|Content-Length: N||BODY; is not JSON (204",
        "HTTP/1.1 304 Not Modified|Content-Length: N||BODY; is a redirect (304)"
      })
  void framingThatIsNotClearIsNoAnswer(String answer, String message) throws IOException {
    Refused refused = (Refused) answered(filled(answer));

    assertThat(refused.kind()).isEqualTo(RefusalKind.TRANSIENT);
    assertThat(refused.answered()).isFalse();
    assertThat(refused.carried()).isTrue();
    assertThat(refused.message()).contains(message);
  }

  /** An endless stream of each part of an answer is hung up on, long before the deadline. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "HTTP/1.1 200 OK|; X-Flood: 1|; headers",
        "HTTP/1.1 200 OK|X: ; yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; headers",
        "HTTP/1.1 200 OK|X: y|; ' folded folded folded folded|'; headers",
        "HTTP/1.1 200 ; OOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOO; headers",
        "''; |; headers",
        "''; HTTP/1.1 102 Processing||; not valid HTTP",
        "HTTP/1.1 200 OK||; {}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; larger than 65,536 bytes",
        "HTTP/1.1 200 OK|Content-Length: 9223372036854775807||; xxxxxxxxxxx; larger than",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||; 1|x|; larger than 65,536 bytes",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||5; ' ;extension=extension'; broke off",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|{}|0|; Trailer: x|; broke off"
      },
      quoteCharacter = '\'')
  void aFloodIsHungUpOn(String begin, String flood, String message) throws IOException {
    RawServer.Behaviour floods =
        connection -> {
          RawServer.readRequest(connection);
          RawServer.write(connection, filled(begin));
          flood(connection, filled(flood));
        };
    try (RawServer server = new RawServer(floods)) {
      long before = THREADS.getCurrentThreadAllocatedBytes();

      Refused refused = (Refused) redeem(server);

      assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_MEMORY);
      assertThat(refused.kind()).isEqualTo(RefusalKind.TRANSIENT);
      assertThat(refused.message()).contains(message).doesNotContain("given up");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsNotFollowed(int status) throws IOException {
    try (RawServer elsewhere = RawServer.saying(json(Endpoint.SUCCESS));
        RawServer server =
            RawServer.saying(
                "HTTP/1.1 "
                    + status
                    + " Elsewhere\r\nLocation: http://127.0.0.1:"
                    + elsewhere.port()
                    + "/token\r\nContent-Length: 0\r\n\r\n")) {
      assertThat(((Refused) redeem(server)).message()).contains("is a redirect (" + status);
      assertThat(elsewhere.connections()).isZero();
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  /** Whatever else a whole answer holds, the token in it is not lost. */
  @ParameterizedTest(name = "{index}: {0}")
  @MethodSource
  void aMemberOfAnySizeDoesNotSpoilTheToken(String kind, String value) throws IOException {
    assertThat(successor("{\"x\":" + value + ",\"refresh_token\":\"next\"}")).isEqualTo("next");
  }

  static Stream<Arguments> aMemberOfAnySizeDoesNotSpoilTheToken() {
    return Stream.of(
        Arguments.of("depth", "[".repeat(400) + "]".repeat(400)),
        Arguments.of("depth of objects", "{\"y\":".repeat(400) + "1" + "}".repeat(400)),
        Arguments.of("number", "1".repeat(60_000)),
        Arguments.of("fraction", "-0." + "1".repeat(60_000)),
        Arguments.of("exponent", "1e999999999"),
        Arguments.of("string", '"' + "s".repeat(60_000) + '"'),
        Arguments.of("array", "[" + "1,".repeat(30_000) + "1]"),
        Arguments.of("same names", "{" + "\"n\":1,".repeat(8000) + "\"n\":1}"));
  }

  @Test
  void aNameOfAnySizeDoesNotSpoilTheToken() throws IOException {
    String name = "n".repeat(60_000);

    assertThat(successor("{\"" + name + "\":1,\"refresh_token\":\"next\"}")).isEqualTo("next");
  }

  @Test
  void endlessDepthIsNoAnswer() throws IOException {
    String deep = "[".repeat(30_000) + "]".repeat(30_000);
    Refused refused = (Refused) answered(json("{\"x\":" + deep + ",\"refresh_token\":\"next\"}"));

    assertThat(refused.message()).contains("is not JSON");
  }

  @Test
  void ofATokenThatStandsOftenTheLastCounts() throws IOException {
    String often = "\"refresh_token\":\"x\",".repeat(3000);

    assertThat(successor("{" + often + "\"refresh_token\":\"next\"}")).isEqualTo("next");
  }

  /** 60,000 blanks before the end of a description once took minutes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "' ';60000",
        "\\u00a0;10000",
        "\\t;20000",
        "a@;30000",
        "a@a.;15000",
        "1;60000",
        "a;60000",
        "AADSTS7000820;4500",
        "issued on ;6000",
        "inactive for ;4000",
        "lifetime for this a is ;2500",
        "TokensValidFrom date (x) for this user is ;1400",
        "Grant issued time ;3000",
        "Current time is ;3500",
        "Trace ID: ;6000",
        "2026-01-01T00:00:00.;3000"
      })
  void aLongTextCostsLittle(String piece, int times) throws IOException {
    for (String code : new String[] {"700082", "50173", "700024"}) {
      String body =
          "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS"
              + (code + ": x" + piece.repeat(times) + "x\"}");
      try (RawServer server =
          RawServer.saying(json(body).replaceFirst("200 OK", "400 Bad Request"))) {
        long cpu = THREADS.getCurrentThreadCpuTime();
        long memory = THREADS.getCurrentThreadAllocatedBytes();

        Refused refused = (Refused) redeem(server);

        assertThat(refused.answered()).as(refused.message()).isTrue();
        assertThat(refused.message()).hasSizeLessThanOrEqualTo(Wording.LONGEST);
        assertThat(Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - cpu)).isLessThan(MOST_CPU);
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - memory).isLessThan(MOST_MEMORY);
      }
    }
  }

  private static void flood(Socket connection, String text) throws IOException {
    String much = text.repeat(1 + 8192 / text.length());
    while (true) {
      RawServer.write(connection, much); // until the client hangs up
    }
  }

  private static String filled(String pattern) {
    int length = Endpoint.SUCCESS.length();
    return pattern
        .replace("|", "\r\n")
        .replace("Length: N", "Length: " + length)
        .replace("SIZE", Integer.toHexString(length))
        .replace("BODY", Endpoint.SUCCESS);
  }

  private String successor(String body) throws IOException {
    Redemption redemption = answered(json(body));
    assertThat(redemption).isInstanceOf(Redeemed.class);
    return ((Redeemed) redemption).successor().reveal();
  }

  private static String json(String body) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + body;
  }

  private Redemption answered(String answer) throws IOException {
    try (RawServer server = RawServer.saying(answer)) {
      return redeem(server);
    }
  }

  private Redemption redeem(RawServer server) {
    return redeemer.redeem(Grants.named("a/b").endpoint(server.endpoint()).build(), Endpoint.TOKEN);
  }
}
