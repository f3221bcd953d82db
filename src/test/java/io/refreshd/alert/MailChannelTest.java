package io.refreshd.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.refreshd.alert.SmtpServer.Encryption;
import io.refreshd.bench.SelfSigned;
import io.refreshd.grant.Secret;
import io.refreshd.rotation.Alert;
import io.refreshd.rotation.Alert.Change;
import io.refreshd.rotation.Alerter.UndeliveredException;
import io.refreshd.rotation.Level;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mail through a real server: what arrives, over which connection, and for whom. */
@Timeout(120)
class MailChannelTest {

  private static final String FROM = "refreshd <refreshd@keeper.test>";
  private static final List<String> TO = List.of("ops@b.test", "Wach <wach@c.test>");
  private static final List<String> ONE = List.of("ops@b.test");
  private static final MailLogin LOGIN = new MailLogin("keeper", Secret.of("s3cret pässword"));

  @TempDir static Path folder = Path.of("");
  private static SelfSigned certificate = new SelfSigned(Path.of(""));
  private static GreenMail server = new GreenMail(new ServerSetup[0]);

  @BeforeAll
  static void start() {
    certificate = SelfSigned.in(folder);
    System.setProperty("greenmail.tls.keystore.file", certificate.keystore().toString());
    System.setProperty("greenmail.tls.keystore.password", SelfSigned.PASSWORD);
    server = started("127.0.0.1");
  }

  private static GreenMail started(String address) {
    GreenMail started =
        new GreenMail(
            new ServerSetup[] {
              new ServerSetup(0, address, ServerSetup.PROTOCOL_SMTP),
              new ServerSetup(0, address, ServerSetup.PROTOCOL_SMTPS)
            });
    started.start();
    return started;
  }

  @AfterAll
  static void stop() {
    server.stop();
    System.clearProperty("greenmail.tls.keystore.file");
    System.clearProperty("greenmail.tls.keystore.password");
  }

  @BeforeEach
  void forget() {
    server.reset();
    server.setUser("keeper@keeper.test", "keeper", LOGIN.password().reveal());
  }

  @Test
  void aMailArrivesForAllRecipientsWithItsHeaders() throws Exception {
    deliver(Alerts.secret());

    assertThat(server.getReceivedMessages()).hasSize(2);
    MimeMessage mail = server.getReceivedMessages()[0];
    assertThat(mail.getFrom()[0]).hasToString("refreshd <refreshd@keeper.test>");
    assertThat(mail.getHeader("To", ", ")).isEqualTo("ops@b.test, Wach <wach@c.test>");
    assertThat(mail.getSubject())
        .isEqualTo(
            "[refreshd] critical: germany: the client secret is refused, 2 grants stand still");
    assertThat(mail.getSentDate().toInstant()).isEqualTo(Alerts.AT);
    assertThat(mail.getHeader("Auto-Submitted", null)).isEqualTo("auto-generated");
    assertThat(mail.getContentType()).isEqualTo("text/plain; charset=UTF-8");
    assertThat(body(mail)).isEqualTo(Golden.read("mail-raised.txt").strip());
  }

