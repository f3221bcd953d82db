package io.refreshd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.sandbox.Sandbox;
import io.refreshd.sandbox.SandboxCast;
import io.refreshd.sandbox.SandboxSettings;
import io.refreshd.sandbox.Trouble;
import io.refreshd.sandbox.Troubles;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The commands, with a real store, against the sandbox. Time is turned by hand. */
class CommandsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final MutableClock clock = new MutableClock();

  @TempDir private Path folder;
  private Sandbox sandbox;
  private SandboxCast cast;
  private Terminal terminal;

  @BeforeEach
  void startSandbox() throws IOException {
    sandbox = Sandbox.start(0, SandboxSettings.DEFAULT, clock);
    cast = SandboxCast.enter(sandbox, 2);
    for (SandboxCast.Market market : cast.markets()) {
      Files.writeString(folder.resolve(market.name() + ".secret"), market.secret() + "\n");
    }
    String yaml =
        cast.yaml(Duration.ofDays(7), Duration.ofDays(90), market -> "file:" + market + ".secret");
    Files.writeString(folder.resolve("refreshd.yaml"), yaml);
    terminal = new Terminal(folder, clock).with("REFRESHD_CONFIG", file("refreshd.yaml"));
  }

  @AfterEach
  void stopSandbox() {
    sandbox.close();
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private SandboxCast.Member member(String grant) {
    return cast.members().stream().filter(m -> m.grant().equals(grant)).findFirst().orElseThrow();
  }

  private void importAll() {
    for (SandboxCast.Member member : cast.members()) {
      Terminal.Result result = terminal.runWith(member.refreshToken(), "import", member.grant());
      assertThat(result.exit()).as(result.err()).isZero();
    }
  }

  private JsonNode status(String grant) {
    Terminal.Result result = terminal.run("status", "--json", grant);
    assertThat(result.exit()).isZero();
    return JSON.readTree(result.out()).get("grants").get(0);
  }

  private List<JsonNode> log(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "log";
    all[1] = "--json";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    Terminal.Result result = terminal.run(all);
    assertThat(result.exit()).as(result.err()).isZero();
    return result.lines().stream().map(JSON::readTree).toList();
  }

  @Test
  void anImportedTokenIsGenerationOneAndItsSuccessorTwo() {
    SandboxCast.Member member = member("germany/live");

    Terminal.Result result =
        terminal.runWith(
            member.refreshToken() + "\n", "import", "germany/live", "--signed-in-at", "10d");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).startsWith("germany/live: generation 2, good for 90.0d");
    JsonNode status = status("germany/live");
    assertThat(status.get("state").asString()).isEqualTo("healthy");
    assertThat(status.get("level").asString()).isEqualTo("ok");
    assertThat(status.get("generation").asInt()).isEqualTo(2);
    assertThat(status.get("issuedAt").asString()).isEqualTo(clock.instant().toString());
    assertThat(status.get("signedInAt").asString())
        .isEqualTo(clock.instant().minus(Duration.ofDays(10)).toString());
    assertThat(log().stream().map(e -> e.get("event").asString() + e.get("generation").asInt()))
        .containsExactly("imported1", "rotated2");
    assertThat(sandbox.chain(member.tenantId(), member.clientId(), member.grant()).redemptions())
        .isEqualTo(1);
  }

  @Test
  void theMarkThatAnEditorPutBeforeATokenIsNoPartOfIt() {
    String token = member("germany/live").refreshToken();

    Terminal.Result result = terminal.runWith("\uFEFF" + token + "\n", "import", "germany/live");

    assertThat(result.exit()).as(result.err()).isZero();
  }

  /** One of them has found out that the secret is no more; it holds the other one back. */
  @Test
  void aGrantThatIsHeldBackByAnothersRefusalDiesInASimulationToo() throws IOException {
    importAll();
    Files.writeString(folder.resolve("germany.secret"), "not-the-secret");
    terminal.run("rotate", "germany/live");
    terminal.run("rotate", "germany/live");
    assertThat(status("germany/sandbox").get("state").asString()).isEqualTo("blocked");

    JsonNode simulation = JSON.readTree(terminal.run("simulate", "--json").out());

    assertThat(simulation.get("deaths").asInt()).isEqualTo(2);
  }

  @Test
  void aTokenThatIsRefusedAtImportIsNotStoredAndTheServersWordsAreShown() {
    Terminal.Result result = terminal.runWith("not-a-token", "import", "germany/live");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err())
        .contains("germany/live: the token was not accepted (")
        .contains("AADSTS")
        .contains("nothing was stored")
        .contains("hint: ")
        .doesNotContain("\tat ");
    assertThat(status("germany/live").get("state").asString()).isEqualTo("new");
    assertThat(status("germany/live").get("generation").isNull()).isTrue();
  }

  @Test
  void aTokenOfAnotherUserIsNotStoredOverTheGrants() {
    importAll();
    SandboxCast.Member member = member("germany/live");
    String other = sandbox.issueRefreshToken(member.tenantId(), member.clientId(), "somebody-else");

    Terminal.Result result = terminal.runWith(other, "import", "germany/live");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("another user or tenant").contains("--new-user");
    assertThat(status("germany/live").get("generation").asInt()).isEqualTo(2);

    Terminal.Result meant = terminal.runWith(other, "import", "germany/live", "--new-user");
    assertThat(meant.exit()).as(meant.err()).isZero();
    assertThat(status("germany/live").get("generation").asInt()).isEqualTo(4);
  }

  @Test
  void aSimulationBeginsWithTheFleetAsItIsStoredAndChangesNothing() {
    importAll();
    clock.advance(Duration.ofDays(20));
    JsonNode before = status("germany/live");

    Terminal.Result stored = terminal.run("simulate");
    Terminal.Result fresh = terminal.run("simulate", "--fresh");

    assertThat(stored.exit()).as(stored.err()).isZero();
    assertThat(stored.out()).contains("oldest token ever 20.0d").doesNotContain("enrolled now");
    assertThat(fresh.out())
        .contains("oldest token ever 7.")
        .contains("4 of them taken as enrolled");
    assertThat(status("germany/live")).isEqualTo(before);
  }

  @Test
  void anEmptyStandardInputIsAMistakeOfUsage() {
    Terminal.Result result = terminal.runWith("  \n", "import", "germany/live");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err())
        .contains("germany/live: the refresh token is empty")
        .contains("hint: ");
  }

  @Test
  void theWholeAnswerOfAnEndpointIsNoToken() {
    Terminal.Result result =
        terminal.runWith("{\"refresh_token\":\"0.abc\"}", "import", "germany/live", "--no-redeem");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("germany/live: ", "JSON").doesNotContain("0.abc");
    assertThat(status("germany/live").get("state").asString()).isEqualTo("new");
  }

  @Test
  void anUnredeemedImportOfATokenThatIsOverSaysSo() {
    String token = member("germany/live").refreshToken();

    Terminal.Result result =
        terminal.runWith(token, "import", "germany/live", "--no-redeem", "--issued-at", "91d");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.err())
        .contains("warning: germany/live: a token that was issued at ", " is over");
    assertThat(result.out()).isEqualTo("germany/live: generation 1, which was over 1.0d ago\n");
    assertThat(status("germany/live").get("state").asString()).isEqualTo("expired");
  }

  @Test
  void theDoctorForecastsNothingFromAStoreThatCannotBeRead() throws IOException {
    importAll();
    Files.writeString(folder.resolve("refreshd.db"), "no database".repeat(1_000));

    Terminal.Result result = terminal.run("doctor");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .contains("forecast: none before the above is seen to")
        .doesNotContain("no grant dies");
  }

  @Test
  void theDoctorDoesNotFallSilentOverALockFileThatItMayNotOpen() throws IOException {
    importAll();
    Files.delete(folder.resolve("refreshd.db.lock"));
    Files.createDirectory(folder.resolve("refreshd.db.lock"));

    Terminal.Result result = terminal.run("doctor", "--json");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(JSON.readTree(result.out()).get("findings"))
        .anySatisfy(
            finding -> {
              assertThat(finding.get("subject").asString()).isEqualTo("daemon");
              assertThat(finding.get("level").asString()).isEqualTo("warning");
              assertThat(finding.get("what").asString())
                  .startsWith("nobody knows whether it runs: the lock file ");
            });
  }

  @Test
  void whoSetTheProxyOfOtherProgramsIsToldWhereOursIsSet() {
    sandbox.close();

    assertThat(terminal.with("HTTPS_PROXY", "http://proxy:3128").run("doctor").out())
        .contains("$HTTPS_PROXY is set, but Java goes by -Dhttps.proxyHost")
        .contains("(REFRESHD_JAVA_OPTS)");
  }

  @Test
  void anUnredeemedImportWithoutAnIssueTimeIsDueAtOnceAndWarns() {
    Terminal.Result result =
        terminal.runWith(
            member("germany/live").refreshToken(), "import", "germany/live", "--no-redeem");

    assertThat(result.exit()).as(result.err()).isZero();
    JsonNode status = status("germany/live");
    assertThat(status.get("issuedAt").isNull()).isTrue();
    assertThat(status.get("level").asString()).isEqualTo("warning");
    assertThat(status.get("nextAttemptAt").asString()).isEqualTo(clock.instant().toString());
  }

  @Test
  void whoIsWarnedOfATokenOfUnknownAgeIsToldWhy() {
    terminal.runWith(
        member("germany/live").refreshToken(), "import", "germany/live", "--no-redeem");

    Terminal.Result check = terminal.run("status", "--check", "germany/live");

    assertThat(check.exit()).isEqualTo(1);
    assertThat(check.lines().get(2).strip())
        .isEqualTo("nobody knows how old its token is: refreshd rotate germany/live");
  }

  @Test
  void rotateRotatesWhatIsSelectedAndNamesWhatDidNot() {
    importAll();
    sandbox.troubles().begin(new Troubles.OfUser("france/live"), new Trouble.UserDisabled());

    Terminal.Result result = terminal.run("rotate", "*/live");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .contains("germany/live: generation 3")
        .contains("france/live: not rotated (account): AADSTS50057")
        .doesNotContain("sandbox:");
    assertThat(result.err()).contains("1 rotated, 1 not");
    assertThat(status("france/live").get("state").asString()).isEqualTo("retrying");
    assertThat(status("france/live").get("code").asString()).isEqualTo("50057");
    assertThat(status("germany/sandbox").get("generation").asInt()).isEqualTo(2);
  }

  @Test
  void aGrantWithoutATokenIsNamedAndMakesRotateFail() {
    Terminal.Result result = terminal.run("rotate", "germany/live");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("germany/live: not rotated: no token yet");
  }

  @Test
  void statusCheckExitsAsMonitoringPluginsDo() throws IOException {
    assertThat(terminal.run("status", "--check").exit()).as("new grants warn").isEqualTo(1);
    importAll();
    assertThat(terminal.run("status", "--check").exit()).isZero();

    clock.advance(Duration.ofDays(50));
    assertThat(terminal.run("status", "--check").exit()).as("less than half").isEqualTo(1);
    clock.advance(Duration.ofDays(30));
    assertThat(terminal.run("status", "--check").exit()).as("less than a sixth").isEqualTo(2);

    Files.writeString(folder.resolve("broken.yaml"), "tenants: {");
    assertThat(terminal.run("status", "--check", "--config", file("broken.yaml")).exit())
        .isEqualTo(3);
    assertThat(terminal.run("--config", file("broken.yaml"), "status").exit()).isEqualTo(2);
  }

  @Test
  void theLogIsFiltered() {
    importAll();
    clock.advance(Duration.ofDays(1));
    sandbox.troubles().begin(new Troubles.Everyone(), new Trouble.Outage());
    terminal.run("rotate");
    sandbox.troubles().endAll();
    clock.advance(Duration.ofDays(1));
    terminal.run("rotate", "germany");

    assertThat(log("--failed"))
        .hasSize(4)
        .allMatch(e -> e.get("kind").asString().equals("transient"));
    assertThat(log("--event", "recovered")).hasSize(2);
    assertThat(log("germany/live", "--event", "rotated")).hasSize(2);
    // the sandbox's server shows the machine's time, so that the turned clock is learned to be off
    assertThat(log("--since", "36h", "--until", "12h"))
        .filteredOn(e -> !e.get("event").asString().equals("learned"))
        .hasSize(4);
    assertThat(log("--limit", "2").stream().map(e -> e.get("seq").asInt()))
        .isSorted()
        .last()
        .isEqualTo(log().size());
    assertThat(terminal.run("log", "--event", "rottated").exit()).isEqualTo(2);
    assertThat(terminal.run("log", "--since", "2026-01-01T00:00Z").exit()).isZero();
    assertThat(terminal.run("log", "--since", "yesterday").err()).contains("is not a time");
  }

  @Test
  void aLogWithNothingInItForAMisspeltGrantSaysSo() {
    importAll();

    Terminal.Result result = terminal.run("log", "germany/lvie");

    assertThat(result.exit()).isZero();
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("no entry of the rotation log matches")
        .contains("hint: no configured grant matches \"germany/lvie\"; configured are: ");
    assertThat(terminal.run("log", "germany/live", "--event", "forgotten").err())
        .isEqualToIgnoringNewLines("no entry of the rotation log matches");
    assertThat(terminal.run("log", "germany/live").err()).isEmpty();
  }

  @Test
  void theLinesOfTheLogAlsoGoToTheFile() throws IOException {
    importAll();
    terminal.run("rotate", "germany");

    assertThat(Files.readAllLines(folder.resolve("rotation.log")))
        .containsExactlyElementsOf(terminal.run("log", "--json").lines());
  }

  @Test
  void revealPrintsTheTokenAloneAndIsLogged() {
    importAll();
    SandboxCast.Member member = member("germany/live");

    Terminal.Result result = terminal.run("reveal", "germany/live", "--yes");

    assertThat(result.exit()).isZero();
    assertThat(result.lines()).containsExactly(cast.chain(member).newest());
    List<JsonNode> log = log("germany/live");
    assertThat(log.get(log.size() - 1).get("event").asString()).isEqualTo("revealed");
    assertThat(terminal.run("reveal", "germany/live").exit()).as("no terminal").isEqualTo(2);
  }

  /** From now on the configuration names the grants of Germany only. */
  private void unconfigureFrance() throws IOException {
    String yaml = Files.readString(folder.resolve("refreshd.yaml"));
    Files.writeString(
        folder.resolve("refreshd.yaml"), yaml.substring(0, yaml.indexOf("  - name: france")));
  }

  @Test
  void aStoredGrantThatIsNotConfiguredIsListedLastAndWarns() throws IOException {
    importAll();
    unconfigureFrance();

    Terminal.Result result = terminal.run("status");
    assertThat(result.exit()).isZero();
    assertThat(result.lines().get(2)).startsWith("germany/sandbox");
    assertThat(result.lines().get(3)).startsWith("france/live").contains("unconfigured", "90.0d");
    assertThat(result.lines().get(4)).contains("refreshd forget france/live");

    JsonNode status = status("france/live");
    assertThat(status.get("state").asString()).isEqualTo("unconfigured");
    assertThat(status.get("level").asString()).isEqualTo("warning");
    assertThat(status.get("generation").asInt()).isEqualTo(2);
    assertThat(status.get("expiresAt").asString())
        .isEqualTo(clock.instant().plus(Duration.ofDays(90)).toString());
    assertThat(status.get("nextAttemptAt").isNull()).isTrue();
    assertThat(terminal.run("status", "--check").exit()).isEqualTo(1);
    assertThat(terminal.run("status", "--check", "germany").exit()).isZero();
    assertThat(terminal.run("status", "spain").exit()).isEqualTo(2);
  }

  @Test
  void aStoredGrantThatIsNotConfiguredCanBeLookedAtButNotRotated() throws IOException {
    importAll();
    unconfigureFrance();

    assertThat(log("france/live")).hasSize(2);
    assertThat(terminal.run("reveal", "france/live", "--yes").lines())
        .containsExactly(cast.chain(member("france/live")).newest());
    assertThat(terminal.run("reveal", "france/other", "--yes").exit()).isEqualTo(2);
    Terminal.Result result = terminal.run("rotate", "france");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err())
        .contains("france/live: its token is stored, but no configuration says how to redeem it")
        .contains("refreshd forget france/live");
    assertThat(terminal.run("rotate", "*/live").exit()).as("of the configured").isZero();
    assertThat(cast.chain(member("france/live")).redemptions()).isEqualTo(1);
  }

  @Test
  void whatIsForgottenIsGoneButForItsLog() throws IOException {
    importAll();
    unconfigureFrance();

    Terminal.Result asked = terminal.run("forget", "france/live");
    assertThat(asked.exit()).as("no terminal").isEqualTo(2);
    assertThat(asked.err())
        .contains("france/live: generation 2, issued " + clock.instant())
        .contains("expires " + clock.instant().plus(Duration.ofDays(90)))
        .contains("--yes");
    assertThat(status("france/live").get("generation").asInt()).isEqualTo(2);

    Terminal.Result result = terminal.run("forget", "france/live", "--yes");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo("france/live: forgotten\n");
    assertThat(terminal.run("status").out())
        .doesNotContain("france/live")
        .contains("france/sandbox");
    List<JsonNode> log = log("france/live");
    assertThat(log).hasSize(3);
    assertThat(log.get(2).get("event").asString()).isEqualTo("forgotten");
    assertThat(log.get(2).get("generation").asInt()).isEqualTo(2);
    assertThat(log.get(2).get("fingerprint")).isEqualTo(log.get(1).get("fingerprint"));
    assertThat(terminal.run("forget", "france/live", "--yes").exit()).as("again").isEqualTo(1);
  }

  @Test
  void aConfiguredGrantIsNotForgotten() {
    importAll();

    Terminal.Result result = terminal.run("forget", "germany/live", "--yes");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err())
        .contains("germany/live: is configured")
        .contains("remove it from the YAML");
    assertThat(status("germany/live").get("generation").asInt()).isEqualTo(2);
    assertThat(terminal.run("forget", "germany", "--yes").exit()).as("no name").isEqualTo(2);
  }

  @Test
  void aNewKeySealsEveryTokenAndRotationGoesOn() throws IOException {
    importAll();
    byte[] before = Files.readAllBytes(folder.resolve("refreshd.key"));

    Terminal.Result result = terminal.run("key", "rotate");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).contains("8 tokens resealed");
    assertThat(Files.readAllBytes(folder.resolve("refreshd.key"))).isNotEqualTo(before);
    assertThat(terminal.run("rotate").exit()).isZero();
    assertThat(log("--event", "key-rotated")).hasSize(1);
  }

  @Test
  void everyProblemOfTheConfigurationIsNamed() throws IOException {
    Files.writeString(
        folder.resolve("bad.yaml"),
        """
        tenants:
          - name: germany
            tenant-idd: 11111111-2222-3333-4444-555555555555
            client-id: app
            client-secret: hunter2-hunter2
            authority: http://example.org
            rotate-every: 80d
            grants: [{ name: live, scopes: [a] }]
        """);

    Terminal.Result result = terminal.run("check", "--config", file("bad.yaml"));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err())
        .contains("bad.yaml:3:5")
        .contains("tenant-id")
        .contains("bad.yaml:5:")
        .contains("bad.yaml:6:")
        .contains("bad.yaml:7:")
        .doesNotContain("hunter2");
    assertThat(terminal.run("check").exit()).isZero();
  }

  @Test
  void mistakesOfUsageExitWithTwoAndAHint() {
    assertThat(terminal.run("rotate", "spain/live").exit()).isEqualTo(2);
    assertThat(terminal.run("rotate", "spain/live").err())
        .contains("no configured grant matches \"spain/live\"")
        .contains("hint: configured are: germany/live");
    assertThat(terminal.run("rotat").exit()).isEqualTo(2);
    assertThat(terminal.run().exit()).isEqualTo(2);
    assertThat(terminal.run("--help").exit()).isZero();
  }

  @Test
  void statusShowsABarAndTheReason() {
    importAll();
    sandbox.troubles().begin(new Troubles.OfUser("germany/live"), new Trouble.MfaRequired());
    terminal.run("rotate", "germany/live");

    List<String> lines = terminal.run("status", "germany").lines();

    assertThat(lines.get(1)).contains("germany/live").contains("retrying").contains("█");
    assertThat(lines.get(2)).contains("interaction-required: AADSTS50076");
    assertThat(lines.get(3)).contains("germany/sandbox").contains("healthy");
  }

  @Test
  void statusShowsBothClocksAndWhichOneRules() throws IOException {
    String yaml = Files.readString(folder.resolve("refreshd.yaml"));
    Files.writeString(
        folder.resolve("refreshd.yaml"),
        yaml.replace("rotate-every: 7d", "rotate-every: 7d\n  sign-in-frequency: 30d"));
    SandboxCast.Member member = member("germany/live");
    terminal.runWith(member.refreshToken(), "import", "--signed-in-at", "20d", "germany/live");

    JsonNode status = status("germany/live");
    List<String> lines = terminal.run("status", "germany").lines();

    assertThat(status.get("clock").asString()).isEqualTo("sign-in");
    assertThat(status.get("clockSource").asString()).isEqualTo("sign-in-frequency");
    assertThat(status.get("daysLeft").asDouble()).isBetween(9.9, 10.0);
    assertThat(lines.get(2))
        .contains("sign-in ends in 10.0d (sign-in-frequency 30.0d); token ends in 90.0d");
  }

  @Test
  void theCommandThatStatusHintsAtForAnUnknownSignInCanBeTyped() throws IOException {
    String yaml = Files.readString(folder.resolve("refreshd.yaml"));
    Files.writeString(
        folder.resolve("refreshd.yaml"),
        yaml.replace("rotate-every: 7d", "rotate-every: 7d\n  sign-in-frequency: 30d"));
    terminal.runWith(
        member("germany/live").refreshToken(),
        "import",
        "--no-redeem",
        "--issued-at",
        "1d",
        "germany/live");

    assertThat(terminal.run("status", "germany/live").out())
        .contains("at the next import: refreshd import germany/live --signed-in-at T\n");
  }

  @Test
  void statusShowsWhichSecretWorksAndWhenTheyEnd() throws IOException {
    Files.writeString(folder.resolve("old.secret"), "a-secret-that-was-replaced");
    String yaml = Files.readString(folder.resolve("refreshd.yaml"));
    Files.writeString(
        folder.resolve("refreshd.yaml"),
        yaml.replace(
            "client-secret: file:germany.secret",
            "client-secret: [file:old.secret, file:germany.secret]\n"
                + "    client-secret-expires: [~, "
                + clock.instant().plus(Duration.ofDays(20))
                + "]"));
    SandboxCast.Member member = member("germany/live");
    terminal.runWith(member.refreshToken(), "import", "--no-redeem", "germany/live");

    assertThat(terminal.run("rotate", "germany/live").exit()).isZero();

    JsonNode status = JSON.readTree(terminal.run("status", "--json", "germany/live").out());
    JsonNode first = status.get("credentials").get(0);
    assertThat(first.get("credential").asString()).isEqualTo("client secret 1 of 2");
    assertThat(first.get("use").asString()).isEqualTo("refused");
    assertThat(first.get("code").asString()).isEqualTo("7000215");
    JsonNode second = status.get("credentials").get(1);
    assertThat(second.get("use").asString()).isEqualTo("in-use");
    assertThat(second.get("daysLeft").asDouble()).isBetween(19.9, 20.0);
    assertThat(second.get("level").asString()).isEqualTo("warning");
    assertThat(status.get("level").asString()).isEqualTo("warning");
    assertThat(terminal.run("status", "germany/live").out())
        .contains("client secret 1 of 2: refused since")
        .contains("(AADSTS7000215)")
        .contains("client secret 2 of 2: in-use, ends in 20.0d; 1 grant");
    assertThat(terminal.run("doctor", "germany/live").out())
        .as("who is only healthy until then is told what to do")
        .contains("client secret 1 of 2, is refused; its grants: germany/live")
        .contains("client secret 2 of 2, ends " + clock.instant().plus(Duration.ofDays(20)))
        .contains("make a new one at the application's registration");
    assertThat(log("--failed"))
        .singleElement()
        .matches(e -> e.get("kind").asString().equals("configuration"));
  }
}
