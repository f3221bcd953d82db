package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.refreshd.grant.Client;
import io.refreshd.grant.Secret;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.testing.Grants;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes over the wire. */
class RequestFormTest extends RedeemerTest {

  private static final String CLIENT = "66666666-7777-8888-9999-000000000000";

  @BeforeEach
  void endpoint() {
    Endpoint.answers(200, Endpoint.SUCCESS);
  }

  @Test
  void v2AsksByScopesWithOfflineAccess() {
    redeemed(
        redeemer.redeem(
            at(Endpoint.v2("https://api.test/a", "https://api.test/b")), Endpoint.TOKEN));

    assertThat(Endpoint.request().getUrl()).isEqualTo("/" + Endpoint.TENANT + "/oauth2/v2.0/token");
    Map<String, String> form = Endpoint.form();
    assertThat(String.valueOf(form.get("scope")).split(" "))
        .containsExactlyInAnyOrder(
            "https://api.test/a", "https://api.test/b", "offline_access", "openid", "profile");
    assertThat(form)
        .containsEntry("grant_type", "refresh_token")
        .containsEntry("refresh_token", Endpoint.TOKEN.reveal())
        .containsEntry("client_id", CLIENT)
        .containsEntry("client_secret", "client-secret")
        .containsEntry("client_info", "1")
        .hasSize(6);
  }

  @Test
  void v1AsksByResourceAndNothingThatOnlyV2Knows() {
    redeemed(redeemer.redeem(at(Endpoint.v1()), Endpoint.TOKEN));

    assertThat(Endpoint.request().getUrl()).isEqualTo("/" + Endpoint.TENANT + "/oauth2/token");
    assertThat(Endpoint.form())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "grant_type", "refresh_token",
                "refresh_token", Endpoint.TOKEN.reveal(),
                "client_id", CLIENT,
                "client_secret", "client-secret",
                "resource", "https://api.partnercenter.microsoft.com"));
  }

  @Test
  void aPlainServerIsAskedForExactlyTheConfiguredScopes() {
    redeemed(redeemer.redeem(at(Endpoint.plain("offline_access", "a:b")), Endpoint.TOKEN));

    assertThat(Endpoint.request().getUrl()).isEqualTo("/realms/main/token");
    assertThat(Endpoint.form())
        .containsEntry("scope", "offline_access a:b")
        .doesNotContainKey("client_info")
        .hasSize(5);
  }

  @Test
  void withoutScopesAPlainServerIsAskedForNone() {
    redeemed(redeemer.redeem(at(Endpoint.plain()), Endpoint.TOKEN));

    assertThat(Endpoint.form()).doesNotContainKey("scope").hasSize(4);
  }

  @Test
  void aPublicClientSendsNoCredential() {
    redeemed(
        redeemer.redeem(
            Grants.named("a/b")
                .endpoint(Endpoint.v1())
                .credential(new Client.NoCredential())
                .build(),
            Endpoint.TOKEN));

    assertThat(Endpoint.form())
        .containsOnlyKeys("client_id", "grant_type", "refresh_token", "resource");
  }

  @Test
  void secretsOfAnyCharactersArriveAsTheyAre() {
    String secret = "~a&b=c%d+e f/ü€\"";
    redeemed(
        redeemer.redeem(
            Grants.named("a/b")
                .endpoint(Endpoint.v1())
                .credential(new Client.ClientSecret(Secret.of(secret)))
                .build(),
            Endpoint.TOKEN));

    assertThat(Endpoint.form())
        .containsEntry("client_secret", secret)
        .containsEntry("refresh_token", Endpoint.TOKEN.reveal());
  }

  @Test
  void theRequestAsksForNothingThatChangesTheAnswersForm() {
    redeemed(redeem());

    LoggedRequest request = Endpoint.request();
    assertThat(request.getHeaders().keys())
        .extracting(String::toLowerCase)
        .contains("client-request-id", "return-client-request-id", "content-type", "accept")
        .doesNotContain("expect", "cookie", "authorization", "upgrade");
    // if nothing were said of it, the server might compress (RFC 9110, section 12.5.3)
    assertThat(request.getHeader("Accept-Encoding")).isEqualTo("identity");
    assertThat(request.getHeader("Content-Type")).startsWith("application/x-www-form-urlencoded");
  }

  /** Entra's loop detection goes by cookies. */
  @Test
  void noCookieIsKept() {
    Endpoint.answers(
        Endpoint.json(200, Endpoint.SUCCESS).withHeader("Set-Cookie", "fpc=1; path=/"));

    redeemed(redeem());
    redeemed(redeem());

    assertThat(Endpoint.request().getHeaders().keys()).doesNotContain("Cookie");
  }

  @Test
  void authoritiesThatMsal4jDoesNotKnowAreAskedAllTheSame() {
    URI b2c = URI.create(Endpoint.base() + "/tfp/contoso.onmicrosoft.com");
    TokenEndpoint endpoint =
        new TokenEndpoint.V2(b2c, "b2c_1_sign_in", List.of("https://api.test/x"));

    redeemed(redeemer.redeem(at(endpoint), Endpoint.TOKEN));

    assertThat(Endpoint.request().getUrl())
        .isEqualTo("/tfp/contoso.onmicrosoft.com/b2c_1_sign_in/oauth2/v2.0/token");
  }
}
