package io.refreshd.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.refreshd.rotation.Alerter.UndeliveredException;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The JVM's own properties name the proxy. */
@Timeout(60)
class WebhookProxyTest {

  @AfterEach
  void goesDirectAgain() {
    System.clearProperty("https.proxyHost");
    System.clearProperty("https.proxyPort");
  }

  @ParameterizedTest
  @CsvSource({
    "403, check whether it lets this host through",
    "407, 'it wants a login, which refreshd has not; let this host through without one'",
    "502, check whether it lets this host through",
    "504, check whether it lets this host through",
    "204, check whether it lets this host through"
  })
  void whatAProxyRefusesIsNotTheWebhooksAnswerAndDidNotArrive(int status, String next)
      throws IOException {
    ScriptedServer.Behaviour refuses =
        connection -> {
          ScriptedServer.readHead(connection);
          ScriptedServer.write(
              connection, "HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n");
        };
    try (ScriptedServer proxy = new ScriptedServer(refuses)) {
      System.setProperty("https.proxyHost", "127.0.0.1");
      System.setProperty("https.proxyPort", Integer.toString(proxy.port()));
      URI url = URI.create("https://hooks.invalid/x");

      try (Channel webhook = new WebhookChannel("ops", url, Format.GENERIC, null)) {
        UndeliveredException e =
            catchThrowableOfType(
                UndeliveredException.class, () -> webhook.deliver(Alerts.secret()));

        assertThat(e)
            .hasMessageContaining("https://hooks.invalid: the proxy refused it (" + status + "): ")
            .hasMessageEndingWith(next);
        assertThat(e.mayHaveArrived()).isFalse();
      }
    }
  }
}
