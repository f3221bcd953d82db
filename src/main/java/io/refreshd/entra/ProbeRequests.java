package io.refreshd.entra;

import java.net.ProxySelector;
import java.net.URI;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jspecify.annotations.Nullable;

/** What a probe sends: nothing that could redeem or change anything. */
final class ProbeRequests {

  private ProbeRequests() {}

  /** Where it is to go, with the port. */
  static HttpHost target(URI uri) {
    boolean secure = uri.getScheme().equalsIgnoreCase("https");
    int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
    return new HttpHost(secure ? "https" : "http", uri.getHost(), port);
  }

  /** The proxy that a redemption would go by; {@code null} if none. */
  static @Nullable HttpHost findProxy(HttpHost target) {
    try {
      return new SystemDefaultRoutePlanner(ProxySelector.getDefault())
          .determineRoute(target, HttpClientContext.create())
          .getProxyHost();
    } catch (HttpException e) {
      throw new IllegalStateException("the JVM's proxy for " + target + " is not usable", e);
    }
  }

  /** Token endpoints take nothing but POST, and say so. */
  static ClassicHttpRequest get(URI uri, HttpHost target) {
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    ClassicHttpRequest get = new BasicClassicHttpRequest(Method.GET, uri.getRawPath() + query);
    get.setHeader("Accept", "application/json");
    return addressed(get, target);
  }

  static ClassicHttpRequest connect(HttpHost target) {
    return addressed(
        new BasicClassicHttpRequest(Method.CONNECT, target, target.toHostString()), target);
  }

  private static ClassicHttpRequest addressed(ClassicHttpRequest request, HttpHost target) {
    request.setHeader("Host", target.toHostString());
    request.setHeader("User-Agent", "refreshd");
    return request;
  }
}
