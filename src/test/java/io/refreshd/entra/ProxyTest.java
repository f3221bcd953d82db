package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The JVM's own properties name the proxy. */
class ProxyTest {

  @Test
  void aProxyThatRefusesTheTunnelCarriedNothing() throws IOException {
    AtomicReference<String> asked = new AtomicReference<>("");
    RawServer.Behaviour refusing =
        connection -> {
          asked.set(RawServer.readRequest(connection));
          RawServer.write(
              connection,
              "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 18\r\n\r\n"
                  + "{\"error\":\"denied\"}");
        };
    try (RawServer proxy = new RawServer(refusing)) {
      System.setProperty("https.proxyHost", "127.0.0.1");
      System.setProperty("https.proxyPort", Integer.toString(proxy.port()));
      Refused refused = redeem();

      assertThat(asked.get())
          .startsWith("CONNECT login.example.invalid:443 ")
          .doesNotContain(Endpoint.TOKEN.reveal());
      assertThat(refused.answered()).isFalse();
      assertThat(refused.carried()).isFalse();
      assertThat(refused.message())
          .isEqualTo("no connection to login.example.invalid:443: the proxy refused it (407)");
    } finally {
      System.clearProperty("https.proxyHost");
      System.clearProperty("https.proxyPort");
    }
  }

  private static Refused redeem() {
    TokenEndpoint endpoint =
        new TokenEndpoint.Plain(URI.create("https://login.example.invalid/token"), List.of());
    try (EntraTokenRedeemer redeemer = new EntraTokenRedeemer(new MutableClock())) {
      return (Refused)
          redeemer.redeem(Grants.named("a/b").endpoint(endpoint).build(), Endpoint.TOKEN);
    }
  }
}
