package io.refreshd.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.alert.SmtpServer.Encryption;
import io.refreshd.rotation.Alerter.UndeliveredException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** After which failures people may know of an alert all the same, and after which they cannot. */
@Timeout(60)
class MayHaveArrivedTest {

  private static final Duration PATIENT = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(700);

  private static final ScriptedServer.Behaviour SILENT_AFTER_THE_HEAD =
      connection -> {
        ScriptedServer.readHead(connection);
        new CountDownLatch(1).await();
      };

  @TempDir Path folder;

  @Test
  void aWebhookThatAnswersTooLateMayHaveIt() throws IOException {
    assertThat(posted(SILENT_AFTER_THE_HEAD, SHORT)).isTrue();
  }

  @Test
  void aWebhookThatHangsUpOnThePostMayHaveIt() throws IOException {
    assertThat(posted(ScriptedServer::readHead, PATIENT)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "302, false",
    "400, false",
    "404, false",
    "429, false",
    "503, false",
    "500, true",
    "502, true",
    "504, true"
  })
  void aWebhookThatRefusesHasItNotUnlessItFailedAtIt(int status, boolean mayHaveIt)
      throws IOException {
    ScriptedServer.Behaviour answers =
        connection -> {
          ScriptedServer.readHead(connection);
          ScriptedServer.write(
              connection, "HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n");
        };

    assertThat(posted(answers, PATIENT)).isEqualTo(mayHaveIt);
  }

  @Test
  void whereNobodyIsNothingArrived() throws IOException {
    int port;
    try (ScriptedServer server = new ScriptedServer(connection -> {})) {
      port = server.port();
    }
    assertThat(mayHaveArrived(webhook("http://127.0.0.1:" + port, PATIENT))).isFalse();
    assertThat(mayHaveArrived(webhook("http://nowhere.invalid", PATIENT))).isFalse();
    assertThat(mayHaveArrived(mail(port, PATIENT))).isFalse();
    assertThat(mayHaveArrived(command(PATIENT, folder + "/nothing"))).isFalse();
  }

  @Test
  void whereTheConnectionSaysNothingBeforeThePostNothingArrived() throws IOException {
    ScriptedServer.Behaviour silent = connection -> new CountDownLatch(1).await();
    try (ScriptedServer server = new ScriptedServer(silent)) {
      // the handshake hangs
      assertThat(mayHaveArrived(webhook("https://127.0.0.1:" + server.port(), SHORT))).isFalse();
    }
  }

  @Test
  void aCommandThatIsKilledAtItsWorkMayHaveToldPeople() {
    assertThat(mayHaveArrived(command(SHORT, "sleep", "600"))).isTrue();
    assertThat(mayHaveArrived(command(PATIENT, "sh", "-c", "kill -9 $$"))).isTrue();
  }

  @Test
  void aCommandThatSaysThatItFailedToldNobody() {
    assertThat(mayHaveArrived(command(PATIENT, "sh", "-c", "exit 3"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"greeting, false", "MAIL FROM, false", "DATA, false", "., true"})
  void aMailServerThatHangsUpMayHaveTheMailOnceItHasAllOfIt(String at, boolean mayHaveIt)
      throws IOException {
    ScriptedSmtp smtp = new ScriptedSmtp(Map.of(at, ""));

    assertThat(handedIn(smtp, PATIENT)).isEqualTo(mayHaveIt);
  }

  @ParameterizedTest
  @CsvSource({"DATA, false", "., true"})
  void aMailServerThatScansTheMailForTooLongMayHaveIt(String at, boolean mayHaveIt)
      throws IOException {
    // an unfinished reply is none
    ScriptedSmtp smtp = new ScriptedSmtp(Map.of(at, "250-scanning"));

    assertThat(handedIn(smtp, Duration.ofSeconds(3))).isEqualTo(mayHaveIt);
  }

  @Test
  void aMailThatIsRefusedInTheEndDidNotArrive() throws IOException {
    assertThat(handedIn(new ScriptedSmtp(Map.of(".", "452 4.3.1 the disk is full")), PATIENT))
        .isFalse();
  }

  private static boolean posted(ScriptedServer.Behaviour behaviour, Duration limit)
      throws IOException {
    try (ScriptedServer server = new ScriptedServer(behaviour)) {
      return mayHaveArrived(webhook("http://127.0.0.1:" + server.port(), limit));
    }
  }

  private static boolean handedIn(ScriptedSmtp smtp, Duration limit) throws IOException {
    try (ScriptedServer server = new ScriptedServer(smtp)) {
      return mayHaveArrived(mail(server.port(), limit));
    }
  }

  private static boolean mayHaveArrived(Channel channel) {
    try (channel) {
      channel.deliver(Alerts.secret());
    } catch (UndeliveredException e) {
      return e.mayHaveArrived();
    }
    throw new AssertionError("it was delivered");
  }

  private static Channel webhook(String url, Duration limit) {
    return new WebhookChannel(
        "ops",
        URI.create(url + "/x"),
        Format.GENERIC,
        null,
        new WebhookLimits(PATIENT, limit, 64 * 1024),
        null);
  }

  private static Channel command(Duration limit, String... command) {
    return new CommandChannel("pager", List.of(command), limit);
  }

  private static Channel mail(int port, Duration limit) {
    return new MailChannel(
        "mail",
        new SmtpServer("127.0.0.1", port, Encryption.IF_OFFERED),
        "refreshd@a.test",
        List.of("ops@b.test"),
        null,
        new MailLimits(PATIENT, limit, PATIENT),
        (SSLSocketFactory) SSLSocketFactory.getDefault());
  }
}
