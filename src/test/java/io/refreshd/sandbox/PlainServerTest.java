package io.refreshd.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.RefreshTokens;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PlainServerTest extends SandboxFixture {

  @BeforeEach
  void register() {
    sandbox.register(SandboxClient.withSecret(Sandbox.PLAIN, CLIENT, SECRET));
    token = sandbox.issueRefreshToken(Sandbox.PLAIN, CLIENT, USER);
  }

  @Test
  void aTokenIsGoodOnce() throws Exception {
    JsonNode answer = plain(token).json();

    assertThat(answer.get("refresh_token").stringValue()).isNotEqualTo(token);
    assertThat(answer.get("refresh_token_expires_in").longValue())
        .isEqualTo(Duration.ofDays(90).toSeconds());
  }

  @Test
  void aSpentTokenRevokesTheWholeFamily() throws Exception {
    String second = plain(token).refreshToken();
    JsonNode again = refused(plain(token), 400);

    assertThat(again.propertyNames()).containsExactly("error", "error_description");
    assertThat(again.get("error").stringValue()).isEqualTo("invalid_grant");
    assertThat(again.get("error_description").stringValue())
        .contains("every token of its grant is revoked")
        .doesNotContain("AADSTS");
    assertThat(refused(plain(second), 400).get("error").stringValue()).isEqualTo("invalid_grant");

    String consented = sandbox.issueRefreshToken(Sandbox.PLAIN, CLIENT, USER);
    assertThat(plain(consented).send().statusCode()).isEqualTo(200);
  }

  @Test
  void ofManyAtOnceOneWins() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      calls.add(plain(token).sendAsync());
    }
    int won = 0;
    for (CompletableFuture<HttpResponse<String>> call : calls) {
      won += call.get(20, TimeUnit.SECONDS).statusCode() == 200 ? 1 : 0;
    }
    assertThat(won).isEqualTo(1);
  }

  @Test
  void aTokenMayBeReusableToo() throws Exception {
    SandboxSettings settings =
        new SandboxSettings(Duration.ofDays(90), Duration.ofHours(1), RefreshTokens.REUSABLE);
    sandbox.close();
    sandbox = Sandbox.start(0, settings, clock);
    register();

    assertThat(plain(token).send().statusCode()).isEqualTo(200);
    assertThat(plain(token).send().statusCode()).isEqualTo(200);
  }

  @Test
  void anUnknownClientIsAnInvalidOne() throws Exception {
    JsonNode error = refused(plain(token).with("client_id", "nobody"), 401);

    assertThat(error.get("error").stringValue()).isEqualTo("invalid_client");
  }

  @Test
  void aServerWithoutAnyClientSaysSoToo() throws Exception {
    try (Sandbox empty = Sandbox.start(0, SandboxSettings.DEFAULT, clock)) {
      TokenCall call = new TokenCall(empty.plainEndpoint()).with("client_id", CLIENT);

      assertThat(refused(call, 401).get("error").stringValue()).isEqualTo("invalid_client");
    }
  }

  @Test
  void tokensOfATenantAreNotItsOwn() throws Exception {
    String ofTenant = sandbox.issueRefreshToken(TENANT, CLIENT, USER);

    assertThat(refused(plain(ofTenant), 400).get("error").stringValue()).isEqualTo("invalid_grant");
    assertThat(v2(token).json().get("error_codes").toString()).isEqualTo("[70000]");
  }

  private TokenCall plain(String refreshToken) {
    return at(sandbox.plainEndpoint().getPath(), refreshToken);
  }

  private static JsonNode refused(TokenCall call, int status) throws Exception {
    HttpResponse<String> answer = call.send();
    assertThat(answer.statusCode()).isEqualTo(status);
    return TokenCall.parse(answer.body());
  }
}
