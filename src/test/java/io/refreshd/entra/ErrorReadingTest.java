package io.refreshd.entra;

import static io.refreshd.rotation.RefusalKind.ACCOUNT;
import static io.refreshd.rotation.RefusalKind.CONFIGURATION;
import static io.refreshd.rotation.RefusalKind.DEAD;
import static io.refreshd.rotation.RefusalKind.THROTTLED;
import static io.refreshd.rotation.RefusalKind.TRANSIENT;
import static io.refreshd.rotation.RefusalKind.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.RefreshTokens;
import io.refreshd.rotation.Reach;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.testing.MutableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an error is taken for: by its number, its words, its status, its headers. No wire. */
class ErrorReadingTest {

  private static final Instant NOW = MutableClock.START;
  private static final String SECRET = "Qx8~secret.of-the_client";

  private final AnswerReader reader = new AnswerReader(new MutableClock());

  @ParameterizedTest
  @CsvSource({
    "basic_action, INTERACTION_REQUIRED",
    "token_expired, INTERACTION_REQUIRED",
    "user_password_expired, ACCOUNT",
    "bad_token, DEAD",
    "client_mismatch, CONFIGURATION",
    "brand_new, UNKNOWN"
  })
  void aNumberThatNobodyKnowsLeavesItToTheSuberror(String suberror, RefusalKind kind) {
    String body = "{\"error_codes\":[987654],\"suberror\":\"" + suberror + "\"}";

    assertThat(read(400, body).kind()).isEqualTo(kind);
  }

  @Test
  void theSuberrorCountsBeforeTheErrorAndTheErrorBeforeNothing() {
    String error = "{\"error_codes\":[987654],\"error\":\"invalid_scope\"";

    assertThat(read(400, error + ",\"suberror\":\"bad_token\"}").kind()).isEqualTo(DEAD);
    assertThat(read(400, error + ",\"suberror\":\"brand_new\"}").kind()).isEqualTo(CONFIGURATION);
    assertThat(read(400, error + "}").kind()).isEqualTo(CONFIGURATION);
    assertThat(read(400, "{\"error_codes\":[987654],\"error\":\"x\"}").kind()).isEqualTo(UNKNOWN);
  }

