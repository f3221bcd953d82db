package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.bench.SelfSigned;
import io.refreshd.grant.Grant;
import io.refreshd.grant.RefreshTokens;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a second redemption at an https endpoint saves: the connection, or the long handshake. */
class ConnectionReuseTest {

  @TempDir static Path folder = Path.of("");
  private static SelfSigned certificate = new SelfSigned(Path.of(""));
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger certificatesChecked = new AtomicInteger();
  private final CountDownLatch closedByClient = new CountDownLatch(1);
  private ServerSocket server;
  private SSLContext counting;
  private EntraTokenRedeemer redeemer;

  @BeforeAll
  static void makeCertificate() {
    certificate = SelfSigned.in(folder);
  }

  @BeforeEach
  void start() throws IOException, GeneralSecurityException {
    server = certificate.sslContext().getServerSocketFactory().createServerSocket(0, 50, null);
    threads.execute(this::accept);
    counting = SSLContext.getInstance("TLS");
    counting.init(null, new TrustManager[] {new CountingTrust()}, null);
    // a machine may take longer from one redemption to the next than connections are kept
    redeemer = new EntraTokenRedeemer(new MutableClock(), keptFor(Duration.ofHours(1)), counting);
  }

  private static WireLimits keptFor(Duration idle) {
    WireLimits usual = WireLimits.DEFAULTS;
    return new WireLimits(
        usual.connect(),
        usual.exchange(),
        usual.bodyBytes(),
        usual.headerLines(),
        usual.lineBytes(),
        idle);
  }

  @AfterEach
  void stop() throws IOException {
    redeemer.close();
    server.close();
    threads.shutdownNow();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
        connections.incrementAndGet();
        threads.execute(() -> serve(connection));
      } catch (IOException e) {
        return; // it is closed
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      while (true) {
        RawServer.readRequest(connection);
        RawServer.write(
            connection,
            "HTTP/1.1 200 OK\r\nContent-Length: "
                + Endpoint.SUCCESS.length()
                + "\r\n\r\n"
                + Endpoint.SUCCESS);
      }
    } catch (IOException e) {
      closedByClient.countDown();
    }
  }

  private void redeem(RefreshTokens kind) {
    TokenEndpoint endpoint =
        new TokenEndpoint.V2(
            URI.create("https://localhost:" + server.getLocalPort()),
            Endpoint.TENANT,
            List.of("https://api.test/x"));
    Grants grants = Grants.named("a/b").endpoint(endpoint);
    Grant grant = (kind == RefreshTokens.SINGLE_USE ? grants.singleUse() : grants).build();
    assertThat(redeemer.redeem(grant, Endpoint.TOKEN)).isInstanceOf(Redeemed.class);
  }

  @Test
  void aReusableTokenGoesOverTheConnectionOfTheOneBefore() {
    redeem(RefreshTokens.REUSABLE);
    redeem(RefreshTokens.REUSABLE);
    redeem(RefreshTokens.REUSABLE);

    assertThat(connections).hasValue(1);
    assertThat(certificatesChecked).hasValue(1);
  }

  @Test
  @Timeout(60)
  void aConnectionThatRestsIsClosedThoughNobodyAsksForItAgain() throws InterruptedException {
    redeemer.close();
    redeemer = new EntraTokenRedeemer(new MutableClock(), keptFor(Duration.ofMillis(50)), counting);

    redeem(RefreshTokens.REUSABLE);

    closedByClient.await();
  }

  @Test
  void aNewConnectionResumesTheSessionOfTheOneBefore() {
    redeem(RefreshTokens.SINGLE_USE);
    redeem(RefreshTokens.SINGLE_USE);
    redeem(RefreshTokens.SINGLE_USE);

    assertThat(connections).as("a single-use token never goes over a kept one").hasValue(3);
    assertThat(certificatesChecked).as("a resumed handshake sends no certificate").hasValue(1);
  }

  @Test
  void theSessionOfAKeptConnectionIsResumedByANewOneToo() {
    redeem(RefreshTokens.REUSABLE);
    redeem(RefreshTokens.SINGLE_USE);

    assertThat(connections).hasValue(2);
    assertThat(certificatesChecked).hasValue(1);
  }

  /** Trusts all, and counts how often it was asked. */
  private final class CountingTrust implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      throw new IllegalStateException("a client's");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      certificatesChecked.incrementAndGet();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
