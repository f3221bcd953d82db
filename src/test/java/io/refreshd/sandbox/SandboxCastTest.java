package io.refreshd.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.sandbox.SandboxCast.Market;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class SandboxCastTest {

  private Sandbox sandbox;
  private SandboxCast cast;

  @BeforeEach
  void start() throws Exception {
    sandbox = Sandbox.start(0, SandboxSettings.DEFAULT, Clock.systemUTC());
    cast = SandboxCast.enter(sandbox, 12);
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  @Test
  void twelveMarketsHaveTwentyFourGrantsThatCanBeRedeemedAsTheYamlSays() throws Exception {
    JsonNode yaml = yaml(Duration.ofDays(7), Duration.ofDays(90));

    assertThat(cast.members()).hasSize(24).doesNotHaveDuplicates();
    assertThat(yaml.get("tenants").size()).isEqualTo(12);
    for (int i = 0; i < 12; i++) {
      JsonNode tenant = yaml.get("tenants").get(i);
      Market market = cast.markets().get(i);
      assertThat(tenant.get("name").stringValue()).isEqualTo(market.name());
      assertThat(tenant.get("client-secret").stringValue()).isEqualTo("file:" + market.name());
      assertThat(redeemed(tenant, tenant.get("grants").get(0), market, market.live())).isTrue();
      assertThat(redeemed(tenant, tenant.get("grants").get(1), market, market.sandbox())).isTrue();
    }
    assertThat(cast.members())
        .allSatisfy(member -> assertThat(cast.chain(member).redemptions()).isEqualTo(1));
  }

  @Test
  void durationsAreWrittenAsPeopleWriteThem() {
    Map<Duration, String> words =
        Map.of(
            Duration.ofDays(90), "90d",
            Duration.ofHours(36), "36h",
            Duration.ofMinutes(15), "15m",
            Duration.ofSeconds(90), "90s",
            Duration.ofMillis(1500), "PT1.5S");

    words.forEach(
        (duration, word) ->
            assertThat(yaml(duration, duration).get("defaults").get("rotate-every").stringValue())
                .isEqualTo(word));
  }

  @Test
  void idsAreTheSameInEveryRunAndTokensAreNot() throws Exception {
    try (Sandbox another = Sandbox.start(0, SandboxSettings.DEFAULT, Clock.systemUTC())) {
      Market first = cast.markets().get(0);
      Market again = SandboxCast.enter(another, 1).markets().get(0);

      assertThat(again.clientId()).isEqualTo(first.clientId());
      assertThat(again.live().tenantId()).isEqualTo(first.live().tenantId());
      assertThat(again.live().refreshToken()).isNotEqualTo(first.live().refreshToken());
    }
  }

  @Test
  void thereMayBeMoreMarketsThanNames() {
    assertThat(SandboxCast.enter(sandbox, 500).members()).hasSize(1000).doesNotHaveDuplicates();
  }

  private JsonNode yaml(Duration rotateEvery, Duration lifetime) {
    return YAMLMapper.builder()
        .build()
        .readTree(cast.yaml(rotateEvery, lifetime, name -> "file:" + name));
  }

  private boolean redeemed(
      JsonNode tenant, JsonNode grant, Market market, SandboxCast.Member member) throws Exception {
    boolean v1 = grant.has("endpoint");
    JsonNode tenantId = v1 ? grant.get("tenant-id") : tenant.get("tenant-id");
    String path = tenantId.stringValue() + (v1 ? "/oauth2/token" : "/oauth2/v2.0/token");
    TokenCall call =
        new TokenCall(sandbox.authority().resolve("/" + path))
            .with("client_id", tenant.get("client-id").stringValue())
            .with("client_secret", market.secret())
            .with("refresh_token", member.refreshToken());
    return (v1
                ? call.with("resource", grant.get("resource").stringValue())
                : call.with("scope", grant.get("scopes").get(0).stringValue() + " offline_access"))
            .send()
            .statusCode()
        == 200;
  }
}