  /** A plain OAuth server has the words of RFC 6749 alone. */
  @Test
  void withoutANumberAnInvalidGrantIsDead() {
    assertThat(read(400, "{\"error\":\"invalid_grant\"}").kind()).isEqualTo(DEAD);
    assertThat(read(400, "{\"error\":\"invalid_grants\"}").kind()).isEqualTo(UNKNOWN);
    assertThat(read(400, "{\"error\":\"invalid_grant\",\"error_codes\":[987654]}").kind())
        .isEqualTo(UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({
    // status, code, kind
    "429, 700082, THROTTLED",
    "500, 700082, DEAD",
    "500, 987654, TRANSIENT",
    "499, 987654, UNKNOWN",
    "503, 987654, TRANSIENT",
    "200, 700082, DEAD"
  })
  void theNumberCountsBeforeTheStatusButForTooManyRequests(
      int status, String code, RefusalKind kind) {
    assertThat(read(status, "{\"error_codes\":[" + code + "]}").kind()).isEqualTo(kind);
  }

  /** Of a server that fails, a number that nobody knows is most likely that of its failure. */
  @ParameterizedTest
  @ValueSource(strings = {"invalid_grant", "invalid_client", "interaction_required", "new_words"})
  void aNumberThatNobodyKnowsIsNoVerdictWhereTheServerFails(String error) {
    String body = "{\"error\":\"" + error + "\",\"error_codes\":[987654]}";

    assertThat(read(500, body).kind()).isEqualTo(TRANSIENT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[70002,70008] | 70008",
        "[70008,70002] | 70008",
        "[50000,70000] | 70000",
        "[50057,987654] | 50057",
        "[987654,123456] | 123456",
        "[700082,50057] | 50057",
        "70008 | 70008",
        "\"70008\" | 70008",
        "[\"70008\"] | 70008",
        "[[1],{\"a\":2},null,true,70008] | 70008",
        "[999] | ",
        "[1000] | 1000",
        "[9999999999] | 9999999999",
        "[99999999999] | ",
        "[0700082] | ",
        "[7.5,1e5] | ",
        "[] | "
      })
  void theMostSpecificNumberDecides(String codes, String code) {
    Refused refused = read(400, "{\"error\":\"invalid_grant\",\"error_codes\":" + codes + "}");

    assertThat(refused.refusal().code()).isEqualTo(code);
  }

  @Test
  void sixteenNumbersAreLookedAt() {
    String many = "1001,".repeat(15);

    assertThat(code("{\"error_codes\":[" + many + "70008]}")).isEqualTo("70008");
    assertThat(code("{\"error_codes\":[1001," + many + "70008]}")).isEqualTo("1001");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AADSTS70008: expired | 70008",
        "x AADSTS70002: y AADSTS70008: z | 70008",
        "AADSTS70000: x | 70000",
        "AADSTS12345678901: x | ",
        "AADSTS999: x | ",
        "aadsts70008 | ",
        "AADB2C90080: expired | AADB2C90080",
        "AADB2C90080: x AADSTS70008: y | 70008",
        "nothing | "
      })
  void behindSomeProxiesTheNumberIsInTheTextAlone(String text, String code) {
    String description = "\"error\":\"e\",\"error_description\":\"" + text + "\"";

    assertThat(code("{" + description + "}")).isEqualTo(code == null ? "" : code);
    assertThat(code("{" + description + ",\"error_codes\":[50057]}")).isEqualTo("50057");
  }

  @ParameterizedTest
  @CsvSource({
    "CREDENTIAL, 7000222",
    "CREDENTIAL, 7000215",
    "APPLICATION, 700016",
    "APPLICATION, 90002",
    "GRANT, 9002313",
    "GRANT, 700082",
    "RATE, 90055",
    "GRANT, 50196"
  })
  void aNumberReachesAsFarAsWhatItSpeaksOf(Reach reach, String code) {
    assertThat(read(400, "{\"error_codes\":[" + code + "]}").reach()).isEqualTo(reach);
  }

  @ParameterizedTest
  @CsvSource({
    "invalid_client, CREDENTIAL, GRANT",
    "unauthorized_client, CREDENTIAL, GRANT",
    "invalid_scope, GRANT, GRANT",
    "slow_down, RATE, RATE"
  })
  void withoutANumberTheWordsTellTheReach(String error, Reach plain, Reach numbered) {
    String body = "{\"error\":\"" + error + "\"";

    assertThat(read(400, body + "}").reach()).isEqualTo(plain);
    assertThat(read(400, body + ",\"error_codes\":[987654]}").reach()).isEqualTo(numbered);
  }

  /** The token did not reach the server, or its answer did not reach us: nobody knows which. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"timestamp\":\"2026-03-01T12:00:00Z\",\"path\":\"/token\",\"status\":504,"
            + "\"error\":\"Gateway Timeout\",\"message\":\"Response took longer than timeout\"}",
        "{\"error\":\"Service Unavailable\"}",
        "{\"error\":\"upstream_reset\",\"suberror\":\"token_expired\"}",
        "{\"error\":504}"
      })
  void theErrorOfAGatewayBeforeTheServerIsNoAnswerOfIt(String body) {
    Refused refused = read(504, body, Map.of("retry-after", "7"));

    assertThat(refused.answered()).isFalse();
    assertThat(refused.carried()).isTrue();
    assertThat(refused.kind()).isEqualTo(TRANSIENT);
    assertThat(refused.refusal().error()).isNull();
    assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void theMessageQuotesTheErrorOfAGateway() {
    assertThat(read(504, "{\"error\":\"Gateway Timeout\"}").message())
        .isEqualTo(
            "the answer (504, 27 characters) is JSON, but its error is none of OAuth: a gateway's?"
                + " it says \"Gateway Timeout\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":\"temporarily_unavailable\"}",
        "{\"error\":\"server_error\"}",
        "{\"error\":\"invalid_grant\"}",
        "{\"error\":\"Service Unavailable\",\"error_codes\":[90033]}",
        "{\"error\":\"x\",\"error_description\":\"AADSTS987654: x\"}",
        "{\"error\":\"x\",\"error_description\":\"AADB2C90244: x\"}"
      })
  void anErrorOfTheServerItselfIsAnAnswerWhateverItsStatus(String body) {
    assertThat(read(503, body).answered()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"408, Request Timeout", "404, Not Found", "429, Too Many Requests"})
  void whatIsTurnedAwayBeforeTheServerSpendsNothing(int status, String error) {
    assertThat(read(status, "{\"error\":\"" + error + "\"}").answered()).isTrue();
  }

  /** Atlassian says so of one token: the client's other grants are well. */
  @ParameterizedTest
  @ValueSource(
      strings = {"refresh_token is invalid", "Unknown or invalid refresh token.", "RefreshToken?"})
  void anUnauthorizedClientWhoseTokenIsInvalidStopsNoOtherGrantOfTheClient(String description) {
    Refused refused = read(403, unauthorized(description));

    assertThat(refused.kind()).isEqualTo(RefusalKind.DEAD);
    assertThat(refused.reach()).isEqualTo(Reach.GRANT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The client may not use a refresh token",
        "wrong secret for this refresh_token",
        "Grant type refresh_token is not allowed",
        "refresh_token is not allowed for this application",
        "AADSTS700016: refresh token",
        "no",
      })
  void anUnauthorizedClientThatMayBeTheClientsFaultIsNotTakenForADeadToken(String description) {
    assertThat(read(403, unauthorized(description)).kind()).isEqualTo(CONFIGURATION);
  }

  private static String unauthorized(String description) {
    return "{\"error\":\"unauthorized_client\",\"error_description\":\"" + description + "\"}";
  }

  /** Of a wrong, a missing and a rotated secret alike. */
  @Test
  void aSecretThatKeycloakRefusesIsNotTheFaultOfTheApplication() {
    String body =
        "{\"error\":\"unauthorized_client\","
            + "\"error_description\":\"Invalid client or Invalid client credentials\"}";

    assertThat(read(401, body).reach()).isEqualTo(Reach.CREDENTIAL);
    assertThat(read(401, body).kind()).isEqualTo(CONFIGURATION);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Retry-After | Date | seconds
        "120 | | 120",
        " 7  | | 7",
        "0 | | ",
        "-5 | | ",
        "1.5 | | ",
        "999999999 | | 999999999",
        "1234567890 | | ",
        "soon | | ",
        "Sun, 01 Mar 2026 12:02:00 GMT | | 120",
        "Sun, 01 Mar 2026 12:02:00 GMT | Sun, 01 Mar 2026 12:01:00 GMT | 60",
        "Sun, 01 Mar 2026 12:02:00 GMT | nonsense | 120",
        "Sun, 01 Mar 2026 12:00:00 GMT | | ",
        "Sun, 01 Mar 2026 11:59:59 GMT | | ",
        "Sunday, 01-Mar-26 12:02:00 GMT | | 120",
        "Sun Mar  1 12:02:00 2026 | | 120",
        "Mon, 01 Mar 2026 14:02:00 +0200 | | 120",
        "Sun, 31 Feb 2026 12:02:00 GMT | | ",
        "Sunday, 01-Mar-77 12:02:00 GMT | | "
      })
  void aServerMayAskForPatienceInSecondsOrByADate(String after, String date, Long seconds) {
    Map<String, String> headers =
        date == null ? Map.of("retry-after", after) : Map.of("retry-after", after, "date", date);

    Refused refused = read(503, "{\"error\":\"server_error\"}", headers);

    assertThat(refused.retryAfter())
        .isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
  }

