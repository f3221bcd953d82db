package io.refreshd.entra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.RefreshTokens;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.testing.MutableClock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A server's words stand in logs and on terminals: none of them may move a cursor or hide a text.
 */
class ForeignTextTest {

  private final MutableClock clock = new MutableClock();
  private final AnswerReader reader = new AnswerReader(clock);

  /** Controls, bidirectional marks, line and paragraph separators, halves of characters. */
  private static Stream<String> unprintable() {
    return IntStream.rangeClosed(0, 0xffff)
        .filter(c -> !isPrintable(c))
        .filter(c -> Character.getType(c) != Character.UNASSIGNED)
        .filter(c -> Character.getType(c) != Character.PRIVATE_USE)
        .filter(c -> Character.getType(c) != Character.SURROGATE || c % 64 == 0)
        .mapToObj(c -> String.format("\\u%04x", c));
  }

  @Test
  void anErrorsWordsArePrintable() {
    unprintable()
        .forEach(
            c -> {
              String word = "\"a" + c + "[31mb\"";
              Refused refused =
                  (Refused)
                      read(
                          400,
                          "{\"error\":" + word + ",\"suberror\":" + word,
                          ",\"correlation_id\":" + word + ",\"trace_id\":" + word,
                          ",\"error_description\":\"AADSTS700082: c" + c + "]0;d\"}");
              assertThatArePrintable(
                  c,
                  refused.message(),
                  refused.refusal().error(),
                  refused.refusal().suberror(),
                  refused.refusal().code(),
                  refused.exchange().correlationId(),
                  refused.exchange().traceId());
            });
  }

  @Test
  void whatAnAccessTokenTellsIsPrintable() {
    unprintable()
        .forEach(
            c -> {
              String word = "\"a" + c + "[31mb\"";
              String claims =
                  "{\"tid\":"
                      + word
                      + ",\"oid\":"
                      + word
                      + ",\"aud\":"
                      + word
                      + ",\"amr\":["
                      + word
                      + "]}";
              String payload =
                  Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(UTF_8));
              Redeemed redeemed =
                  (Redeemed)
                      read(
                          200,
                          "{\"refresh_token\":\"next\",\"access_token\":\"e30." + payload + ".x\"",
                          ",\"correlation_id\":" + word,
                          ",\"trace_id\":" + word + "}");
              assertThatArePrintable(
                  c,
                  redeemed.note(),
                  redeemed.identity().tenantId(),
                  redeemed.identity().subject(),
                  redeemed.exchange().correlationId(),
                  redeemed.exchange().traceId());
            });
  }

  @Test
  void whatHeadersSayIsPrintable() {
    String text = "a\u001b[31m\u0007\u009b\u202e\u2028b";
    Map<String, String> headers =
        Map.of("content-type", text, "location", "http://" + text + "/", "retry-after", text);
    for (int status : new int[] {200, 302, 429, 502}) {
      Redemption redemption =
          reader.read(new Exchanged.Answer(status, headers, body("<html>"), null), sent());
      assertThatArePrintable("headers", ((Refused) redemption).message());
    }
  }

  /** A message is cut; half a character would be stored as another than the log's hash is of. */
  @Test
  void noCharacterIsCutInHalf() {
    for (int i = 0; i < 4; i++) {
      String description = "AADSTS700082: " + "x".repeat(i) + "\ud83d\ude00".repeat(400);
      Refused refused =
          (Refused)
              read(
                  400,
                  "{\"error\":\"invalid_grant\",\"error_description\":\"" + description + "\"}");
      assertThat(refused.message()).isEqualTo(new String(refused.message().getBytes(UTF_8), UTF_8));
    }
  }

  private static void assertThatArePrintable(String what, @Nullable String... texts) {
    for (String text : texts) {
      if (text != null) {
        assertThat(text.codePoints().allMatch(ForeignTextTest::isPrintable))
            .as(what + " in " + text)
            .isTrue();
      }
    }
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  private Redemption read(int status, String... parts) {
    return reader.read(
        new Exchanged.Answer(status, Map.of(), body(String.join("", parts)), null), sent());
  }

  private static Body body(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return Body.of(bytes, bytes.length);
  }

  private Sent sent() {
    return new Sent(
        clock.instant(),
        Duration.ZERO,
        "sent",
        new Scrubber(List.of("secret")),
        RefreshTokens.REUSABLE);
  }
}
