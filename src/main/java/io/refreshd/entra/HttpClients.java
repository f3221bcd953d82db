package io.refreshd.entra;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.IdleConnectionEvictor;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** Apache HttpClient 5, with all that it would do by itself switched off. */
final class HttpClients {

  /** More than are ever in flight: waiting for a connection would eat an exchange's time. */
  private static final int CONNECTIONS = 256;

  /** A kept connection that rested longer is probed before use; the probe takes a millisecond. */
  private static final TimeValue PROBE_AFTER = TimeValue.ofMilliseconds(500);

  private final WireLimits limits;
  private final DnsResolver names;
  private final @Nullable SSLContext trust;

  HttpClients(WireLimits limits, DnsResolver names, @Nullable SSLContext trust) {
    this.limits = limits;
    this.names = names;
    this.trust = trust;
  }

  /** Keeps connections open for the next request to the same endpoint. */
  CloseableHttpClient keeping() {
    TimeValue idle = TimeValue.of(limits.idle().toNanos(), TimeUnit.NANOSECONDS);
    PoolingHttpClientConnectionManager connections = connections();
    return configured(new EvictingBuilder(connections, idle), connections)
        .setKeepAliveStrategy((response, context) -> idle)
        .build();
  }

  /** Makes a new connection for each request. */
  CloseableHttpClient fresh() {
    return configured(HttpClientBuilder.create(), connections())
        .setConnectionReuseStrategy((request, response, context) -> false)
        .build();
  }

  private HttpClientBuilder configured(
      HttpClientBuilder builder, PoolingHttpClientConnectionManager connections) {
    return builder
        .setConnectionManager(connections)
        .setRequestExecutor(new MarkingExecutor())
        .setRoutePlanner(new SystemDefaultRoutePlanner(ProxySelector.getDefault()))
        .setDefaultRequestConfig(requestConfig())
        .setUserAgent("refreshd")
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableConnectionState()
        .disableContentCompression();
  }

  private RequestConfig requestConfig() {
    return RequestConfig.custom()
        .setConnectionRequestTimeout(timeout(limits.connect()))
        .setResponseTimeout(timeout(limits.exchange()))
        .setAuthenticationEnabled(false)
        .setExpectContinueEnabled(false)
        .setProtocolUpgradeEnabled(false)
        .build();
  }

  private PoolingHttpClientConnectionManager connections() {
    ClientTlsStrategyBuilder tls = ClientTlsStrategyBuilder.create();
    if (trust != null) {
      tls.setSslContext(trust);
    }
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setConnectionFactory(this::connection)
        .setTlsSocketStrategy(tls.buildClassic())
        .setDnsResolver(names)
        .setMaxConnTotal(CONNECTIONS)
        .setMaxConnPerRoute(CONNECTIONS)
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(timeout(limits.connect()))
                .setSocketTimeout(timeout(limits.exchange()))
                .setValidateAfterInactivity(PROBE_AFTER)
                .build())
        .setDefaultTlsConfig(
            TlsConfig.custom().setHandshakeTimeout(timeout(limits.connect())).build())
        .build();
  }

  private ManagedHttpClientConnection connection(@Nullable Socket socket) throws IOException {
    AttentiveConnection connection = new AttentiveConnection(http1());
    if (socket != null) {
      connection.bind(socket);
    }
    return connection;
  }

  private Http1Config http1() {
    return Http1Config.custom()
        .setMaxHeaderCount(limits.headerLines())
        .setMaxLineLength(limits.lineBytes())
        .build();
  }

  private static Timeout timeout(java.time.Duration duration) {
    return Timeout.of(duration);
  }

  /**
   * Marks an exchange as carried just before its first byte is written, on a connection that is as
   * quiet as it should be.
   */
  private static final class MarkingExecutor extends HttpRequestExecutor {
    @Override
    public ClassicHttpResponse execute(
        ClassicHttpRequest request,
        HttpClientConnection connection,
        @Nullable HttpResponseInformationCallback callback,
        HttpContext context)
        throws IOException, HttpException {
      // a proxy is asked by CONNECT first, which holds no token
      if (request.getMethod().equals("POST")
          && context.getAttribute(InFlight.ATTRIBUTE) instanceof InFlight exchange) {
        if (connection instanceof AttentiveConnection kept && kept.hasUnaskedInput()) {
          throw new UnaskedInput();
        }
        exchange.carry();
      }
      return super.execute(request, connection, callback, context);
    }
  }

  /**
   * Closes what rests for too long. The one that a builder starts by itself looks for it each
   * second, for which a daemon that has nothing to do would wake up as often as for all else.
   */
  private static final class EvictingBuilder extends HttpClientBuilder {
    EvictingBuilder(PoolingHttpClientConnectionManager connections, TimeValue idle) {
      IdleConnectionEvictor evictor = new IdleConnectionEvictor(connections, idle, idle);
      evictor.start();
      addCloseable(evictor::shutdown);
    }
  }
}