  @Test
  void mailsOfOneCauseStandTogether() throws Exception {
    Alert raised = Alerts.secret();
    deliver(raised, ONE);
    Instant aDayLater = raised.at().plus(Duration.ofDays(1));
    deliver(Alerts.changed(raised, Change.REMINDED, Level.CRITICAL, aDayLater), ONE);
    deliver(Alerts.recovered(), ONE);
    deliver(Alerts.test(), ONE);

    MimeMessage[] mails = server.getReceivedMessages();
    assertThat(List.of(references(mails[1]), references(mails[2])))
        .containsOnly(references(mails[0]));
    assertThat(references(mails[3])).isNotEqualTo(references(mails[0]));
    assertThat(mails)
        .extracting(MimeMessage::getMessageID)
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("<refreshd\\.[0-9a-f]{32}@keeper\\.test>"));
  }

  @Test
  void anAlertThatIsSentAgainIsKnownForTheSame() throws Exception {
    deliver(Alerts.secret(), ONE);
    deliver(Alerts.secret(), ONE);

    MimeMessage[] mails = server.getReceivedMessages();
    assertThat(mails[1].getMessageID()).isEqualTo(mails[0].getMessageID());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\r\nBcc: thief@d.test", "x\nBcc: thief@d.test", "x\r\n\r\nbody"})
  void aTitleCannotAddHeaders(String title) throws Exception {
    deliver(Alerts.titled(title));

    MimeMessage mail = server.getReceivedMessages()[0];
    assertThat(server.getReceivedMessages()).hasSize(2);
    assertThat(mail.getHeader("Bcc")).isNull();
    assertThat(mail.getSubject()).isEqualTo("[refreshd] critical: " + Text.flat(title));
    assertThat(body(mail)).startsWith(Text.flat(title) + "\n\nFound at");
  }

  @Test
  void textOfAnyLanguageArrives() throws Exception {
    deliver(Alerts.titled("Zürich: 請求 läuft ab \uD83D\uDE00"));

    MimeMessage mail = server.getReceivedMessages()[0];
    assertThat(mail.getSubject())
        .isEqualTo("[refreshd] critical: Zürich: 請求 läuft ab \uD83D\uDE00");
    assertThat(body(mail)).startsWith("Zürich: 請求 läuft ab \uD83D\uDE00\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"smtp://127.0.0.1", "smtp://localhost"})
  void aLocalServerIsSpokenToInPlain(String url) throws Exception {
    SmtpServer local = SmtpServer.of(URI.create(url + ":" + server.getSmtp().getPort()));
    try (MailChannel channel = new MailChannel("mail", local, FROM, TO, null)) {
      channel.deliver(Alerts.secret());
    }

    assertThat(server.getReceivedMessages()).hasSize(2);
  }

  @Test
  void aLoginIsMadeWhereThereIsOne() throws Exception {
    try (MailChannel channel = new MailChannel("mail", plain(), FROM, TO, LOGIN)) {
      channel.deliver(Alerts.secret());
    }

    assertThat(server.getReceivedMessages()).hasSize(2);
  }

  @Test
  void aWrongPasswordIsSaidSo() {
    MailLogin wrong = new MailLogin("keeper", Secret.of("wrong-s3cret"));
    try (MailChannel channel = new MailChannel("mail", plain(), FROM, TO, wrong)) {
      assertThatThrownBy(() -> channel.deliver(Alerts.secret()))
          .isInstanceOf(UndeliveredException.class)
          .hasMessageContaining(": the login was refused ")
          .hasMessageEndingWith(": check username and password")
          .hasMessageNotContaining("s3cret");
    }
    assertThat(server.getReceivedMessages()).isEmpty();
  }

  @Test
  void aTrustedServerIsSpokenToOverTls() throws Exception {
    URI url = URI.create("smtps://localhost:" + server.getSmtps().getPort());

    deliver(SmtpServer.of(url), certificate.sslContext().getSocketFactory(), LOGIN);

    assertThat(server.getReceivedMessages()).hasSize(2);
  }

  @Test
  void anUntrustedServerIsSentNothing() {
    assertHandshakeFails(server, "localhost", (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  @Test
  void aCertificateOfAnotherNameIsNotTrusted() {
    GreenMail other = started("127.0.0.2");
    try {
      assertHandshakeFails(other, "127.0.0.2", certificate.sslContext().getSocketFactory());
    } finally {
      other.stop();
    }
  }

  private static void assertHandshakeFails(GreenMail server, String host, SSLSocketFactory tls) {
    SmtpServer smtps =
        SmtpServer.of(URI.create("smtps://" + host + ":" + server.getSmtps().getPort()));
    assertThatThrownBy(() -> deliver(smtps, tls, LOGIN))
        .isInstanceOf(UndeliveredException.class)
        .hasMessageStartingWith(smtps + ": the TLS handshake failed: ");
    assertThat(server.getReceivedMessages()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody", "a@b, c@d", "a@b\r\nBcc: c@d", ""})
  void whatIsNoAddressIsRefusedAtOnce(String address) {
    assertThatThrownBy(() -> new MailChannel("mail", plain(), FROM, List.of(address), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("is not a mail address");
  }

  @ParameterizedTest
  @CsvSource({
    "smtp://mail.test, smtp://mail.test:587, STARTTLS",
    "smtp://mail.test:25, smtp://mail.test:25, STARTTLS",
    "smtps://mail.test, smtps://mail.test:465, IMPLICIT",
    "SMTPS://mail.test:2465, smtps://mail.test:2465, IMPLICIT",
    "smtp://localhost:25, smtp://localhost:25, IF_OFFERED",
    "smtp://127.0.0.9:25, smtp://127.0.0.9:25, IF_OFFERED",
    "smtp://[::1]:25, smtp://[::1]:25, IF_OFFERED",
    "smtp://[2001:db8::1]:25, smtp://[2001:db8::1]:25, STARTTLS",
    "smtp://localhost.evil.test, smtp://localhost.evil.test:587, STARTTLS",
    "smtps://localhost:25, smtps://localhost:25, IMPLICIT"
  })
  void onlyALocalServerNeedNotEncrypt(URI url, String server, Encryption encryption) {
    assertThat(SmtpServer.of(url)).hasToString(server);
    assertThat(SmtpServer.of(url).encryption()).isEqualTo(encryption);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://mail.test", "smtp:mail.test", "mail.test", "smtp:/mail.test"})
  void whatIsNoMailServerIsRefused(String url) {
    assertThatThrownBy(() -> SmtpServer.of(URI.create(url)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a mail server would be smtp://host:port");
  }

  private static void deliver(Alert alert) throws UndeliveredException {
    deliver(alert, TO);
  }

  private static void deliver(Alert alert, List<String> to) throws UndeliveredException {
    try (MailChannel channel = new MailChannel("mail", plain(), FROM, to, null)) {
      channel.deliver(alert);
    }
  }

  private static void deliver(SmtpServer smtps, SSLSocketFactory tls, @Nullable MailLogin login)
      throws UndeliveredException {
    try (MailChannel channel =
        new MailChannel("mail", smtps, FROM, TO, login, MailLimits.DEFAULTS, tls)) {
      channel.deliver(Alerts.secret());
    }
  }

  private static SmtpServer plain() {
    return SmtpServer.of(URI.create("smtp://127.0.0.1:" + server.getSmtp().getPort()));
  }

  private static String references(MimeMessage mail) throws MessagingException {
    assertThat(mail.getHeader("In-Reply-To")).isEqualTo(mail.getHeader("References"));
    return mail.getHeader("References", null);
  }

  private static String body(MimeMessage mail) throws Exception {
    return mail.getContent().toString().replace("\r\n", "\n").strip();
  }
}