  @Test
  void aYearOfTwoDigitsLiesAtMostFiftyYearsAhead() {
    assertThat(HttpDate.parse("Sunday, 01-Mar-76 12:00:00 GMT", NOW))
        .isEqualTo("2076-03-01T12:00:00Z");
    assertThat(HttpDate.parse("Sunday, 01-Mar-77 12:00:00 GMT", NOW))
        .isEqualTo("1977-03-01T12:00:00Z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AADSTS50057: Disabled. | Disabled.",
        "AADSTS50057: Disabled.\\r\\nTrace ID: 1 | Disabled.",
        "AADSTS50057: Disabled.\\nSecond line | Disabled.",
        "AADSTS50057: Disabled. Trace ID: 1 Correlation ID: 2 | Disabled.",
        "AADSTS50057: Disabled.\\u00a0Correlation ID: 2 | Disabled.",
        "\\r\\n Disabled.\\r\\n | Disabled.",
        "AADSTS50057: person@example.com is disabled | …@example.com is disabled"
      })
  void theServersFirstLineIsQuoted(String description, String quote) {
    String body = "{\"error_codes\":[50057],\"error_description\":\"" + description + "\"}";

    assertThat(read(400, body).message())
        .isEqualTo("AADSTS50057 (user account disabled): \"" + quote + "\"");
  }

