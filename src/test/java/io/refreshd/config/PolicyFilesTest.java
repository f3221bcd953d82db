package io.refreshd.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.refreshd.config.TokenLifetimePolicy.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of token lifetime policies: every form that an administrator has, and what is wrong. */
class PolicyFilesTest {

  private static final String BARE =
      "{\"TokenLifetimePolicy\":{\"Version\":1,\"AccessTokenLifetime\":\"8:00:00\"}}";
  private static final String ESCAPED = BARE.replace("\"", "\\\"");
  private static final String GRAPH =
      "{\"id\":\"x\",\"definition\":[\"" + ESCAPED + "\"],\"displayName\":\"eight hours\"}";

  @TempDir Path temp;

  @Test
  void aPolicyIsReadWithEveryProperty() throws Exception {
    String text =
        """
        {"TokenLifetimePolicy": {
        \t"Version": 1,
        \t"AccessTokenLifetime": "00:10:00",
        \t"MaxInactiveTime": "00:30:00",
        \t"MaxAgeMultiFactor": "Until-Revoked",
        \t"MaxAgeSingleFactor": "180.00:00:00"
        }}
        """;

    TokenLifetimePolicy policy = load(text).get(0);

    assertThat(policy.name()).isNull();
    assertThat(policy.file()).isEqualTo("policy.json");
    assertThat(policy.settings())
        .containsExactly(
            set(PolicyProperty.ACCESS_TOKEN_LIFETIME, "3:2", "00:10:00", Duration.ofMinutes(10)),
            set(PolicyProperty.MAX_INACTIVE_TIME, "4:2", "00:30:00", Duration.ofMinutes(30)),
            set(PolicyProperty.MAX_AGE_MULTI_FACTOR, "5:2", "Until-Revoked", null),
            set(PolicyProperty.MAX_AGE_SINGLE_FACTOR, "6:2", "180.00:00:00", Duration.ofDays(180)));
    assertThat(policy.absent())
        .containsExactly(
            PolicyProperty.MAX_AGE_SESSION_SINGLE_FACTOR,
            PolicyProperty.MAX_AGE_SESSION_MULTI_FACTOR);
  }

