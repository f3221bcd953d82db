package io.refreshd.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.sandbox.Trouble.MfaRequired;
import io.refreshd.sandbox.Trouble.Revoked;
import io.refreshd.sandbox.Trouble.SecretChanged;
import io.refreshd.sandbox.Trouble.SecretExpired;
import io.refreshd.sandbox.Trouble.SignInFrequency;
import io.refreshd.sandbox.Trouble.UserDisabled;
import io.refreshd.sandbox.Troubles.OfClient;
import io.refreshd.sandbox.Troubles.OfUser;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SandboxRefusalsTest extends SandboxFixture {

  private static final OfUser THE_USER = new OfUser(USER);
  private static final OfClient THE_CLIENT = new OfClient(CLIENT);
  private static final String GUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  @Test
  void anExpiredTokenIsToldItsIssueToTheSeventhDigit() throws Exception {
    clock.advance(Duration.ofDays(90));
    JsonNode error = refused(v2(token), 400, "invalid_grant", 700082);

    assertThat(error.get("error_description").stringValue())
        .matches(
            "AADSTS700082: The refresh token has expired due to inactivity\\.\u00a0The token was"
                + " issued on 2026-08-24T08:00:00\\.1234567Z and was inactive for 90\\.00:00:00\\."
                + " Trace ID: "
                + GUID
                + " Correlation ID: "
                + GUID
                + " Timestamp: 2026-11-22 08:00:00Z");
    assertThat(error.propertyNames())
        .containsExactly(
            "error",
            "error_description",
            "error_codes",
            "timestamp",
            "trace_id",
            "correlation_id",
            "error_uri");
    assertThat(error.get("timestamp").stringValue()).isEqualTo("2026-11-22 08:00:00Z");
    assertThat(error.get("error_uri").stringValue()).endsWith("?code=700082");
  }

  @Test
  void aTokenLivesUntilTheLastMoment() throws Exception {
    clock.advance(Duration.ofDays(90).minusNanos(1));

    assertThat(v2(token).send().statusCode()).isEqualTo(200);
  }

  @Test
  void aDisabledUserIsRefusedUntilEnabledAgain() throws Exception {
    sandbox.troubles().begin(THE_USER, new UserDisabled());
    refused(v2(token), 400, "invalid_grant", 50057);

    sandbox.troubles().end(THE_USER);
    assertThat(v2(token).send().statusCode()).isEqualTo(200);
  }

  @Test
  void aTroubleReachesOnlyWhomItIsFor() throws Exception {
    sandbox.troubles().begin(THE_USER, new UserDisabled());
    String other = sandbox.issueRefreshToken(TENANT, CLIENT, "somebody else");

    assertThat(v2(other).send().statusCode()).isEqualTo(200);
  }

  @Test
  void aRevocationNamesBothTimesAndSparesLaterTokens() throws Exception {
    clock.advance(Duration.ofDays(1));
    sandbox.troubles().begin(THE_USER, new Revoked(clock.instant()));
    JsonNode error = refused(v2(token), 400, "invalid_grant", 50173);

    assertThat(error.get("error_description").stringValue())
        .contains("The grant was issued on '2026-08-24T08:00:00.1234567Z'")
        .contains("for this user is '2026-08-25T08:00:00.1234567Z'");
    String consented = sandbox.issueRefreshToken(TENANT, CLIENT, USER);
    assertThat(v2(consented).send().statusCode()).isEqualTo(200);
  }

  @Test
  void theSecondFactorIsAskedForWithClaims() throws Exception {
    sandbox.troubles().begin(THE_USER, new MfaRequired());
    JsonNode v2 = refused(v2(token), 400, "invalid_grant", 50076);
    JsonNode v1 = refused(v1(token), 400, "interaction_required", 50076);

    assertThat(v2.get("suberror").stringValue()).isEqualTo("basic_action");
    JsonNode claims = TokenCall.parse(v1.get("claims").stringValue());
    assertThat(claims.get("access_token").get("polids").get("Values").size()).isEqualTo(1);
  }

  @Test
  void theSignInClockIsNotResetByRotation() throws Exception {
    sandbox.troubles().begin(THE_USER, new SignInFrequency(Duration.ofDays(7)));
    clock.advance(Duration.ofDays(6));
    String second = v2(token).refreshToken();
    clock.advance(Duration.ofDays(1));
    JsonNode error = refused(v2(second), 400, "invalid_grant", 70043);

    assertThat(error.get("suberror").stringValue()).isEqualTo("token_expired");
    assertThat(error.get("error_description").stringValue())
        .contains("The token was issued on 2026-08-24T08:00:00.1234567Z")
        .contains("maximum allowed lifetime for this request is 604800.");
    refused(v1(second), 400, "interaction_required", 70043);
  }

  @Test
  void secretsExpireAndChange() throws Exception {
    sandbox.troubles().begin(THE_CLIENT, new SecretExpired());
    refused(v2(token), 401, "invalid_client", 7000222);

    sandbox.troubles().end(THE_CLIENT);
    sandbox.troubles().begin(THE_CLIENT, new SecretChanged());
    refused(v2(token), 401, "invalid_client", 7000215);
  }

  @Test
  void aClientMustProveItself() throws Exception {
    refused(v2(token).with("client_secret", "wrong"), 401, "invalid_client", 7000215);
    refused(v2(token).with("client_secret", ""), 401, "invalid_client", 7000218);
    refused(v2(token).without("client_secret"), 401, "invalid_client", 7000218);
  }

  @Test
  void aPublicClientMustNotTryTo() throws Exception {
    sandbox.register(SandboxClient.open(TENANT, "public"));
    String granted = sandbox.issueRefreshToken(TENANT, "public", USER);

    refused(v2(granted).with("client_id", "public"), 401, "invalid_client", 700025);
    TokenCall silent = v2(granted).with("client_id", "public").without("client_secret");
    assertThat(silent.send().statusCode()).isEqualTo(200);
  }

  @Test
  void unknownTenantsAndClientsAreSaidSo() throws Exception {
    refused(at("/nobody/oauth2/v2.0/token", token), 400, "invalid_request", 90002);
    refused(v2(token).with("client_id", "nobody"), 400, "unauthorized_client", 700016);
  }

  @Test
  void aTokenIsForItsClientAndItsTenant() throws Exception {
    sandbox.register(SandboxClient.withSecret(TENANT, "other", SECRET));
    refused(v2(token).with("client_id", "other"), 400, "invalid_grant", 700007);

    sandbox.register(SandboxClient.withSecret("elsewhere", CLIENT, SECRET));
    TokenCall elsewhere = at("/elsewhere/oauth2/token", token).with("resource", RESOURCE);
    refused(elsewhere, 400, "invalid_grant", 50020);
  }

  @Test
  void whatIsNoTokenIsToldFromWhatIsNotOurs() throws Exception {
    refused(v2("pasted the wrong thing"), 400, "invalid_grant", 9002313);
    refused(v2(token.substring(0, 900)), 400, "invalid_grant", 70000);
    refused(v2("1.AX"), 400, "invalid_grant", 70000);
    String flipped = token.endsWith("A") ? "Q" : "A";
    String changed = token.substring(0, 600) + flipped + token.substring(601);
    refused(v2(changed.equals(token) ? "1.AX" : changed), 400, "invalid_grant", 70000);
  }

  @Test
  void everyParameterThatIsMissingIsNamed() throws Exception {
    for (String name : new String[] {"grant_type", "client_id", "refresh_token", "scope"}) {
      assertThat(missing(v2(token).without(name))).contains("parameter: '" + name + "'");
    }
    assertThat(missing(v1(token).without("resource"))).contains("parameter: 'resource'");
  }

  @Test
  void otherGrantTypesAndAResourceAtV2AreRefused() throws Exception {
    refused(v2(token).with("grant_type", "password"), 400, "unsupported_grant_type", 70003);
    refused(v2(token).with("resource", RESOURCE), 400, "invalid_request", 901002);
  }

  @Test
  void whatIsNotAFormIsRefused() throws Exception {
    assertThat(v2(token).send("POST", "").statusCode()).isEqualTo(400);
    HttpResponse<String> broken = v2(token).send("POST", "grant_type=%zz");
    assertThat(broken.statusCode()).isEqualTo(400);
    assertThat(broken.body()).contains("AADSTS9002313");
    assertThat(v2(token).send("POST", "a=" + "b".repeat(70_000)).statusCode()).isEqualTo(413);
  }

  @Test
  void onlyPostAndOnlyTheEndpoints() throws Exception {
    HttpResponse<String> read = v2(token).send("GET", "");
    assertThat(read.statusCode()).isEqualTo(405);
    assertThat(read.body()).contains("AADSTS900561").contains("Received a GET request.");
    assertThat(v2(token).send("HEAD", "").statusCode()).isEqualTo(405);
    assertThat(at("/" + TENANT + "/elsewhere", token).send().statusCode()).isEqualTo(404);
  }

  private String missing(TokenCall call) throws Exception {
    JsonNode error = refused(call, 400, "invalid_request", 900144);
    return error.get("error_description").stringValue();
  }

  private static JsonNode refused(TokenCall call, int status, String error, int code)
      throws Exception {
    HttpResponse<String> answer = call.send();
    JsonNode json = TokenCall.parse(answer.body());
    assertThat(json.get("error_codes").toString()).isEqualTo("[" + code + "]");
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(json.get("error").stringValue()).isEqualTo(error);
    assertThat(json.get("error_description").stringValue()).startsWith("AADSTS" + code + ": ");
    return json;
  }
}
