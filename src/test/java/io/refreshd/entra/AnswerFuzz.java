package io.refreshd.entra;

import io.refreshd.fuzz.Require;
import io.refreshd.grant.RefreshTokens;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.testing.MutableClock;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes an answer as a text: the status, headers, an empty line, the body. A successor is planted
 * into each body that is an object, at its beginning and at its end.
 */
public final class AnswerFuzz {

  private static final String PLANTED = "planted-successor";
  private static final String MEMBER = "\"refresh_token\":\"" + PLANTED + "\"";
  private static final Clock CLOCK = new MutableClock();
  private static final AnswerReader READER = new AnswerReader(CLOCK);
  private static final Scrubber SCRUBBER = new Scrubber(List.of(Outcomes.TOKEN, Outcomes.SECRET));
  private static final JsonMapper STRICT = JsonMapper.shared();

  private AnswerFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String[] parts = new String(input, StandardCharsets.UTF_8).split("\n\n", 2);
    List<String> head = parts[0].lines().toList();
    int status = head.isEmpty() ? 200 : status(head.get(0));
    Map<String, String> headers = headers(head);
    String body = parts.length > 1 ? parts[1] : "";

    Outcomes.check(read(answer(status, headers, body)));
    Outcomes.check(read(new Exchanged.Answer(status, headers, Body.NONE, body)));
    Outcomes.check(read(new Exchanged.NoAnswer("no answer: " + body, status % 2 == 0)));
    plantAtTheBeginning(body, headers);
    plantAtTheEnd(body, headers);
  }

  /** Whatever follows a token that was read, it was read. */
  private static void plantAtTheBeginning(String body, Map<String, String> headers) {
    int brace = body.indexOf('{');
    if (brace < 0 || !body.substring(0, brace).isBlank()) {
      return;
    }
    String separator = body.substring(brace + 1).strip().startsWith("}") ? "" : ",";
    String planted = "{" + MEMBER + separator + body.substring(brace + 1);
    Require.that(
        read(answer(200, headers, planted)) instanceof Redeemed,
        "a successor is lost to what follows it");
  }

  /** Whatever came before it, as long as it is JSON. */
  private static void plantAtTheEnd(String body, Map<String, String> headers) {
    if (isObject(body)) {
      int end = body.lastIndexOf('}');
      boolean empty = body.substring(0, end).strip().equals("{");
      String planted = body.substring(0, end) + (empty ? "" : ",") + MEMBER + "}";
      Redemption redemption = read(answer(200, headers, planted));
      Require.that(
          redemption instanceof Redeemed redeemed && redeemed.successor().reveal().equals(PLANTED),
          "a successor is lost to what stands before it");
    }
  }

  private static boolean isObject(String body) {
    try {
      JsonNode root = STRICT.readTree(body);
      return root instanceof ObjectNode;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static Exchanged answer(int status, Map<String, String> headers, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return new Exchanged.Answer(status, headers, Body.of(bytes, bytes.length), null);
  }

  private static Redemption read(Exchanged exchanged) {
    return READER.read(
        exchanged,
        new Sent(CLOCK.instant(), Duration.ZERO, "sent", SCRUBBER, RefreshTokens.SINGLE_USE));
  }

  private static int status(String line) {
    return line.matches("[1-5][0-9]{2}") ? Integer.parseInt(line) : 200;
  }

  private static Map<String, String> headers(List<String> head) {
    Map<String, String> headers = new HashMap<>();
    for (String line : head) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    return headers;
  }
}
