package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.bench.SelfSigned;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** https, with and without trust. */
class TlsTest {

  private static final ExecutorService THREADS = Executors.newCachedThreadPool();

  @TempDir static Path folder = Path.of("");
  private static SelfSigned certificate = new SelfSigned(Path.of(""));
  private static @Nullable ServerSocket server;

  @BeforeAll
  static void start() throws IOException {
    certificate = SelfSigned.in(folder);
    ServerSocket socket =
        certificate.sslContext().getServerSocketFactory().createServerSocket(0, 50, null);
    server = socket;
    THREADS.execute(() -> serve(socket));
  }

  private static void serve(ServerSocket socket) {
    while (!socket.isClosed()) {
      try (Socket connection = socket.accept()) {
        RawServer.readRequest(connection);
        RawServer.write(
            connection,
            "HTTP/1.1 200 OK\r\nContent-Length: "
                + Endpoint.SUCCESS.length()
                + "\r\n\r\n"
                + Endpoint.SUCCESS);
      } catch (IOException e) {
        // a client that does not trust us hangs up
      }
    }
  }

  @AfterAll
  static void stop() throws IOException {
    if (server != null) {
      server.close();
    }
    THREADS.shutdownNow();
  }

  @Test
  void aTrustedEndpointIsAsked() {
    assertThat(redeem("localhost", certificate.sslContext())).isInstanceOf(Redeemed.class);
  }

  @Test
  void anUntrustedEndpointIsNeverSentTheToken() {
    Refused refused = (Refused) redeem("localhost", null);

    assertThat(refused.kind()).isEqualTo(RefusalKind.TRANSIENT);
    assertThat(refused.carried()).isFalse();
    assertThat(refused.message()).contains("the TLS handshake failed");
  }

  @Test
  void aCertificateOfAnotherNameIsNotTrusted() {
    Refused refused = (Refused) redeem("127.0.0.2", certificate.sslContext());

    assertThat(refused.carried()).isFalse();
    assertThat(refused.message()).contains("the TLS handshake failed");
  }

  private static Redemption redeem(String host, @Nullable SSLContext trust) {
    int port = server == null ? 0 : server.getLocalPort();
    TokenEndpoint endpoint =
        new TokenEndpoint.V2(
            URI.create("https://" + host + ":" + port),
            Endpoint.TENANT,
            List.of("https://api.test/x"));
    try (EntraTokenRedeemer redeemer =
        new EntraTokenRedeemer(new MutableClock(), WireLimits.DEFAULTS, trust)) {
      return redeemer.redeem(Grants.named("a/b").endpoint(endpoint).build(), Endpoint.TOKEN);
    }
  }
}