  static Stream<Arguments> forms() {
    String powerShell =
        GRAPH.replace("definition", "Definition").replace("displayName", "DisplayName");
    return Stream.of(
        arguments(BARE, 1),
        arguments("\uFEFF" + BARE, 1),
        arguments("[" + BARE + "]", 1),
        arguments(GRAPH, 1),
        arguments(powerShell, 1),
        arguments("[" + GRAPH + "," + GRAPH + "]", 2),
        arguments("{\"@odata.context\":\"x\",\"value\":[" + GRAPH + "," + GRAPH + "]}", 2),
        arguments("{\"definition\":\"" + ESCAPED + "\",\"displayName\":null}", 1));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void everyFormIsTaken(String text, int policies) throws Exception {
    List<TokenLifetimePolicy> read = load(text);

    assertThat(read).hasSize(policies);
    assertThat(read)
        .allSatisfy(
            policy ->
                assertThat(policy.settings())
                    .extracting(Setting::duration)
                    .containsExactly(Duration.ofHours(8)))
        .allMatch(policy -> policy.name() == null || policy.name().equals("eight hours"));
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        bad("", "1:1: holds no token lifetime policy; would be " + would()),
        bad("{}", "1:1: holds no token lifetime policy; would be " + would()),
        bad("[]", "1:1: holds no token lifetime policy; would be " + would()),
        bad("{\"value\":[]}", "1:10: holds no token lifetime policy; would be " + would()),
        bad(
            "{\"definition\":[\"{}\"]}",
            "1:16: holds no token lifetime policy; would be " + would()),
        bad("{\"definition\":[]}", "1:15: holds no token lifetime policy; would be " + would()),
        bad(
            "{\"TokenLifetimePolicy\":",
            "1:24: not valid JSON; would be as Microsoft Graph or PowerShell shows it"),
        bad(
            "{\"definition\":[\"{oops\"]}",
            "1:16: not valid JSON; would be as Microsoft Graph or PowerShell shows it"),
        bad(BARE + BARE, "1:70: a second document; would be one document in a file"),
        bad(
            policy("\"MaxInactiveTim\":\"00:30:00\""),
            "1:25: TokenLifetimePolicy.MaxInactiveTim: unknown property; did you mean"
                + " MaxInactiveTime?"),
        bad(
            policy("\"maxagemultifactor\":\"until-revoked\""),
            "1:25: TokenLifetimePolicy.maxagemultifactor: unknown property; did you mean"
                + " MaxAgeMultiFactor?"),
        bad(
            policy("\"Colour\":1"),
            "1:25: TokenLifetimePolicy.Colour: unknown property; known: AccessTokenLifetime,"
                + " MaxInactiveTime, MaxAgeSingleFactor, MaxAgeMultiFactor,"
                + " MaxAgeSessionSingleFactor, MaxAgeSessionMultiFactor, Version"),
        bad(
            policy("\"Version\":2"),
            "1:35: TokenLifetimePolicy.Version: is a version that nobody knows; would be 1"),
        bad(
            policy("\"AccessTokenLifetime\":\"00:09:59\",\"MaxInactiveTime\":30"),
            "1:47: TokenLifetimePolicy.AccessTokenLifetime: \"00:09:59\" is out of range; would be"
                + " 00:10:00 to 1.00:00:00",
            "1:76: TokenLifetimePolicy.MaxInactiveTime: \"30\" is not a time; would be D.HH:MM:SS"
                + " or HH:MM:SS"),
        bad(
            policy("\"AccessTokenLifetime\":\"1.00:00:01\""),
            "1:47: TokenLifetimePolicy.AccessTokenLifetime: \"1.00:00:01\" is out of range; would"
                + " be 00:10:00 to 1.00:00:00"),
        bad(
            policy("\"AccessTokenLifetime\":\"until-revoked\""),
            "1:47: TokenLifetimePolicy.AccessTokenLifetime: \"until-revoked\" is out of range; would"
                + " be 00:10:00 to 1.00:00:00"),
        bad(
            policy("\"MaxAgeMultiFactor\":\"until revoked\""),
            "1:45: TokenLifetimePolicy.MaxAgeMultiFactor: \"until revoked\" is not a time; would be"
                + " D.HH:MM:SS or HH:MM:SS, or until-revoked"),
        bad(
            policy("\"Version\":1,\"Version\":1"),
            "1:37: TokenLifetimePolicy.Version: is given twice, first at policy.json:1:25; would be"
                + " given once"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void whatIsWrongIsToldAtItsPlace(String text, List<String> problems) {
    assertThatThrownBy(() -> load(text))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .extracting(Problem::toString)
                    .containsExactlyElementsOf(problems));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00:10:00", "23:59:59", "1.00:00:00"})
  void theBoundsOfTheAccessTokenAreWithin(String time) throws Exception {
    assertThat(load(policy("\"AccessTokenLifetime\":\"" + time + "\""))).hasSize(1);
  }

  @Test
  void whatEntraIgnoresMayHaveAnyTime() throws Exception {
    TokenLifetimePolicy policy =
        load(policy("\"MaxInactiveTime\":\"365.00:00:00\",\"MaxAgeMultiFactor\":\"until-revoked\""))
            .get(0);

    assertThat(policy.settings()).extracting(Setting::isWithinBounds).containsExactly(false, true);
  }

  @Test
  void aFileThatCannotBeReadIsAProblem() throws IOException {
    Path file = temp.resolve("policy.json");

    assertThatThrownBy(() -> PolicyFiles.load(file, "policy.json"))
        .hasMessage("policy.json: does not exist; would be a file");
    Files.writeString(file, " ".repeat(256 * 1024) + BARE);
    assertThatThrownBy(() -> PolicyFiles.load(file, "policy.json"))
        .hasMessage("policy.json: is larger than 256 KiB; would be smaller");
    Files.write(file, BARE.getBytes(StandardCharsets.UTF_16));
    assertThatThrownBy(() -> PolicyFiles.load(file, "policy.json"))
        .hasMessage("policy.json: is not UTF-8 text; would be saved as UTF-8");
  }

  @Test
  void aConfigurationReadsThePoliciesThatItNamesOnceEach() throws ConfigException {
    String yaml =
        """
        defaults: {client-id: c, tenant-id: example.org, scopes: [s], token-lifetime-policy: p.json}
        tenants:
          - {name: t, token-lifetime-policy: p.json, grants: [{name: g}]}
          - {name: u, token-lifetime-policy: q.json, grants: [{name: g}, {name: h}]}
        """;
    ConfigFolder folder =
        new ConfigFolder(temp)
            .file("etc/refreshd.yaml", yaml)
            .file("etc/p.json", BARE)
            .file("etc/q.json", GRAPH);
    Path main = Path.of("etc/refreshd.yaml");

    assertThat(folder.load(main, References.RESOLVE).policies())
        .extracting(TokenLifetimePolicy::file)
        .containsExactly("etc/p.json", "etc/q.json");
    assertThat(folder.load(main, References.LEAVE).policies()).isEmpty();
  }

  @Test
  void problemsOfPoliciesComeWithThoseOfTheConfiguration() {
    String yaml =
        """
        defaults: {client-id: c, tenant-id: example.org, scopes: [s], token-lifetime-policy: p.json}
        tenants:
          - {name: t, token-lifetime-policy: gone.json, grants: [{name: g}]}
        """;
    ConfigFolder folder =
        new ConfigFolder(temp).file("refreshd.yaml", yaml).file("p.json", policy("\"Version\":3"));

    assertThat(folder.problems())
        .containsExactly(
            "p.json:1:35: TokenLifetimePolicy.Version: is a version that nobody knows; would be 1",
            "refreshd.yaml:3:38: tenants[t].token-lifetime-policy: does not exist; would be a"
                + " file");
  }

  private List<TokenLifetimePolicy> load(String text) throws IOException, ConfigException {
    return PolicyFiles.load(Files.writeString(temp.resolve("policy.json"), text), "policy.json");
  }

  private static Setting set(
      PolicyProperty property, String place, String written, @Nullable Duration duration) {
    return new Setting(property, "policy.json:" + place, written, duration);
  }

  private static String policy(String properties) {
    return "{\"TokenLifetimePolicy\":{" + properties + "}}";
  }

  private static String would() {
    return "{\"TokenLifetimePolicy\":{\"Version\":1,\"AccessTokenLifetime\":\"01:00:00\"}}";
  }

  private static Arguments bad(String text, String... problems) {
    return arguments(text, Stream.of(problems).map(p -> "policy.json:" + p).toList());
  }
}
