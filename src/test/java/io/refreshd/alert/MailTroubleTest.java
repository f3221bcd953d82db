package io.refreshd.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.alert.SmtpServer.Encryption;
import io.refreshd.grant.Secret;
import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alerter.UndeliveredException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mail servers that refuse, hang up, say nothing or never end. */
@Timeout(60)
class MailTroubleTest {

  private static final MailLimits PATIENT = MailLimits.DEFAULTS;
  private static final MailLogin LOGIN = new MailLogin("refreshd", Secret.of("s3cret pass/word"));
  private static final List<String> ALL = List.of("here@b.test", "gone@b.test");

  @ParameterizedTest
  @CsvSource({
    "greeting, 554 go away, response: 554",
    "MAIL FROM, 550 5.7.1 not from you, refused \"550 5.7.1 not from you\"",
    "DATA, 554 5.7.0 spam, refused \"554 5.7.0 spam\"",
    ".,  452 4.3.1 the disk is full, refused \"452 4.3.1 the disk is full\""
  })
  void aRefusalIsQuoted(String command, String reply, String said) throws IOException {
    ScriptedSmtp smtp = new ScriptedSmtp(Map.of(command, reply));

    assertThat(undelivered(smtp, ALL, Alerts.secret())).contains(said);
  }

  @ParameterizedTest
  @CsvSource({"greeting", "EHLO", "MAIL FROM", "DATA", "."})
  void aServerThatHangsUpIsUndelivered(String command) throws IOException {
    ScriptedSmtp smtp = new ScriptedSmtp(Map.of(command, "", "HELO", ""));

    assertThat(undelivered(smtp, ALL, Alerts.secret())).startsWith("smtp://127.0.0.1:");
  }

  @Test
  void aServerThatHangsUpAfterItTookTheMailHasIt() throws Exception {
    ScriptedSmtp smtp = new ScriptedSmtp(Map.of("QUIT", ""));

    deliver(smtp, ALL, Alerts.secret(), null, PATIENT);

    assertThat(smtp.commands()).contains("DATA");
  }

  @Test
  void nobodyReachedIsUndeliveredWithEachReason() throws IOException {
    ScriptedSmtp smtp =
        new ScriptedSmtp(
            Map.of("RCPT TO:<here", "450 4.2.2 full", "RCPT TO:<gone", "550 5.1.1 no such user"));

    assertThat(undelivered(smtp, ALL, Alerts.secret()))
        .endsWith(
            ": refused for here@b.test \"450 4.2.2 full\";"
                + " refused for gone@b.test \"550 5.1.1 no such user\"");
  }

  @Test
  void oneWrongAddressDoesNotKeepTheMailFromTheOthers() throws Exception {
    ScriptedSmtp smtp = new ScriptedSmtp(Map.of("RCPT TO:<gone", "550 5.1.1 no such user"));

    deliver(smtp, ALL, Alerts.secret(), null, PATIENT);

    assertThat(smtp.commands()).contains("RCPT TO:<here@b.test>", "DATA");
  }

  @Test
  void aTestFindsOneWrongAddress() throws IOException {
    ScriptedSmtp smtp = new ScriptedSmtp(Map.of("RCPT TO:<gone", "550 5.1.1 no such user"));

    assertThat(undelivered(smtp, ALL, Alerts.test()))
        .endsWith(
            " took the mail, but not for all: refused for gone@b.test"
                + " \"550 5.1.1 no such user\"");
  }

  @Test
  void aRefusedLoginIsSaidSoWithoutThePassword() throws IOException {
    String plain = "\0refreshd\0s3cret pass/word";
    String base64 = Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    ScriptedSmtp smtp =
        new ScriptedSmtp(
            Map.of(
                "EHLO",
                "250-here\r\n250 AUTH PLAIN",
                "AUTH",
                "535 no: s3cret pass/word " + base64));

    assertThatThrownBy(() -> deliver(smtp, ALL, Alerts.secret(), LOGIN, PATIENT))
        .isInstanceOf(UndeliveredException.class)
        .hasNoCause()
        .hasMessageEndingWith(
            ": the login was refused \"535 no: […] […]\": check username and password");
    assertThat(smtp.commands()).noneMatch(command -> command.startsWith("MAIL"));
  }