  @Test
  void aMessageSaysTooManyRequestsAndWhatTheWordsWere() {
    assertThat(read(429, "{\"error\":\"slow_down\"}").message())
        .isEqualTo("too many requests (429), slow_down");
    assertThat(read(400, "{\"error\":\"e\",\"suberror\":\"s\"}").message()).isEqualTo("e, s");
    assertThat(read(429, "<html>").message()).isEqualTo("too many requests (429), no error code");
    assertThat(read(400, "{\"error_codes\":[987654]}").message())
        .isEqualTo("AADSTS987654 (a number we do not know, no error code)");
  }

  /** However long it is, there is room for our cause and a part of the server's words. */
  @Test
  void aLongTextIsCut() {
    String body = "{\"error\":\"e\",\"error_description\":\"" + "word ".repeat(500) + "\"}";

    assertThat(read(400, body).message())
        .hasSize(300)
        .startsWith("e: \"word word")
        .endsWith("word…\"");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307})
  void aRedirectSaysWhereTo(int status) {
    Map<String, String> headers = Map.of("location", "https://login.example.org/x?y=z");

    assertThat(read(status, "{\"error\":\"e\"}", headers).message())
        .isEqualTo(
            "the answer is a redirect ("
                + status
                + " to login.example.org): a proxy or a sign-in page?");
    assertThat(read(status, "", Map.of("location", "no url")).message())
        .isEqualTo("the answer is a redirect (" + status + "): a proxy or a sign-in page?");
    assertThat(read(status, "").kind()).isEqualTo(TRANSIENT);
  }

  @Test
  void whatIsNoErrorOfATokenEndpointIsNotTakenForOne() {
    Refused page = read(403, "<html>", Map.of("content-type", "text/html; charset=x"));
    Refused other = read(404, "{\"message\":\"no\"}");
    Refused none = read(200, "{\"access_token\":\"a\"}");

    assertThat(page.message())
        .isEqualTo(
            "the answer is not JSON (403, text/html, 6 characters): a proxy or a sign-in page?");
    assertThat(page.answered()).isFalse();
    assertThat(other.message())
        .isEqualTo(
            "the answer (404, 16 characters) is JSON, but not a token endpoint's: is the URL"
                + " right?");
    assertThat(none.kind()).isEqualTo(CONFIGURATION);
    assertThat(none.answered()).isTrue();
    assertThat(none.message()).contains("offline_access");
    assertThat(read(200, "[]").kind()).isEqualTo(TRANSIENT);
  }

  @Test
  void whatWeSentIsNotRepeatedNorWhatLooksLikeASecret() {
    String jwt = "eyJ0eXAiOiJKV1Qi.eyJhdWQiOiJodHRwczovL2FwaQ.c2lnbmF0dXJlc2lnbmF0dXJl";
    assertThat(quote("you sent " + SECRET + " twice " + SECRET))
        .isEqualTo("you sent […] twice […]");
    assertThat(quote("assertion " + jwt + " is bad")).isEqualTo("assertion […] is bad");
    assertThat(quote("key " + "0".repeat(40))).isEqualTo("key […]");
    assertThat(quote("key " + "0".repeat(39))).isEqualTo("key " + "0".repeat(39));
    assertThat(quote("see login.microsoftonline.com/common/oauth2/authorize"))
        .isEqualTo("see login.microsoftonline.com/common/oauth2/authorize");
    assertThat(quote("app 66666666-7777-8888-9999-000000000000"))
        .isEqualTo("app 66666666-7777-8888-9999-000000000000");
  }

  /** A long run of all three sorts of characters is a secret; a path or a host has but one. */
  @ParameterizedTest
  @ValueSource(strings = {"aA0.", "zZ9.", "aZ9/", "zA0."})
  void aLongRunOfMixedCharactersIsASecret(String part) {
    String run = part.repeat(10);

    assertThat(quote("see " + run)).isEqualTo("see […]");
    assertThat(quote("see " + run.substring(1))).isEqualTo("see " + run.substring(1));
    for (int i = 0; i < 3; i++) {
      String other = run.replace(part.charAt(i), '-');
      assertThat(quote("see " + other)).isEqualTo("see " + other);
    }
  }

  @Test
  void anAnswerThatIsNotWholeSaysWhy() {
    Exchanged torn = new Exchanged.Answer(200, Map.of(), Body.NONE, "broke off before its end");

    assertThat(read(torn).message()).isEqualTo("the answer (200) broke off before its end");
    assertThat(read(torn).kind()).isEqualTo(TRANSIENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a`", "a{", "a@", "a[", "a/", "a:", "a b", "\u00e4"})
  void aWordHasLettersAndDigitsAlone(String word) {
    assertThat(read(400, "{\"error\":\"" + word + "\"}").refusal().error()).isNull();
  }

  @Test
  void aWordThatIsNoneIsLeftOut() {
    Refused refused = read(400, "{\"error\":\"two words\",\"suberror\":\"" + SECRET + "\"}");

    assertThat(refused.refusal().error()).isNull();
    assertThat(refused.refusal().suberror()).isNull();
    assertThat(read(400, "{\"error\":\"" + "e.".repeat(32) + "\"}").refusal().error()).hasSize(64);
    assertThat(read(400, "{\"error\":\"" + "e.".repeat(32) + "e\"}").refusal().error()).isNull();
    assertThat(read(400, "{\"error\":\"" + "e".repeat(39) + "\"}").refusal().error()).hasSize(39);
    assertThat(read(400, "{\"error\":\"Az_09-.\"}").refusal().error()).isEqualTo("Az_09-.");
  }

  @Test
  void kindsThatNoNumberSpeaksOfAreNotGuessed() {
    assertThat(read(400, "{\"error_codes\":[50057]}").kind()).isEqualTo(ACCOUNT);
    assertThat(read(400, "{\"error_codes\":[90055]}").kind()).isEqualTo(THROTTLED);
  }

  private String quote(String text) {
    String body = "{\"error\":\"e\",\"error_description\":\"" + text + "\"}";
    String message = read(400, body).message();
    return message.substring("e: \"".length(), message.length() - 1);
  }

  private String code(String body) {
    return String.valueOf(read(400, body).refusal().code()).replace("null", "");
  }

  private Refused read(int status, String body) {
    return read(status, body, Map.of());
  }

  private Refused read(int status, String body, Map<String, String> headers) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return read(new Exchanged.Answer(status, headers, Body.of(bytes, bytes.length), null));
  }

  private Refused read(Exchanged answer) {
    Sent sent =
        new Sent(NOW, Duration.ZERO, "sent", new Scrubber(List.of(SECRET)), RefreshTokens.REUSABLE);
    Redemption redemption = reader.read(answer, sent);
    assertThat(redemption).isInstanceOf(Refused.class);
    return (Refused) redemption;
  }
}
