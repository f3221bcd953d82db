package io.refreshd.it;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.refreshd.config.Config;
import io.refreshd.config.References;
import io.refreshd.daemon.Assembly;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshToken;
import io.refreshd.rotation.Import;
import io.refreshd.rotation.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** 24 overdue grants in 12 tenants behind one client whose secret has expired. */
@Timeout(300)
class ExpiredSecretIT {

  private static final int GRANTS = 24;

  private final WireMockServer server = new WireMockServer(options().dynamicPort());

  @TempDir private Path folder;

  @BeforeEach
  void startServer() throws Exception {
    server.start();
    server.stubFor(
        post(anyUrl())
            .willReturn(
                jsonResponse(
                    "{\"error\":\"invalid_client\",\"error_codes\":[7000222],"
                        + "\"error_description\":\"AADSTS7000222: The provided client secret keys"
                        + " for app 'x' are expired.\"}",
                    401)));
    server.stubFor(
        post(anyUrl())
            .withRequestBody(containing("client_secret=new"))
            .willReturn(
                jsonResponse(
                    "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"a\","
                        + "\"refresh_token\":\"successor\"}",
                    200)));
    server.stubFor(post(urlEqualTo("/alerts")).willReturn(ok()));
    Files.writeString(folder.resolve("secret"), "old");
    Files.writeString(folder.resolve("refreshd.yaml"), yaml());
    bringInAll();
  }

  @AfterEach
  void stopServer() {
    server.stop();
  }

  @Test
  void oneRedemptionFindsOutAndAllRecoverWhenTheSecretIsReplacedAndTheDaemonReloads()
      throws Exception {
    try (RefreshdProcess daemon = run()) {
      daemon.await(() -> redemptions() > 0, () -> "nothing was redeemed");
      // all of them are due: those that would be asked would be asked by now
      daemon.await(() -> daemon.out().contains("7000222"), () -> "nobody says why");
      assertThat(redemptions()).isEqualTo(1);

      Files.writeString(folder.resolve("secret"), "new");
      daemon.hangUp();

      daemon.await(() -> rotated() == GRANTS, () -> rotated() + " recovered");
      daemon.terminate();
      assertThat(daemon.await().exit()).isIn(0, 143);
    }
  }

  @Test
  @EnabledIfSystemProperty(
      named = "refreshd.it.seconds",
      matches = "[6-9][0-9]|[0-9]{3,}",
      disabledReason = "takes two minutes: -Drefreshd.it.seconds=60")
  void twoRedemptionsOneAlertThatListsAllAndOneRecoveryNotice() throws Exception {
    try (RefreshdProcess daemon = run()) {
      daemon.await(() -> alerts("raised") > 0, () -> "nobody was told");
      assertThat(redemptions()).isEqualTo(2);
      server.verify(
          postRequestedFor(urlEqualTo("/alerts"))
              .withRequestBody(matchingJsonPath("$.concerns.length()", equalTo("24"))));

      Files.writeString(folder.resolve("secret"), "new");
      daemon.hangUp();

      daemon.await(() -> rotated() == GRANTS, () -> rotated() + " recovered");
      daemon.await(() -> alerts("recovered") > 0, () -> "nobody was told that it is over");
      assertThat(alerts("raised")).isEqualTo(1);
      assertThat(alerts("recovered")).isEqualTo(1);
      assertThat(server.findAll(postRequestedFor(urlEqualTo("/alerts")))).hasSize(2);
    }
  }

  private RefreshdProcess run() {
    return RefreshdProcess.start(
        folder, Map.of(), "run", "--config", folder.resolve("refreshd.yaml").toString());
  }

  private int redemptions() {
    return server.findAll(postRequestedFor(urlMatching(".*/token"))).size();
  }

  private int rotated() {
    return server
        .findAll(
            postRequestedFor(urlMatching(".*/token"))
                .withRequestBody(containing("client_secret=new")))
        .size();
  }

  private int alerts(String change) {
    return server
        .findAll(
            postRequestedFor(urlEqualTo("/alerts"))
                .withRequestBody(matchingJsonPath("$.change", equalTo(change))))
        .size();
  }

  private String yaml() {
    String base = "http://localhost:" + server.port();
    return """
        alerts: { channels: [ { name: ops, webhook: %1$s/alerts } ] }
        defaults:
          authority: %1$s
          client-id: 66666666-7777-8888-9999-000000000000
          client-secret: file:secret
        tenants:
        """
            .formatted(base)
        + IntStream.rangeClosed(1, GRANTS / 2)
            .mapToObj(
                n ->
                    """
                      - name: market-%1$d
                        tenant-id: 11111111-2222-3333-4444-0000000000%1$02d
                        scopes: [https://api.partnercenter.microsoft.com/user_impersonation]
                        grants: [{ name: live }, { name: sandbox }]
                    """
                        .formatted(n))
            .collect(Collectors.joining());
  }

  private void bringInAll() throws Exception {
    Config config =
        Assembly.loader(Map.of(), folder, Clock.systemUTC())
            .load(folder.resolve("refreshd.yaml"), References.RESOLVE);
    Instant issuedAt = Clock.systemUTC().instant().minus(Duration.ofDays(20));
    try (Assembly assembly = Assembly.writing(config, Clock.systemUTC())) {
      for (Grant grant : config.grants()) {
        RefreshToken token = RefreshToken.of("first");
        assertThat(assembly.bringIn(grant, new Import(token, issuedAt, null, false, false)))
            .isInstanceOf(Outcome.Rotated.class);
      }
    }
  }
}
