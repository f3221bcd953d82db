package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.Grant;
import io.refreshd.grant.Identity;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.testing.Grants;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that hold a new refresh token, in all their shapes, and those that do not. */
class SuccessTest extends RedeemerTest {

  private static final RefreshToken NEXT = RefreshToken.of("next");

  @Test
  void v2() {
    Redeemed redeemed = success(200, Endpoint.SUCCESS);

    assertThat(redeemed.successor()).isEqualTo(RefreshToken.of(Endpoint.SUCCESSOR));
    assertThat(redeemed.lifetime()).isNull();
    assertThat(redeemed.identity()).isEqualTo(Identity.UNKNOWN);
    assertThat(redeemed.note()).isNull();
    assertThat(redeemed.exchange().sentAt()).isEqualTo(clock.instant());
    assertThat(redeemed.exchange().httpStatus()).isEqualTo(200);
    assertThat(redeemed.exchange().correlationId())
        .isEqualTo(Endpoint.request().getHeader("client-request-id"));
  }

  @Test
  void v1SendsNumbersAsStrings() {
    String body =
        """
        {"token_type":"Bearer","scope":"user_impersonation","expires_in":"3599",
         "ext_expires_in":"3599","expires_on":"1547579127","not_before":"1547575227",
         "resource":"https://api.partnercenter.microsoft.com","access_token":"a",
         "refresh_token":"next","id_token":"i"}\
        """;

    assertThat(success(200, body).successor()).isEqualTo(NEXT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\uFEFF{\"refresh_token\":\"next\"}",
        " \r\n {\"refresh_token\" : \"next\" } trailing words",
        "{\"refresh_token\":7,\"refresh_token\":\"next\"}",
        "{\"refresh_token\":\"next\",\"refresh_token\":null}",
        "{\"refresh_token\":\"first\",\"refresh_token\":\"next\"}",
        "{\"access_token\":{\"a\":[[],[[]]]},\"x\":[1,[2]],\"refresh_token\":\"next\"}",
        "{\"expires_in\":99999999999999999999,\"x\":1e400,\"refresh_token\":\"next\"}",
        "{\"refresh_token\":\"n\\u0065xt\",\"error\":null,\"error_codes\":[]}",
        "{\"access_token\":\"a.b.c\",\"refresh_token\":\"next\"}",
        "{\"refresh_token\":\"next\",\"refresh_token\":\"no\\ttoken\"}",
      })
  void unusualShapesLoseNothing(String body) {
    assertThat(success(200, body).successor()).isEqualTo(NEXT);
  }

  @Test
  void depthAndLengthOfOtherMembersLoseNothing() {
    for (String other :
        List.of(
            "\"x\":" + "[".repeat(400) + "]".repeat(400),
            "\"x\":" + "9".repeat(5_000),
            "\"" + "n".repeat(5_000) + "\":1",
            "\"x\":\"" + "v".repeat(50_000) + "\"")) {
      String body = "{" + other + ",\"refresh_token\":\"next\"}";

      assertThat(success(200, body).successor()).isEqualTo(NEXT);
    }
  }

  static Stream<String> brokenBehindTheToken() {
    return Stream.of(
        "{\"refresh_token\":\"next\"",
        "{\"refresh_token\":\"next\",}",
        "{\"refresh_token\":\"next\" \"x\":1}",
        "{\"refresh_token\":\"next\",\"id_token\":\"e30.e3",
        "{\"refresh_token\":\"next\",\"x\":\"\\q\"}",
        "{\"refresh_token\":\"next\",\"x\":" + "[".repeat(30_000));
  }

  /** The token that was presented is spent: what has been read of its successor is all there is. */
  @ParameterizedTest
  @MethodSource("brokenBehindTheToken")
  void halfAnAnswerOfASingleUseServerLosesNothing(String body) {
    Endpoint.answers(200, body);

    assertThat(redeemed(redeemer.redeem(singleUse(), Endpoint.TOKEN)).successor()).isEqualTo(NEXT);
  }

  /** The token that was presented lives on, and brings a whole answer at the next attempt. */
  @ParameterizedTest
  @MethodSource("brokenBehindTheToken")
  void halfAnAnswerOfAReusableServerIsNotBelieved(String body) {
    Refused refused = refusal(200, body);

    assertThat(refused.answered()).isFalse();
    assertThat(refused.kind()).isEqualTo(RefusalKind.TRANSIENT);
  }

  private static Grant singleUse() {
    return Grants.named("germany/live")
        .endpoint(Endpoint.v2("https://api.test/x"))
        .singleUse()
        .build();
  }

  @Test
  void whatWasPresentedIsNotRepeatedFromTheAccessToken() {
    String payload = "{\"aud\":\"" + Endpoint.TOKEN.reveal() + "\",\"tid\":\"t-1\"}";

    Redeemed redeemed = success(200, withAccessToken(jwt(payload)));

    assertThat(redeemed.note()).isNull();
    assertThat(redeemed.identity()).isEqualTo(new Identity("t-1", null));
  }

  @ParameterizedTest
  @CsvSource({
    "28800, PT8H",
    "\"28800\", PT8H",
    "86400.0, PT24H",
    "\"86400.000\", PT24H",
    "86399.999, PT23H59M59S",
    "0,",
    "0.0,",
    "0.9,",
    "-5,",
    "-5.0,",
    "\"86400.\",",
    "1e9,",
    "\"soon\",",
    "99999999999,",
    "315360000, PT87600H",
    "315360001,",
    "400000000,",
    "[1],",
  })
  void theServersLifetimeIsTakenUnlessItIsNonsense(String value, Duration lifetime) {
    String body = "{\"refresh_token\":\"next\",\"refresh_token_expires_in\":" + value + "}";

    assertThat(success(200, body).lifetime()).isEqualTo(lifetime);
  }

  /** Keycloak's name for it; its 0 is that of an offline token, whose end it does not tell. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"refresh_expires_in\":1800 | PT30M",
        "\"refresh_expires_in\":0 |",
        "\"refresh_expires_in\":1800,\"refresh_token_expires_in\":28800 | PT8H",
        "\"refresh_token_expires_in\":28800,\"refresh_expires_in\":1800 | PT8H",
      })
  void aSessionTokenOfKeycloakIsNotTakenForOneOfNinetyDays(String members, Duration lifetime) {
    String body = "{\"refresh_token\":\"next\"," + members + "}";

    assertThat(success(200, body).lifetime()).isEqualTo(lifetime);
  }

  @Test
  void theAccessTokenTellsWhoseItIsAndWhatFor() {
    Redeemed redeemed =
        success(
            200,
            withAccessToken(
                jwt(
                    """
                    {"aud":"https://api.test","tid":"t-1","oid":"o-1","sub":"s-1",
                     "amr":["pwd","mfa"],"iat":1}\
                    """)));

    assertThat(redeemed.identity()).isEqualTo(new Identity("t-1", "oid:o-1"));
    assertThat(redeemed.note()).isEqualTo("aud https://api.test, amr pwd,mfa");
  }

  @Test
  void withoutAnObjectIdTheSubjectCounts() {
    Redeemed redeemed = success(200, withAccessToken(jwt("{\"sub\":\"s-1\",\"amr\":\"odd\"}")));

    assertThat(redeemed.identity()).isEqualTo(new Identity(null, "sub:s-1"));
    assertThat(redeemed.note()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "opaque",
        "a.b",
        "a.b.c",
        "..",
        "a.b.c.d.e",
        "e30.W10.x",
        "e30.e30.x",
        "e30.bnVsbA.x",
        "e30.eyJ0aWQiOg.x"
      })
  void anOddAccessTokenIsUnknown(String accessToken) {
    Redeemed redeemed = success(200, withAccessToken(accessToken));

    assertThat(redeemed.identity()).isEqualTo(Identity.UNKNOWN);
    assertThat(redeemed.note()).isNull();
  }

  @Test
  void claimsOfOddTypesOrLengthsAreUnknown() {
    Redeemed redeemed =
        success(
            200,
            withAccessToken(
                jwt(
                    "{\"tid\":5,\"oid\":\""
                        + "o".repeat(5_000)
                        + "\",\"aud\":[\"x\"],\"sub\":\"\"}")));

    assertThat(redeemed.identity()).isEqualTo(Identity.UNKNOWN);
    assertThat(redeemed.note()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"access_token\":\"a\",\"expires_in\":3599}",
        "{\"access_token\":\"a\",\"refresh_token\":\"\"}",
        "{\"access_token\":\"a\",\"refresh_token\":\" \"}",
        "{\"access_token\":\"a\",\"refresh_token\":null}",
        "{}"
      })
  void aSuccessWithoutANewTokenIsNoRotation(String body) {
    Refused refused = refusal(200, body);

    assertThat(refused.kind()).isEqualTo(RefusalKind.CONFIGURATION);
    assertThat(refused.answered()).isTrue();
    assertThat(refused.message()).contains("offline_access", "the stored token is kept");
  }

  /** RFC 6749 appendix A.17: a refresh token may hold blanks. */
  @Test
  void aTokenWithABlankInItIsNotLost() {
    String body = "{\"access_token\":\"a\",\"refresh_token\":\"a b\"}";

    assertThat(success(200, body).successor()).isEqualTo(RefreshToken.of("a b"));
  }

  static Stream<String> tokensThatCannotBeTaken() {
    return Stream.of("7", "true", "[\"x\"]", "{\"a\":1}", "\"a\\nb\"", "\"a\ufffdb\"")
        .map(token -> "{\"access_token\":\"a\",\"refresh_token\":" + token + "}");
  }

  /**
   * The server has issued one, so what was presented is spent: that is no answer to retry after.
   */
  @ParameterizedTest
  @MethodSource("tokensThatCannotBeTaken")
  void aTokenThatCannotBeTakenFromASingleUseServerIsALostAnswer(String body) {
    Endpoint.answers(200, body);

    Refused refused = refused(redeemer.redeem(singleUse(), Endpoint.TOKEN));

    assertThat(refused.answered()).isFalse();
    assertThat(refused.carried()).isTrue();
    assertThat(refused.message()).contains("a refresh token that cannot be taken");
  }

  @ParameterizedTest
  @MethodSource("tokensThatCannotBeTaken")
  void aTokenThatCannotBeTakenFromAReusableServerIsNotToldAsAMissingOne(String body) {
    Refused refused = refusal(200, body);

    assertThat(refused.kind()).isEqualTo(RefusalKind.CONFIGURATION);
    assertThat(refused.answered()).isTrue();
    assertThat(refused.message())
        .contains("a refresh token that cannot be taken")
        .doesNotContain("offline_access");
  }

  @Test
  void anErrorWithStatus200IsAnError() {
    Refused refused =
        refusal(
            200,
            "{\"error\":\"temporarily_unavailable\","
                + "\"error_description\":\"AADSTS90033: A transient error has occurred.\"}");

    assertThat(refused.kind()).isEqualTo(RefusalKind.TRANSIENT);
    assertThat(refused.refusal().code()).isEqualTo("90033");
    assertThat(refused.answered()).isTrue();
  }

  private static String withAccessToken(String accessToken) {
    return "{\"access_token\":\"" + accessToken + "\",\"refresh_token\":\"next\"}";
  }

  private static String jwt(String claims) {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    return "e30." + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + ".c2ln";
  }
}
