package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.RefusalKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Error answers: what they mean, and what is told of them. */
class RefusalTest extends RedeemerTest {

  private static final String TAIL =
      "\\r\\nTrace ID: 0a1b2c3d-0000-1111-2222-333344445555\\r\\nCorrelation ID: c\\r\\n"
          + "Timestamp: 2019-04-25 16:38:07Z";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[70002,70008] | 70008 | DEAD",
        "[70008,70002] | 70008 | DEAD",
        "[70002,500133] | 500133 | CONFIGURATION",
        "[70002] | 70002 | CONFIGURATION",
        "[50000,50196] | 50196 | THROTTLED",
        "[70000,700082] | 700082 | DEAD",
        "[70002,999999] | 999999 | UNKNOWN",
        "[999999,50076] | 50076 | INTERACTION_REQUIRED",
        "[\"700082\"] | 700082 | DEAD",
        "700082 | 700082 | DEAD",
        "\"700082\" | 700082 | DEAD",
        "[null,{\"a\":[1]},true,1.5,50057] | 50057 | ACCOUNT",
        "[987654] | 987654 | UNKNOWN",
      })
  void ofSeveralNumbersTheMostSpecificDecides(String codes, String code, RefusalKind kind) {
    Refused refused = refusal(400, "{\"error\":\"invalid_grant\",\"error_codes\":" + codes + "}");

    assertThat(refused.refusal().code()).isEqualTo(code);
    assertThat(refused.kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AADSTS700082: The refresh token has expired. | 700082 | DEAD",
        "AADSTS70002: Error validating credentials. AADSTS70008: It has expired. | 70008 | DEAD",
        "(AADSTS50196) a loop | 50196 | THROTTLED",
        "AADSTS123: too short for a number | | DEAD",
        "AADB2C90080: The provided grant has expired. | AADB2C90080 | DEAD",
        "AADB2C90229: Too many. | AADB2C90229 | THROTTLED",
        "AADB2C99999: Who knows. | AADB2C99999 | UNKNOWN",
        "AADB2C90080: x AADSTS50057: Disabled. | 50057 | ACCOUNT",
        "AADB2C90: too short for a number | | DEAD",
        "nothing | | DEAD",
      })
  void withoutErrorCodesTheDescriptionIsRead(String text, String code, RefusalKind kind) {
    Refused refused =
        refusal(400, "{\"error\":\"invalid_grant\",\"error_description\":\"" + text + "\"}");

    assertThat(refused.refusal().code()).isEqualTo(code);
    assertThat(refused.kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid_grant, bad_token, DEAD",
    "400, invalid_grant, client_mismatch, CONFIGURATION",
    "400, invalid_grant, consent_required, INTERACTION_REQUIRED",
    "400, invalid_grant, basic_action, INTERACTION_REQUIRED",
    "400, invalid_grant, user_password_expired, ACCOUNT",
    "400, invalid_grant, something_new, DEAD",
    "400, interaction_required, , INTERACTION_REQUIRED",
    "400, invalid_grant, , DEAD",
    "401, invalid_client, , CONFIGURATION",
    "400, unauthorized_client, , CONFIGURATION",
    "400, slow_down, , THROTTLED",
    "400, temporarily_unavailable, , TRANSIENT",
    "400, what_is_this, , UNKNOWN",
    "503, server_error, , TRANSIENT",
    "500, invalid_grant, , DEAD",
    "500, invalid_grant, bad_token, DEAD",
    "500, invalid_grant, consent_required, INTERACTION_REQUIRED",
    "503, interaction_required, , INTERACTION_REQUIRED",
    "500, invalid_client, , CONFIGURATION",
    "503, temporarily_unavailable, , TRANSIENT",
    "429, invalid_grant, , THROTTLED",
  })
  void withoutANumberTheWordsDecide(int status, String error, String suberror, RefusalKind kind) {
    String body =
        suberror == null
            ? "{\"error\":\"" + error + "\"}"
            : "{\"error\":\"" + error + "\",\"suberror\":\"" + suberror + "\"}";

    Refused refused = refusal(status, body);

    assertThat(refused.kind()).isEqualTo(kind);
    assertThat(refused.answered()).isTrue();
    assertThat(refused.refusal().suberror()).isEqualTo(suberror);
  }

  @ParameterizedTest
  @CsvSource({
    "invalid_grant, UNKNOWN",
    "interaction_required, INTERACTION_REQUIRED",
    "invalid_client, CONFIGURATION",
    "server_error, TRANSIENT",
    "brand_new, UNKNOWN"
  })
  void anUnknownNumberLeavesItToWordsThatDecideByThemselves(String error, RefusalKind kind) {
    Refused refused = refusal(400, "{\"error\":\"" + error + "\",\"error_codes\":[987654]}");

    assertThat(refused.kind()).isEqualTo(kind);
    assertThat(refused.message()).startsWith("AADSTS987654 (a number we do not know, " + error);
  }

  @Test
  void tooManyRequestsMayBePlainText() {
    Endpoint.answers(
        Endpoint.json(429, "Too Many Requests")
            .withHeader("Content-Type", "text/plain")
            .withHeader("Retry-After", "60"));

    Refused refused = refused(redeem());

    assertThat(refused.kind()).isEqualTo(RefusalKind.THROTTLED);
    assertThat(refused.answered()).isTrue();
    assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(60));
    assertThat(refused.message()).startsWith("too many requests (429)");
  }

  @Test
  void theMessageGivesOurCauseAndTheServersFirstLine() {
    Refused refused =
        refusal(
            400,
            "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS700082: The refresh token"
                + " has expired due to inactivity.\\u00a0The token was issued on"
                + " 2019-01-02T09:19:53.5422744Z and was inactive for 90.00:00:00."
                + TAIL
                + "\",\"error_codes\":[700082]}");

    assertThat(refused.message())
        .isEqualTo(
            "AADSTS700082 (90-day window of this refresh token elapsed): \"The refresh token has"
                + " expired due to inactivity. The token was issued on 2019-01-02T09:19:53.5422744Z"
                + " and was inactive for 90.00:00:00.\"");
  }

  @Test
  void newerAnswersPutTheTailOnTheSameLine() {
    Refused refused =
        refusal(
            400,
            "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS50057: Disabled. Trace ID:"
                + " 1 Correlation ID: 2 Timestamp: 3\",\"error_codes\":[50057]}");

    assertThat(refused.message()).endsWith(": \"Disabled.\"");
  }

  @Test
  void theIdsForMicrosoftsSupportAreKept() {
    String ids = "\"trace_id\":\"trace-1\",\"correlation_id\":\"correlation-1\"";
    Refused ofBody = refusal(400, "{\"error\":\"invalid_grant\"," + ids + "}");
    assertThat(ofBody.exchange().traceId()).isEqualTo("trace-1");
    assertThat(ofBody.exchange().correlationId()).isEqualTo("correlation-1");

    Endpoint.answers(
        Endpoint.json(400, "{\"error\":\"invalid_grant\"}")
            .withHeader("x-ms-request-id", "trace-2")
            .withHeader("client-request-id", "correlation-2"));
    Refused ofHeaders = refused(redeem());
    assertThat(ofHeaders.exchange().traceId()).isEqualTo("trace-2");
    assertThat(ofHeaders.exchange().correlationId()).isEqualTo("correlation-2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "the token %s is bad",
        "bad:%s",
        "\\\"%s\\\"",
        "client-secret is wrong",
        "user jane.doe@contoso.com",
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9",
        "hash 0123456789abcdef0123456789abcdef0123456789abcdef",
        "secret client%%2Dsecret client-secret"
      })
  void noSecretIsRepeated(String text) {
    String description = text.formatted(Endpoint.TOKEN.reveal());
    Refused refused =
        refusal(400, "{\"error\":\"x\",\"error_description\":\"" + description + "\"}");

    assertThat(refused.message())
        .doesNotContain(Endpoint.TOKEN.reveal())
        .doesNotContain("client-secret", "jane", "eyJ", "0123456789abcdef")
        .containsAnyOf("[…]", "…@contoso.com");
  }

  @Test
  void addressesAndIdsOfServersAreNoSecrets() {
    String text =
        "see https://api.partnercenter.microsoft.com/user_impersonation for"
            + " app '66666666-7777-8888-9999-000000000000'";

    assertThat(refusal(400, "{\"error\":\"x\",\"error_description\":\"" + text + "\"}").message())
        .isEqualTo("x: \"" + text + "\"");
  }

  @Test
  void aServersTextIsOneBoundedLine() {
    Refused refused =
        refusal(
            400,
            "{\"error\":\"a b\\u0000c\",\"suberror\":\""
                + "s".repeat(500)
                + "\","
                + "\"error_description\":\"a\\tb\\u202e\\u001b[31m\\u2028c "
                + "word ".repeat(9_000)
                + "\",\"error_codes\":[50057]}");

    assertThat(refused.message())
        .hasSizeLessThanOrEqualTo(300)
        .contains("\"a b [31m c word")
        .endsWith("…\"")
        .matches("[^\\p{Cntrl}]*");
    assertThat(refused.refusal().error()).isNull();
    assertThat(refused.refusal().suberror()).isNull();
  }

  @Test
  void aServerCannotPutTheTokenIntoItsCodeWords() {
    String token = Endpoint.SUCCESSOR;
    Endpoint.answers(
        400,
        "{\"error\":\""
            + token
            + "\",\"suberror\":\"x."
            + token
            + "\",\"trace_id\":\""
            + token
            + "\",\"correlation_id\":\""
            + token
            + "\"}");

    Refused refused =
        refused(redeemer.redeem(at(Endpoint.v1()), io.refreshd.grant.RefreshToken.of(token)));

    assertThat(refused.toString()).doesNotContain(token);
  }
}
