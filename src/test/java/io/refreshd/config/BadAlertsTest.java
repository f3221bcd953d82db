package io.refreshd.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong in {@code alerts}, where, and what people are told. */
class BadAlertsTest {

  private static final String TENANTS =
      """
      tenants:
        - name: t
          tenant-id: example.org
          client-id: c
          grants: [{name: g, scopes: [s]}]
      """;

  private static final String LADDER =
      "a list of falling durations up to 365d, for example [30d, 14d, 7d, 3d, 1d]";

  @TempDir Path temp;

  @ParameterizedTest
  @MethodSource("alerts")
  void isToldAtItsPlace(String alerts, List<String> problems) {
    ConfigFolder folder =
        new ConfigFolder(temp)
            .file("refreshd.yaml", "alerts:\n  " + alerts + "\n" + TENANTS)
            .environment("SET", "s")
            .environment("URL", "http://example.org/hunter2")
            .file("plain", "")
            .program("page");

    assertThat(folder.problems())
        .containsExactlyElementsOf(
            problems.stream().map(p -> p.replace("TEMP", temp.toString())).toList());
  }

  static Stream<Arguments> alerts() {
    return Stream.of(
        // when
        bad("ladder: []", "2:11: alerts.ladder: is empty; would be " + LADDER),
        bad("ladder: 7d", "2:11: alerts.ladder: is one value; would be " + LADDER),
        bad(
            "ladder: [7d, 14d]",
            "2:16: alerts.ladder: 14d is not less than 7d before it; would be " + LADDER),
        bad(
            "ladder: [7d, 168h]",
            "2:16: alerts.ladder: 7d is not less than 7d before it; would be " + LADDER),
        bad(
            "ladder: [30x, 7d, 14d, 400d, 1d]",
            "2:12: alerts.ladder: \"30x\" is not a duration; would be for example 90d, 36h, 15m,"
                + " 30s, 1d12h or P90D",
            "2:21: alerts.ladder: 14d is not less than 7d before it; would be " + LADDER,
            "2:26: alerts.ladder: 400d is too long; would be a duration from 1s to 365d"),
        bad(
            "ladder: [366d, 1d]",
            "2:12: alerts.ladder: 366d is too long; would be a duration from 1s to 365d"),
        bad("ladder: [1d, 0s]", "2:16: alerts.ladder: \"0s\" is too short; would be 1s or more"),
        bad(
            "ladder: [1d, ~]",
            "2:16: alerts.ladder: is empty; would be a duration, for example 90d"),
        bad("silence: 0s", "2:12: alerts.silence: \"0s\" is too short; would be 1s or more"),
        bad("silense: 1d", "2:3: alerts.silense: unknown key; did you mean silence?"),
        bad(
            "channels: {ops: 1}",
            "2:13: alerts.channels: is a mapping; would be a list, each entry after \"- \""),
        // channels as such
        bad(
            "channels: [{webhook: https://example.org}]",
            "2:14: alerts.channels[#1].name: is missing; would be for example name: germany"),
        bad(
            "channels: [{name: a b, webhook: https://example.org}]",
            "2:21: alerts.channels[#1].name: \"a b\" is not a name; would be letters, digits and"
                + " . _ - (a letter or digit first, 100 at most)"),
        bad(
            "channels: [{name: a, webhook: https://a.example}, {name: a, command: [page]}]",
            "2:60: alerts.channels[a].name: is taken at refreshd.yaml:2:21; would be another name"),
        bad(
            "channels: [{name: a}]",
            "2:14: alerts.channels[a]: has no way to tell anybody; would have one of webhook, smtp"
                + " and command"),
        bad(
            channel("webhook: https://example.org, command: [page]"),
            "2:54: alerts.channels[a].command: stands beside webhook; would be one of the two"),
        bad(
            channel("command: [page], format: slack, token: env:SET, from: a@b"),
            "2:41: alerts.channels[a].format: goes with webhook only; would stand beside it",
            "2:56: alerts.channels[a].token: goes with webhook only; would stand beside it",
            "2:72: alerts.channels[a].from: goes with smtp only; would stand beside it"),
        bad(
            channel("webhook: https://example.org, timeout: 1s"),
            "2:54: alerts.channels[a].timeout: goes with command only; would stand beside it"),
        bad(
            channel("webhook: https://example.org, url: x"),
            "2:54: alerts.channels[a].url: is not allowed in a channel; it belongs in store"),
        // webhooks
        bad(
            channel("webhook: http://example.org/hunter2"),
            "2:33: alerts.channels[a].webhook: http would show alerts to the network; would be"
                + " https (http goes to loopback only)"),
        bad(
            channel("webhook: https://u:hunter2@example.org"),
            "2:33: alerts.channels[a].webhook: holds a user name or password; would be without"
                + " (credentials go to token)"),
        bad(
            channel("webhook: 'https://example.org/#hunter2'"),
            "2:33: alerts.channels[a].webhook: has a fragment (#); would be without"),
        bad(
            channel("webhook: example.org/hunter2"),
            "2:33: alerts.channels[a].webhook: is not an https URL; would be for example"
                + " https://example.org/hook"),
        bad(
            channel("webhook: env:URL"),
            "2:33: alerts.channels[a].webhook: env:URL: http would show alerts to the network;"
                + " would be https (http goes to loopback only)"),
        bad(
            channel("webhook: env:UNSET, token: env:UNSET"),
            "2:33: alerts.channels[a].webhook: env:UNSET is not set; would be in the environment",
            "2:51: alerts.channels[a].token: env:UNSET is not set; would be in the environment"),
        bad(
            channel("webhook: https://example.org, token: hunter2"),
            "2:61: alerts.channels[a].token: a literal secret may not stand here; would be env:NAME,"
                + " file:PATH or credential:NAME"),
        bad(
            channel("webhook: https://example.org, format: Slack"),
            "2:62: alerts.channels[a].format: \"Slack\" is not known; would be alertmanager or"
                + " generic or slack or teams"),
        // mail
        bad(
            channel("smtp: 'smtp://mail.example.org:587'"),
            "2:14: alerts.channels[a].from: is missing; would be for example from:"
                + " refreshd@example.org",
            "2:14: alerts.channels[a].to: is missing; would be for example to: [ops@example.org]"),
        bad(
            mail("mail.example.org"),
            "2:30: alerts.channels[a].smtp: is neither an smtp nor an smtps URL; would be"
                + " smtp://HOST:587 or smtps://HOST:465"),
        bad(
            mail("smtp://u:hunter2@mail.example.org"),
            "2:30: alerts.channels[a].smtp: holds a user name or password; would be without"
                + " (credentials go to username and password)"),
        bad(
            mail("smtp://mail.example.org:70000"),
            "2:30: alerts.channels[a].smtp: has no host, or a port that cannot be; would be"
                + " smtp://HOST:587"),
        bad(
            mail("smtp://mail.example.org/queue"),
            "2:30: alerts.channels[a].smtp: has a path (/) or a query (?); would be"
                + " smtp://HOST:587 or smtps://HOST:465"),
        bad(
            channel("smtp: 'smtp://h', from: a b@c, to: []"),
            "2:48: alerts.channels[a].from: \"a b@c\" is not an address; would be an address, for"
                + " example ops@example.org",
            "2:59: alerts.channels[a].to: is empty; would be a list of addresses, for example"
                + " [ops@example.org]"),
        bad(
            channel("smtp: 'smtp://h', from: a@b, to: [c@d, \"e@f\\nBcc: g@h\"]"),
            "2:63: alerts.channels[a].to: \"e@f?Bcc: g@h\" is not an address; would be an address,"
                + " for example ops@example.org"),
        bad(
            channel("smtp: 'smtp://h', from: a@b, to: [c, d@e, f]"),
            "2:58: alerts.channels[a].to: \"c\" is not an address; would be an address, for example"
                + " ops@example.org",
            "2:66: alerts.channels[a].to: \"f\" is not an address; would be an address, for example"
                + " ops@example.org"),
        bad(
            channel("smtp: 'smtp://h', from: a@b, to: [c@d], username: u"),
            "2:64: alerts.channels[a].username: stands without password; would be both or neither"),
        bad(
            channel("smtp: 'smtp://h', from: a@b, to: [c@d], password: env:SET"),
            "2:64: alerts.channels[a].password: stands without username; would be both or neither"),
        // commands
        bad(
            channel("command: []"),
            "2:33: alerts.channels[a].command: is empty; would be a list of a program's path and its"
                + " arguments, for example [/usr/local/bin/page, ops]"),
        bad(
            channel("command: page"),
            "2:33: alerts.channels[a].command: is one value; would be a list of a program's path and"
                + " its arguments, for example [/usr/local/bin/page, ops]"),
        bad(
            channel("command: [mail, ops]"),
            "2:33: alerts.channels[a].command: TEMP/mail is no file; would be the path of a"
                + " program"),
        bad(
            channel("command: [plain]"),
            "2:33: alerts.channels[a].command: TEMP/plain may not be executed; would be executable"
                + " for the user of this process"),
        bad(
            channel("command: [page, [x]]"),
            "2:40: alerts.channels[a].command: is a list; would be an argument"),
        bad(
            channel("command: [~/page, [x], y, ~]"),
            "2:34: alerts.channels[a].command: ~ is not expanded; would be the whole path",
            "2:42: alerts.channels[a].command: is a list; would be an argument",
            "2:50: alerts.channels[a].command: is empty; would be an argument"),
        bad(
            channel("command: [page], timeout: 61s"),
            "2:50: alerts.channels[a].timeout: 1m1s is too long; would be a duration from 1s to 1m"));
  }

  private static String channel(String keys) {
    return "channels: [{name: a, " + keys + "}]";
  }

  private static String mail(String server) {
    return channel("smtp: '" + server + "', from: a@b, to: [c@d]");
  }

  private static Arguments bad(String yaml, String... problems) {
    return arguments(yaml, Stream.of(problems).map(p -> "refreshd.yaml:" + p).toList());
  }
}