  @Test
  void withoutStarttlsNoMailLeavesTheMachine() throws IOException {
    ScriptedSmtp smtp = new ScriptedSmtp(Map.of());
    try (ScriptedServer server = new ScriptedServer(smtp);
        MailChannel channel = channel(server.port(), Encryption.STARTTLS, ALL, LOGIN, PATIENT)) {
      assertThatThrownBy(() -> channel.deliver(Alerts.secret()))
          .isInstanceOf(UndeliveredException.class)
          .hasMessageEndingWith(
              ": it offers no STARTTLS, and mail does not leave this machine without encryption");
    }
    assertThat(smtp.commands()).noneMatch(c -> c.startsWith("AUTH") || c.startsWith("MAIL"));
  }

  @Test
  void aServerThatSaysNothingIsGivenUp() throws IOException {
    MailLimits limits =
        new MailLimits(Duration.ofSeconds(5), Duration.ofMillis(500), Duration.ofSeconds(30));

    assertThat(undelivered(connection -> Thread.sleep(60_000), limits))
        .endsWith(": no reply within 500 ms");
  }

  @Test
  void aServerThatScansAMailForAMinuteIsWaitedFor() {
    assertThat(MailLimits.DEFAULTS.reply()).isGreaterThan(Duration.ofMinutes(1));
    assertThat(MailLimits.DEFAULTS.whole())
        .isGreaterThan(MailLimits.DEFAULTS.reply())
        .as("then the delivery is taken for abandoned")
        .isLessThan(Duration.ofMinutes(2));
  }

  @Test
  void aServerThatNeverComesToAnEndIsGivenUp() throws IOException {
    MailLimits limits =
        new MailLimits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(900));

    assertThat(undelivered(connection -> ScriptedServer.drip(connection, "220-wait\r\n"), limits))
        .endsWith(": given up after 900 ms");
  }

  @Test
  void nobodyThereIsSaidSo() throws IOException {
    int port;
    try (ScriptedServer server = new ScriptedServer(connection -> {})) {
      port = server.port();
    }
    try (MailChannel channel = channel(port, Encryption.IF_OFFERED, ALL, null, PATIENT)) {
      assertThatThrownBy(() -> channel.deliver(Alerts.secret()))
          .hasMessage("smtp://127.0.0.1:" + port + ": connection refused");
    }
  }

  private static String undelivered(ScriptedServer.Behaviour behaviour, MailLimits limits)
      throws IOException {
    long start = System.nanoTime();
    try {
      deliver(behaviour, ALL, Alerts.secret(), null, limits);
    } catch (UndeliveredException e) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("it was delivered");
  }

  private static String undelivered(ScriptedSmtp smtp, List<String> to, Alert alert)
      throws IOException {
    try {
      deliver(smtp, to, alert, null, PATIENT);
    } catch (UndeliveredException e) {
      assertThat(e).hasNoCause();
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("it was delivered");
  }

  private static void deliver(
      ScriptedServer.Behaviour behaviour,
      List<String> to,
      Alert alert,
      @Nullable MailLogin login,
      MailLimits limits)
      throws IOException, UndeliveredException {
    try (ScriptedServer server = new ScriptedServer(behaviour);
        MailChannel channel = channel(server.port(), Encryption.IF_OFFERED, to, login, limits)) {
      channel.deliver(alert);
    }
  }

  private static MailChannel channel(
      int port,
      Encryption encryption,
      List<String> to,
      @Nullable MailLogin login,
      MailLimits limits) {
    return new MailChannel(
        "mail",
        new SmtpServer("127.0.0.1", port, encryption),
        "refreshd@a.test",
        to,
        login,
        limits,
        (SSLSocketFactory) SSLSocketFactory.getDefault());
  }
}
