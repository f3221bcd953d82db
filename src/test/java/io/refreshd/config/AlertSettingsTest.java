package io.refreshd.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.config.ChannelSettings.Command;
import io.refreshd.config.ChannelSettings.Format;
import io.refreshd.config.ChannelSettings.Mail;
import io.refreshd.config.ChannelSettings.Webhook;
import io.refreshd.grant.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code alerts} becomes. */
class AlertSettingsTest {

  private static final String TENANTS =
      """
      tenants:
        - name: t
          tenant-id: example.org
          client-id: c
          grants: [{name: g, scopes: [s]}]
      """;

  @TempDir Path temp;

  /** The line of the product's contract. */
  @Test
  void everyKindOfChannelIsRead() throws ConfigException {
    ConfigFolder folder =
        folder(
                """
                alerts:
                  ladder: [10d, 36h]
                  silence: 3d
                  channels:
                    - {name: ops, webhook: 'https://example.org/hook?a=b', format: slack, token: env:X}
                    - {name: mail, smtp: "smtp://host:2525", from: a@b, to: [c@d, e@f.example], username: u, password: env:Y}
                    - {name: pager, command: [./page, arg, ''], timeout: 1m}
                """)
            .environment("X", "x")
            .environment("Y", "y")
            .program("page");

    assertThat(folder.load().alerts())
        .isEqualTo(
            new AlertSettings(
                List.of(Duration.ofDays(10), Duration.ofHours(36)),
                Duration.ofDays(3),
                List.of(
                    new Webhook(
                        "ops",
                        URI.create("https://example.org/hook?a=b"),
                        Format.SLACK,
                        Secret.of("x")),
                    new Mail(
                        "mail",
                        URI.create("smtp://host:2525"),
                        "a@b",
                        List.of("c@d", "e@f.example"),
                        "u",
                        Secret.of("y")),
                    new Command(
                        "pager",
                        List.of(folder.path("./page").toString(), "arg", ""),
                        Duration.ofMinutes(1)))));
  }

  @Test
  void withoutAlertsTheDefaultsHoldAndNobodyIsTold() throws ConfigException {
    List<Duration> ladder =
        List.of(
            Duration.ofDays(30),
            Duration.ofDays(14),
            Duration.ofDays(7),
            Duration.ofDays(3),
            Duration.ofDays(1));
    AlertSettings standard = new AlertSettings(ladder, Duration.ofDays(14), List.of());

    assertThat(folder("").load().alerts()).isEqualTo(standard);
    assertThat(folder("alerts: {}\n").load().alerts()).isEqualTo(standard);
    assertThat(folder("alerts: {channels: []}\n").load().alerts()).isEqualTo(standard);
  }

  @Test
  void aChannelHasDefaultsToo() throws ConfigException {
    String yaml =
        """
        alerts:
          channels:
            - {name: a, webhook: 'http://127.0.0.1:8080/'}
            - {name: b, command: [page]}
        """;
    ConfigFolder folder = folder(yaml).program("page");

    assertThat(folder.load().alerts().channels())
        .containsExactly(
            new Webhook("a", URI.create("http://127.0.0.1:8080/"), Format.GENERIC, null),
            new Command("b", List.of(folder.path("page").toString()), Duration.ofSeconds(10)));
  }

  @ParameterizedTest
  @CsvSource({
    "smtp://host, smtp://host:587",
    "smtps://host, smtps://host:465",
    "SMTP://host/, smtp://host:587",
    "smtp://[::1]:25, smtp://[::1]:25"
  })
  void aMailServerHasAPort(String given, URI server) throws ConfigException {
    String yaml = "alerts: {channels: [{name: m, smtp: '%s', from: a@b, to: [c@d]}]}\n";

    assertThat(folder(yaml.formatted(given)).load().alerts().channels())
        .containsExactly(new Mail("m", server, "a@b", List.of("c@d"), null, null));
  }

  @Test
  void theUrlOfAWebhookMayBeASecretAndIsNotPrinted() throws ConfigException {
    String yaml = "alerts: {channels: [{name: chat, webhook: file:url, format: teams}]}\n";
    ConfigFolder folder = folder(yaml).file("url", "https://example.org/hunter2?sig=hunter2\n");

    ChannelSettings channel = folder.load().alerts().channels().get(0);

    assertThat(channel)
        .isEqualTo(
            new Webhook(
                "chat", URI.create("https://example.org/hunter2?sig=hunter2"), Format.TEAMS, null))
        .hasToString("Webhook(chat, TEAMS at example.org)");
  }

  @Test
  void referencesThatAreLeftAloneLeaveNoChannels() throws ConfigException {
    String yaml =
        """
        alerts:
          silence: 1d
          channels:
            - {name: a, webhook: env:NOWHERE, token: env:NOWHERE}
            - {name: b, command: [/nowhere]}
        """;

    AlertSettings alerts = folder(yaml).load(References.LEAVE).alerts();

    assertThat(alerts.silence()).isEqualTo(Duration.ofDays(1));
    assertThat(alerts.channels()).isEmpty();
    assertThat(folder(yaml).problems()).hasSize(3);
  }

  private ConfigFolder folder(String alerts) {
    return new ConfigFolder(temp).file("refreshd.yaml", alerts + TENANTS);
  }
}
