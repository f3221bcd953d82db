package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What people are told of token lifetime policies, by {@code policy} and by {@code check}. */
class PolicyCommandTest {

  private static final String POLICY =
      """
      {"TokenLifetimePolicy":{"Version":1,
      "AccessTokenLifetime":"00:10:00",
      "MaxInactiveTime":"365.00:00:00",
      "MaxAgeMultiFactor":"until-revoked"}}
      """;

  @TempDir private Path folder;
  private Terminal terminal;

  @BeforeEach
  void aTerminal() throws IOException {
    terminal = new Terminal(folder, new MutableClock());
    Files.writeString(folder.resolve("policy.json"), POLICY);
  }

  @Test
  void everyPropertyIsExplained() {
    Terminal.Result result = terminal.run("policy", "policy.json");

    assertThat(result.exit()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .isEqualTo(
            """
            policy.json

            AccessTokenLifetime 00:10:00 (10m)
              affects   access, ID and SAML2 tokens
              default   60 to 90 minutes at random for access tokens, 1 hour for ID and SAML2 tokens
              minimum   10m
              maximum   1d
              honoured  yes
              schedule  nothing: rotation does not depend on how long an access token lives

            MaxInactiveTime 365.00:00:00 (365d), out of bounds
              affects   refresh tokens
              default   90 days
              minimum   10m
              maximum   90d
              honoured  no: Entra ignores it since 30 January 2021
              instead   each refresh token lives 90 days from its own issue, whatever this says
              schedule  nothing: rotation replaces each refresh token within those 90 days (lifetime, rotate-every)

            MaxAgeMultiFactor until-revoked
              affects   refresh tokens of sign-ins with several factors
              default   until-revoked
              minimum   10m
              maximum   180d, or until-revoked
              honoured  no: Entra ignores it since 30 January 2021
              instead   sign-in frequency of Conditional Access, and remembered multi-factor authentication
              schedule  nothing; set sign-in-frequency or remember-mfa if the directory has one

            not set, so that the default holds:
              MaxAgeSingleFactor         until-revoked
              MaxAgeSessionSingleFactor  until-revoked
              MaxAgeSessionMultiFactor   until-revoked

            """);
  }

  @Test
  void theDocumentSaysTheSame() {
    Terminal.Result result = terminal.run("policy", "--json", "policy.json");

    assertThat(result.exit()).isZero();
    assertThat(result.lines()).hasSize(1);
    JsonNode policy = new ObjectMapper().readTree(result.out()).get("policies").get(0);
    assertThat(policy.get("file").asString()).isEqualTo("policy.json");
    assertThat(policy.get("name").isNull()).isTrue();
    assertThat(policy.get("properties")).hasSize(6);
    JsonNode access = policy.get("properties").get(0);
    assertThat(access.get("property").asString()).isEqualTo("AccessTokenLifetime");
    assertThat(access.get("value").asString()).isEqualTo("00:10:00");
    assertThat(access.get("seconds").asInt()).isEqualTo(600);
    assertThat(access.get("minimum").asInt()).isEqualTo(600);
    assertThat(access.get("maximum").asInt()).isEqualTo(86_400);
    assertThat(access.get("honoured").asBoolean()).isTrue();
    assertThat(access.get("ignoredSince").isNull()).isTrue();
    JsonNode inactive = policy.get("properties").get(1);
    assertThat(inactive.get("honoured").asBoolean()).isFalse();
    assertThat(inactive.get("ignoredSince").asString()).isEqualTo("2021-01-30");
    assertThat(inactive.get("instead").asString()).contains("90 days from its own issue");
    JsonNode absent = policy.get("properties").get(5);
    assertThat(absent.get("value").isNull()).isTrue();
    assertThat(absent.get("default").asString()).isEqualTo("until-revoked");
  }

  @Test
  void aBadFileIsAProblemAtItsPlace() throws IOException {
    Files.writeString(
        folder.resolve("policy.json"),
        "{\"TokenLifetimePolicy\":{\"Version\":1,\"AccessTokenLifetime\":\"00:05:00\"}}");

    Terminal.Result bad = terminal.run("policy", "policy.json");
    Terminal.Result missing = terminal.run("policy", "nowhere.json");

    assertThat(bad.exit()).isEqualTo(2);
    assertThat(bad.out()).isEmpty();
    assertThat(bad.err())
        .isEqualTo(
            "policy.json:1:59: TokenLifetimePolicy.AccessTokenLifetime: \"00:05:00\" is out of"
                + " range; would be 00:10:00 to 1.00:00:00\nrefreshd: the policy has 1 problem\n");
    assertThat(missing.exit()).isEqualTo(2);
    assertThat(missing.err()).contains("nowhere.json: does not exist; would be a file");
    assertThat(terminal.run("policy").exit()).isEqualTo(2);
  }

  @Test
  void checkWarnsOfWhatEntraIgnoresAndPasses() throws IOException {
    Files.writeString(
        folder.resolve("refreshd.yaml"),
        """
        defaults: {token-lifetime-policy: policy.json}
        tenants:
          - name: t
            tenant-id: example.org
            client-id: c
            grants: [{name: g, scopes: [s]}, {name: h, scopes: [s]}]
        """);

    Terminal.Result result = terminal.run("check", "--config", "refreshd.yaml");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.lines())
        .hasSize(2)
        .contains(
            "policy.json:2:1: AccessTokenLifetime 00:10:00 (10m): honoured by Entra, for access, ID"
                + " and SAML2 tokens");
    assertThat(result.err().lines().toList())
        .isEqualTo(
            List.of(
                "warning: policy.json:3:1: MaxInactiveTime 365.00:00:00 (365d), out of bounds:"
                    + " ignored by Entra since 30 January 2021; instead: each refresh token"
                    + " lives 90 days from its own issue, whatever this says",
                "warning: policy.json:4:1: MaxAgeMultiFactor until-revoked: ignored by Entra since"
                    + " 30 January 2021; instead: sign-in frequency of Conditional Access, and"
                    + " remembered multi-factor authentication"));
  }
}
