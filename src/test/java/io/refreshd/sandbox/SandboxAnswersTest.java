package io.refreshd.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SandboxAnswersTest extends SandboxFixture {

  @Test
  void v2AnswersWithNumbersAndASuccessor() throws Exception {
    JsonNode answer = v2(token).with("client_info", "1").json();

    assertThat(answer.propertyNames())
        .containsExactly(
            "token_type",
            "scope",
            "expires_in",
            "ext_expires_in",
            "client_info",
            "access_token",
            "refresh_token",
            "id_token");
    assertThat(answer.get("expires_in").isInt()).isTrue();
    assertThat(answer.get("refresh_token").stringValue())
        .isEqualTo(chain().newest())
        .isNotEqualTo(token)
        .matches("1\\.A[A-Za-z0-9_-]{1100,1300}");
  }

  @Test
  void v1AnswersWithNumbersAsTexts() throws Exception {
    JsonNode answer = v1(token).with("scope", "openid").json();

    assertThat(answer.get("expires_in").stringValue()).isEqualTo("3599");
    assertThat(answer.get("expires_on").stringValue())
        .isEqualTo(String.valueOf(START.getEpochSecond() + 3599));
    assertThat(answer.get("not_before").stringValue())
        .isEqualTo(String.valueOf(START.getEpochSecond()));
    assertThat(answer.get("resource").stringValue()).isEqualTo(RESOURCE);
    assertThat(answer.get("refresh_token").stringValue()).isEqualTo(chain().newest());
    assertThat(answer.get("id_token").stringValue()).endsWith(".");
  }

  @Test
  void theAccessTokenTellsWhoseItIs() throws Exception {
    JsonNode claims = TokenCall.claims(v2(token).json().get("access_token"));

    assertThat(claims.get("tid").stringValue()).isEqualTo(TENANT);
    assertThat(claims.get("azp").stringValue()).isEqualTo(CLIENT);
    assertThat(claims.get("aud").stringValue()).isEqualTo(RESOURCE);
    assertThat(claims.get("scp").stringValue()).isEqualTo("user_impersonation");
    assertThat(claims.get("amr").toString()).isEqualTo("[\"pwd\",\"mfa\"]");
    assertThat(claims.get("exp").longValue()).isEqualTo(START.getEpochSecond() + 3600);
    assertThat(claims.get("oid").stringValue()).isNotEqualTo(claims.get("sub").stringValue());
  }

  @Test
  void theSameUserIsTheSameInEveryToken() throws Exception {
    String first = oid(token);
    String again = oid(sandbox.issueRefreshToken(TENANT, CLIENT, USER));
    String other = oid(sandbox.issueRefreshToken(TENANT, CLIENT, "somebody else"));

    assertThat(again).isEqualTo(first).isNotEqualTo(other);
  }

  @Test
  void v2WithoutOfflineAccessGivesNoSuccessor() throws Exception {
    JsonNode answer = v2(token).with("scope", SCOPE).json();

    assertThat(answer.has("access_token")).isTrue();
    assertThat(answer.has("refresh_token")).isFalse();
    assertThat(chain().redemptions()).isZero();
  }

  @Test
  void anOldTokenLivesToItsOwnEnd() throws Exception {
    clock.advance(Duration.ofDays(80));
    String second = v2(token).refreshToken();
    v2(second).refreshToken();

    assertThat(v2(token).send().statusCode()).isEqualTo(200);
    clock.advance(Duration.ofDays(10));
    assertThat(v2(token).send().statusCode()).isEqualTo(400);
    assertThat(v2(second).send().statusCode()).isEqualTo(200);
  }

  @Test
  void aSecretInTheHeaderIsAsGood() throws Exception {
    TokenCall call = v2(token).without("client_id").without("client_secret").basic(CLIENT, SECRET);

    assertThat(call.send().statusCode()).isEqualTo(200);
  }

  @Test
  void theClientsRequestIdComesBack() throws Exception {
    HttpResponse<String> answer =
        v2("nonsense")
            .header("client-request-id", "my-own-id")
            .header("return-client-request-id", "true")
            .send();
    JsonNode error = TokenCall.parse(answer.body());

    assertThat(answer.headers().firstValue("client-request-id")).hasValue("my-own-id");
    assertThat(error.get("correlation_id").stringValue()).isEqualTo("my-own-id");
    assertThat(answer.headers().firstValue("x-ms-request-id"))
        .hasValue(error.get("trace_id").stringValue());
  }

  @Test
  void answersAreNotToBeCached() throws Exception {
    assertThat(v2(token).send().headers().firstValue("Cache-Control"))
        .hasValueSatisfying(value -> assertThat(value).contains("no-store"));
  }

  @Test
  void itListensOnTheLoopbackAddress() {
    assertThat(sandbox.authority().getHost()).isEqualTo("127.0.0.1");
    assertThat(sandbox.authority().getPort()).isPositive();
  }

  private String oid(String refreshToken) throws Exception {
    JsonNode claims = TokenCall.claims(v2(refreshToken).json().get("access_token"));
    return claims.get("oid").stringValue();
  }
}
