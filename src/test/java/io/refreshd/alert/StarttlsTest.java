package io.refreshd.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refreshd.alert.SmtpServer.Encryption;
import io.refreshd.bench.SelfSigned;
import io.refreshd.grant.Secret;
import io.refreshd.rotation.Alerter.UndeliveredException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** STARTTLS with another real mail server, Python's aiosmtpd, where it is installed. */
@Timeout(120)
class StarttlsTest {

  private static final MailLogin LOGIN = new MailLogin("keeper", Secret.of("s3cret pässword"));

  @TempDir static Path folder = Path.of("");
  private static SelfSigned certificate = new SelfSigned(Path.of(""));
  private static @Nullable Process process;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    Optional<String> python =
        Stream.of("/usr/bin/python3", "python3").filter(StarttlsTest::hasAiosmtpd).findFirst();
    Assumptions.assumeTrue(
        python.isPresent(), "no aiosmtpd here: apt-get install python3-aiosmtpd");
    certificate = SelfSigned.in(folder);
    writePems();
    Path script = Files.writeString(folder.resolve("server.py"), Golden.read("starttls_server.py"));
    Process started =
        new ProcessBuilder(python.orElseThrow(), script.toString(), folder.toString())
            .redirectError(folder.resolve("log").toFile())
            .start();
    process = started;
    BufferedReader output = started.inputReader(StandardCharsets.UTF_8);
    String line = output.readLine();
    assertThat(line).as(Files.readString(folder.resolve("log"))).isNotNull();
    port = Integer.parseInt(line);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (process != null) {
      process.destroy();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  @BeforeEach
  void forget() throws IOException {
    Files.deleteIfExists(folder.resolve("mail"));
  }

  @Test
  void theMailAndTheLoginGoOverTls() throws Exception {
    deliver("localhost", Encryption.STARTTLS, trusting(), LOGIN);

    assertThat(mail())
        .startsWith("tls: TLSv1.")
        .contains("\nlogin: keeper\n", "Subject: [refreshd] critical: germany", "germany/live");
  }

  @Test
  void anAddressIsCheckedAsAnAddress() throws Exception {
    deliver("127.0.0.1", Encryption.STARTTLS, trusting(), LOGIN);

    assertThat(mail()).startsWith("tls: ");
  }

  @Test
  void aLocalServerMayHaveACertificateOfItsOwn() throws Exception {
    deliver("localhost", Encryption.IF_OFFERED, trustingTheJvm(), LOGIN);

    assertThat(mail()).startsWith("tls: ");
  }

  @Test
  void anUntrustedServerIsSentNeitherMailNorLogin() {
    assertThatThrownBy(() -> deliver("localhost", Encryption.STARTTLS, trustingTheJvm(), LOGIN))
        .isInstanceOf(UndeliveredException.class)
        .hasMessageStartingWith("smtp://localhost:" + port + ": the TLS handshake failed: ");
    assertThat(folder.resolve("mail")).doesNotExist();
  }

  @Test
  void aCertificateOfAnotherNameIsNotTrusted() {
    assertThatThrownBy(() -> deliver("127.0.0.2", Encryption.STARTTLS, trusting(), LOGIN))
        .isInstanceOf(UndeliveredException.class)
        .hasMessageStartingWith("smtp://127.0.0.2:" + port + ": the TLS handshake failed: ");
    assertThat(folder.resolve("mail")).doesNotExist();
  }

  @Test
  void aWrongPasswordIsSaidSo() {
    MailLogin wrong = new MailLogin("keeper", Secret.of("wrong-s3cret"));
    assertThatThrownBy(() -> deliver("localhost", Encryption.STARTTLS, trusting(), wrong))
        .isInstanceOf(UndeliveredException.class)
        .hasMessageContaining("the login was refused \"535 5.7.8 ")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aServerThatWantsALoginSaysSo() {
    assertThatThrownBy(() -> deliver("localhost", Encryption.STARTTLS, trusting(), null))
        .isInstanceOf(UndeliveredException.class)
        .hasMessageContaining(": refused \"530 5.7.0 Authentication required\"");
  }

  private static void deliver(
      String host, Encryption encryption, SSLSocketFactory tls, @Nullable MailLogin login)
      throws UndeliveredException {
    SmtpServer server = new SmtpServer(host, port, encryption);
    List<String> to = List.of("ops@b.test");
    try (MailChannel channel =
        new MailChannel("mail", server, "keeper@a.test", to, login, MailLimits.DEFAULTS, tls)) {
      channel.deliver(Alerts.secret());
    }
  }

  private static SSLSocketFactory trusting() {
    return certificate.sslContext().getSocketFactory();
  }

  private static SSLSocketFactory trustingTheJvm() {
    return (SSLSocketFactory) SSLSocketFactory.getDefault();
  }

  private static String mail() throws IOException {
    return Files.readString(folder.resolve("mail")).replace("\r\n", "\n");
  }

  private static boolean hasAiosmtpd(String python) {
    try {
      Process process = new ProcessBuilder(python, "-c", "import aiosmtpd.controller").start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void writePems() throws Exception {
    KeyStore store = certificate.keyStore();
    String alias = store.aliases().nextElement();
    byte[] key = store.getKey(alias, SelfSigned.PASSWORD.toCharArray()).getEncoded();
    Files.writeString(folder.resolve("key.pem"), pem("PRIVATE KEY", key));
    byte[] chain = store.getCertificate(alias).getEncoded();
    Files.writeString(folder.resolve("cert.pem"), pem("CERTIFICATE", chain));
  }

  private static String pem(String type, byte[] der) {
    String base64 = Base64.getMimeEncoder().encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
  }
}
