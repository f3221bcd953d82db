package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** {@code refreshd simulate}, as a person calls it. It begins on 2026-03-01 at noon. */
class SimulateCommandTest {

  private static final String YAML =
      """
      tenants:
        - name: germany
          tenant-id: 11111111-2222-3333-4444-555555555555
          client-id: 66666666-7777-8888-9999-000000000000
          client-secret: env:NOT_SET
          scopes: [https://api.partnercenter.microsoft.com/user_impersonation]
          grants: [{ name: live }, { name: sandbox }]
        - name: france
          tenant-id: 11111111-2222-3333-4444-666666666666
          client-id: 66666666-7777-8888-9999-111111111111
          client-secret: env:NOT_SET
          rotate-cron: "0 0 3 ? * SUN"
          scopes: [https://api.partnercenter.microsoft.com/user_impersonation]
          grants: [{ name: live }]
      """;

  @TempDir private Path folder;
  private Terminal terminal;

  @BeforeEach
  void writeConfiguration() throws IOException {
    Path file = Files.writeString(folder.resolve("refreshd.yaml"), YAML);
    terminal = new Terminal(folder, new MutableClock()).with("REFRESHD_CONFIG", file.toString());
  }

  private static JsonNode json(Terminal.Result result) {
    return new ObjectMapper().readTree(result.out());
  }

  @Test
  void aPlainConfigurationKeepsEverybodyAliveWithoutSecretsOrAStore() {
    Terminal.Result result = terminal.run("simulate");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out())
        .startsWith("3 grants, 400 days: ")
        .contains(" rotations, 0 deaths; oldest token ever 7.")
        .contains("; peak ", " a minute (2026-")
        .contains("3 of them taken as enrolled now")
        .doesNotContain("deaths:");
    assertThat(folder.resolve("refreshd.db")).doesNotExist();
  }

  @Test
  void aDeathIsToldWithItsTimeAndCauseAndTheExitCode() {
    Terminal.Result result = terminal.run("simulate", "--outage", "10d+91d");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .contains(" 3 deaths; ")
        .contains("germany/live: dies 2026-06-")
        .contains("its issue clock runs out after 90.0d (AADSTS700082)");
  }

  @Test
  void aDeathOfARememberedSecondFactorIsToldWithItsClockAndLength() throws IOException {
    Files.writeString(folder.resolve("refreshd.yaml"), "defaults: { remember-mfa: 10d }\n" + YAML);

    assertThat(terminal.run("simulate").out())
        .contains("its sign-in clock runs out after 10.0d (AADSTS50078)\n")
        .doesNotContain("Presented multi-factor");
    JsonNode france = json(terminal.run("simulate", "--json")).get("grants").get(0).get("death");
    assertThat(france.get("clock").asString()).isEqualTo("sign-in");
  }

  @ParameterizedTest
  @CsvSource({
    "--outage, 2026-03-20+91d, 3",
    "--outage, 2026-03-20T00:00:00Z+P91D, 3",
    "--outage, 2026-03-20T00:00Z+P91D, 3",
    "--outage, 10d+30d, 0",
    "--revoke, germany@5d, 2",
    "--revoke, germany/live@5d, 1",
    "--secret-expires, germany@20d, 2",
    "--secret-expires, germany@20d+30d, 0",
    "--sign-in-frequency, */live=30d@60d, 2",
    "--clock-jump, 10d+40d, 0",
    "--clock-jump, 2026-04-01-40d, 0",
    "--clock-jump, 2026-04-01T00:00:00Z-P40D, 0",
    "--restart, 10d+30d, 0",
    "--restart, 10d+100d, 3"
  })
  void eachIncidentHasItsOption(String option, String value, int deaths) {
    Terminal.Result result = terminal.run("simulate", "--json", option, value);

    assertThat(result.exit()).as(result.err()).isEqualTo(deaths == 0 ? 0 : 1);
    assertThat(json(result).get("deaths").asInt()).isEqualTo(deaths);
    assertThat(json(result).get("grants")).hasSize(3);
  }

  @Test
  void anAlertIsToldAtTheWorldsTimeWhateverTheClockOfTheDaemonSays() {
    Terminal.Result result = terminal.run("simulate", "--json", "--clock-jump", "10d-40d");

    assertThat(json(result).get("alerts").get(0).get("at").asString()).startsWith("2026-03-1");
    assertThat(terminal.run("simulate", "--clock-jump", "10d-40d").out())
        .contains("  2026-03-1")
        .doesNotContain("2026-01-", "2026-02-");
  }

  @Test
  void incidentsAddUp() {
    Terminal.Result result =
        terminal.run("simulate", "--json", "--revoke", "france@5d", "--revoke", "*/sandbox@6d");

    assertThat(json(result).get("deaths").asInt()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "--outage, 36h, cannot be read",
    "--outage, 10d+0s, cannot be read",
    "--outage, 10d+1d+1d, cannot be read",
    "--outage, soon+1d, cannot be read",
    "--outage, 2020-01-01+1d, lies before the start",
    "--restart, +1d, cannot be read",
    "--clock-jump, 2027-01-01, cannot be read",
    "--revoke, nobody@3d, no configured grant matches",
    "--revoke, germany, cannot be read",
    "--secret-expires, germany@+3d, cannot be read",
    "--sign-in-frequency, germany@3d, cannot be read",
    "--days, 0, out of range",
    "--days, 4000, out of range"
  })
  void aMistakeOfUsageIsNamedWithAnExample(String option, String value, String words) {
    Terminal.Result result = terminal.run("simulate", option, value);

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains(option + ": ", words, "hint: ");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void aLongListIsCutInTheTextAndWholeInTheDocument() throws IOException {
    StringBuilder grants = new StringBuilder("{ name: g0 }");
    for (int n = 1; n < 40; n++) {
      grants.append(", { name: g").append(n).append(" }");
    }
    Files.writeString(
        folder.resolve("refreshd.yaml"), YAML.replace("{ name: sandbox }", grants.toString()));

    assertThat(terminal.run("simulate", "--revoke", "*/*@1d").out())
        .contains("deaths:", "and 18 more (--json has all)");
    assertThat(json(terminal.run("simulate", "--json", "--revoke", "*/*@1d")).get("deaths").asInt())
        .isEqualTo(42);
  }
}
