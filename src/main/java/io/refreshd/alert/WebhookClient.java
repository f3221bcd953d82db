package io.refreshd.alert;

import java.net.ProxySelector;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Apache HttpClient 5, with all that it would do by itself switched off: alerts are few, so each
 * has a connection of its own.
 */
final class WebhookClient {

  private static final int MOST_HEADERS = 100;
  private static final int LONGEST_HEADER = 8 * 1024;

  private WebhookClient() {}

  /**
   * @param trust {@code null} for the trust of the JVM
   */
  static CloseableHttpClient of(WebhookLimits limits, @Nullable SSLContext trust) {
    return HttpClientBuilder.create()
        .setConnectionManager(connections(limits, trust))
        .setConnectionReuseStrategy((request, response, context) -> false)
        .setRoutePlanner(new SystemDefaultRoutePlanner(ProxySelector.getDefault()))
        .setDefaultRequestConfig(requestConfig(limits))
        .setUserAgent("refreshd")
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableConnectionState()
        .disableContentCompression()
        .build();
  }

  private static RequestConfig requestConfig(WebhookLimits limits) {
    return RequestConfig.custom()
        .setResponseTimeout(Timeout.of(limits.whole()))
        .setAuthenticationEnabled(false)
        .setExpectContinueEnabled(false)
        .setProtocolUpgradeEnabled(false)
        .build();
  }

  private static PoolingHttpClientConnectionManager connections(
      WebhookLimits limits, @Nullable SSLContext trust) {
    ClientTlsStrategyBuilder tls = ClientTlsStrategyBuilder.create();
    if (trust != null) {
      tls.setSslContext(trust);
    }
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder().http1Config(http1()).build())
        .setTlsSocketStrategy(tls.buildClassic())
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(Timeout.of(limits.connect()))
                .setSocketTimeout(Timeout.of(limits.whole()))
                .build())
        .setDefaultTlsConfig(
            TlsConfig.custom().setHandshakeTimeout(Timeout.of(limits.connect())).build())
        .build();
  }

  private static Http1Config http1() {
    return Http1Config.custom()
        .setMaxHeaderCount(MOST_HEADERS)
        .setMaxLineLength(LONGEST_HEADER)
        .build();
  }
}
